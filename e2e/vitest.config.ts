import { defineConfig } from 'vitest/config';

/** They measure how long pages take and how soon a training ends, so nothing else runs beside them. */
const TIMED = ['crashes.test.ts', 'models.test.ts', 'runs.test.ts', 'watching.test.ts', 'zoo.test.ts'];

// Whole systems share two cores badly: at most two at once, each with as much time as a training needs.
export default defineConfig({
  test: {
    testTimeout: 240_000,
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
