import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: fileURLToPath(import.meta.resolve('@mallo/backend/testing/global-setup')),
    include: ['src/**/*.test.ts'],
    // Each file has a database of its own and, in it, a whole api.
    maxWorkers: 2,
    // A process runs file after file: loading Nest, Prisma and the rest for each took a third of the time.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
