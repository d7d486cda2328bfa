import { expect, test } from 'vitest';
import { powerTicks } from './power-ticks';

test.each([
  [1, 1000, [1, 3, 10, 30, 100, 300, 1000]],
  [0.5, 9, [0.5, 1, 2, 5]],
  [1e-8, 1, [1e-8, 1e-6, 1e-4, 1e-2, 1]],
  [2.42, 2.68, [2.5, 2.6]],
])('marks places between %d and %d that can be read', (min, max, ticks) => {
  expect(powerTicks(min, max)).toEqual(ticks.map((tick) => expect.closeTo(tick, 10)));
});
