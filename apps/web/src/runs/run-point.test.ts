import { expect, test } from 'vitest';
import { findPoint, readRun, withRun } from './run-point';

const search = (text: string) => new URLSearchParams(text);

test('an address holds a run and a point of it', () => {
  const params = withRun(search('a=b&run=run_1&key=old&step=1'), 'run_2', { key: 'val_loss', step: 3 });
  expect(readRun(params)).toEqual({ runId: 'run_2', point: { key: 'val_loss', step: 3 } });
  expect(params.get('a')).toBe('b');
  expect(readRun(withRun(params, 'run_2'))).toEqual({ runId: 'run_2', point: undefined });
});

test.each(['', 'run=run_1&key=loss', 'run=run_1&step=4', 'run=run_1&key=loss&step=-4', 'key=loss&step=x'])(
  'an address without a whole point has none: %j',
  (address) => {
    expect(readRun(search(address)).point).toBeUndefined();
  },
);

test('the nearest point stands for one that was thinned out', () => {
  const curves = {
    loss: [
      [1, 2.3, 0],
      [100, 1.1, 0],
      [200, 0.7, 0],
    ] as const,
  };
  const found = (step: number) => findPoint(curves as never, { key: 'loss', step })?.[0];
  expect([found(100), found(140), found(999)]).toEqual([100, 100, 200]);
  expect(findPoint({}, { key: 'loss', step: 1 })).toBeUndefined();
});
