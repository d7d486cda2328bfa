import { defineConfig } from 'vitest/config';

// Whole systems share two cores badly: one file after the other, each with as much time as a training needs.
export default defineConfig({
  test: { fileParallelism: false, testTimeout: 240_000, hookTimeout: 180_000, include: ['**/*.test.ts'] },
});
