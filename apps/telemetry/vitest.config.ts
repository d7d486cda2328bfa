import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: fileURLToPath(import.meta.resolve('@mallo/backend/testing/global-setup')),
    testTimeout: 120_000,
    include: ['src/**/*.test.ts'],
  },
});
