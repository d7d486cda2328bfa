import type { RunView } from '@mallo/client';
import { expect, test } from 'vitest';
import { curveRows, epochTicks, latestValue } from './curve-rows';

test('joins curves by step and leaves out what cannot be drawn', () => {
  const curves: RunView['curves'] = {
    loss: [
      [1, 2.5, 10],
      [2, 'NaN', 20],
      [3, 2, 30],
    ],
    val_loss: [[3, 1.9, 31]],
  };
  expect(curveRows(curves, ['loss', 'val_loss'])).toEqual([
    { x: 1, loss: 2.5 },
    { x: 3, loss: 2, val_loss: 1.9 },
  ]);
  expect(curveRows(curves, ['val_loss'], 'time')).toEqual([{ x: 31, val_loss: 1.9 }]);
  expect(latestValue({ loss: [[1, 2, 0], [2, 'NaN', 1]] }, 'loss')).toBe(2);
  expect(latestValue(curves, 'accuracy')).toBeNull();
});

test('marks a handful of epochs, the last among them', () => {
  expect(epochTicks(3, 20)).toEqual([20, 40, 60]);
  expect(epochTicks(100, 2)).toHaveLength(6);
  expect(epochTicks(100, 2).at(-1)).toBe(200);
});
