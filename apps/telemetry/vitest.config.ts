import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: fileURLToPath(import.meta.resolve('@mallo/backend/testing/global-setup')),
    testTimeout: 120_000,
    // A process runs file after file: loading Nest and the rest for each took much of the time.
    isolate: false,
    include: ['src/**/*.test.ts'],
  },
});
