import type { RunView } from '@mallo/client';
import { expect, test } from 'vitest';
import { curveRows, epochOf, latestValue, shareSpan } from './curve-points';

const curves: RunView['curves'] = {
  loss: [
    [1, 2.5, 10],
    [2, 'NaN', 20],
    [4, 2, 30],
  ],
  val_loss: [[1, 1.9, 31]],
};

test('joins batches and epochs on one axis and leaves out what is no number', () => {
  const inEpochs = curveRows(curves, ['loss', 'val_loss'], (point, key) => epochOf(point, key, 4));
  expect(inEpochs).toEqual([
    { x: 0.25, loss: 2.5 },
    { x: 1, loss: 2, val_loss: 1.9 },
  ]);
});

test('says the last value that is a number', () => {
  expect(latestValue({ loss: (curves.loss ?? []).slice(0, 2) }, 'loss')).toBe(2.5);
  expect(latestValue(curves, 'accuracy')).toBeNull();
});

test('gives the accuracy axis room where the curve is', () => {
  expect(shareSpan([])).toEqual([0.9, 1]);
  expect(shareSpan([0.12, 0.95])).toEqual([0.1, 1]);
  expect(shareSpan([0.12, Number.NaN])).toEqual([0.1, 1]);
});
