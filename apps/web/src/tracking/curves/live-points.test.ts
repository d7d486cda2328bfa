import { expect, test } from 'vitest';
import { curvePoints } from '@/test-runs';
import { growsBy, withLast } from './live-points';

test('a curve goes on with its last point, once, and never back', () => {
  const curve = curvePoints({ steps: [1, 2], timesMs: [1000, 2000], values: [1, 0.5] });
  const grown = withLast(curve, { value: 'NaN', step: 3, timeMs: 3000 });
  expect(grown).toMatchObject({ total: 3, steps: [1, 2, 3], values: [1, 0.5, 'NaN'] });
  expect(withLast(grown, { value: 'NaN', step: 3, timeMs: 3000 })).toBe(grown);
  expect(withLast(grown, { value: 1, step: 2, timeMs: 2000 })).toBe(grown);
});

test('a growth is seen as a part of the curve, and whatever begins is', () => {
  const long = curvePoints({ steps: [1, 100_001] });
  expect(growsBy(long, 1 / 1000, 100_001, 100_100)).toBe(false);
  expect(growsBy(long, 1 / 1000, 100_001, 100_101)).toBe(true);
  expect(growsBy(curvePoints({ steps: [], timesMs: [], values: [] }), 1 / 1000, 5, 5)).toBe(true);
  expect(growsBy(curvePoints({ steps: [1, 2] }), 1 / 1000, 2, 3)).toBe(true);
});
