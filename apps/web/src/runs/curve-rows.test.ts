import type { RunView } from '@mallo/client';
import { expect, test } from 'vitest';
import { curveRows, epochOf, epochTicks, latestValue, shareTicks } from './curve-rows';

const curves: RunView['curves'] = {
  loss: [
    [1, 2.5, 10],
    [2, 'NaN', 20],
    [4, 2, 30],
  ],
  val_loss: [[1, 1.9, 31]],
};

test('joins batches and epochs on one axis and leaves out what cannot be drawn', () => {
  const inEpochs = curveRows(curves, ['loss', 'val_loss'], (point, key) => epochOf(point, key, 4));
  expect(inEpochs).toEqual([
    { x: 0.25, loss: 2.5 },
    { x: 1, loss: 2, val_loss: 1.9 },
  ]);
  expect(latestValue({ loss: (curves.loss ?? []).slice(0, 2) }, 'loss')).toBe(2.5);
  expect(latestValue(curves, 'accuracy')).toBeNull();
});

test('marks a handful of epochs, the last among them', () => {
  expect(epochTicks(3)).toEqual([1, 2, 3]);
  expect(epochTicks(100)).toHaveLength(6);
  expect(epochTicks(100).at(-1)).toBe(100);
});

test('gives the accuracy axis room where the curve is', () => {
  expect(shareTicks([])).toEqual([0.9, 0.925, 0.95, 0.975, 1].map((tick) => expect.closeTo(tick)));
  expect(shareTicks([0.12, 0.95])[0]).toBe(0.1);
  expect(shareTicks([0.12, Number.NaN]).at(-1)).toBe(1);
});
