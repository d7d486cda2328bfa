import { expect, test } from 'vitest';
import { curvePoints } from '@/test-runs';
import type { ChartView } from './chart-view';
import { type ChartRun, curveDrawer } from './drawn-runs';

const VIEW: ChartView = { axis: 'epoch', smoothing: 0, isLogX: false, isLogY: false };
const RUN: ChartRun = { id: 'run_1', label: 'a run', color: 'red', kind: 'logged', startedMs: 0 };

/** Where points of these steps lie, of a run that logged these epochs. */
function epochsAt(
  steps: number[],
  epochs: { steps: number[]; values: number[]; timesMs?: number[] },
  run: Partial<ChartRun> = {},
): number[] {
  const timesMs = (of: number[]) => of.map((step) => step * 1000);
  const points = curvePoints({ steps, timesMs: timesMs(steps), values: steps.map(() => 1) });
  const known = curvePoints({ timesMs: timesMs(epochs.steps), ...epochs });
  return [...curveDrawer()(points, { ...RUN, ...run }, VIEW, known).xs];
}

test('steps lie between the epochs around them, before the first and after the last as well', () => {
  expect(epochsAt([0, 5, 15, 20, 25], { steps: [10, 20], values: [1, 2] })).toEqual([0, 0.5, 1.5, 2, 2.5]);
});

test('what comes long after the last epoch is not an epoch of its own', () => {
  expect(epochsAt([20, 90], { steps: [10, 20], values: [1, 2] })).toEqual([2, 3]);
});

test('while one epoch alone is known, steps are counted from the first', () => {
  expect(epochsAt([0, 5, 10, 15], { steps: [10], values: [1] })).toEqual([0, 0.5, 1, 1.5]);
});

test('no step lies before the beginning, and steps of one epoch lie together', () => {
  expect(epochsAt([0, 40, 60, 90], { steps: [50, 60, 90], values: [1, 2, 2] })).toEqual([0, 0, 2, 2]);
  expect(epochsAt([0, 5, 9], { steps: [5, 9], values: [0, 0] })).toEqual([0, 0, 0]);
});

test('the batches of a training lie between the ends of its epochs by their time', () => {
  const epochs = { steps: [1, 2], timesMs: [10_000, 20_000], values: [0.9, 0.8] };
  expect(epochsAt([5, 10, 15, 22], epochs, { kind: 'training' })).toEqual([0.5, 1, 1.5, 2.2]);
});
