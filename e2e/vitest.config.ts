import { defineConfig } from 'vitest/config';

/**
 * They measure time by the clock: how soon a training ends, how long pages take. Nothing else runs beside them. Long
 * tasks of a page are measured by the processor's time, which others beside it do not lengthen.
 */
const TIMED = ['cancelling.test.ts', 'runs.test.ts'];

// Whole systems share two cores badly: at most two at once, each with as much time as a training needs.
export default defineConfig({
  test: {
    globalSetup: './system/measured-machine.ts',
    testTimeout: 480_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          exclude: [...TIMED, '**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: TIMED, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
