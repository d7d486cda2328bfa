import { expect, test } from 'vitest';
import { type PaintedCurve, type PaintedView, paint } from './paint';

const VIEW: PaintedView = {
  width: 100,
  height: 50,
  ratio: 1,
  x: [0, 10],
  y: [0, 5],
  isLogX: false,
  isLogY: false,
  highlighted: null,
  mark: null,
};
const curve = (change: Partial<PaintedCurve>): PaintedCurve => ({
  id: 'a',
  color: 'red',
  xs: Float64Array.of(0, 5, 10),
  ys: Float64Array.of(0, 5, 0),
  raw: null,
  marks: [],
  ...change,
});

/** What is drawn, as a list of what was called with which places. */
function drawn(curves: PaintedCurve[], view: Partial<PaintedView> = {}): string[] {
  const calls: string[] = [];
  const context = new Proxy({} as Record<string, unknown>, {
    get:
      (target, name) =>
      (...args: unknown[]) => {
        calls.push(
          `${String(name)} ${args.map((one) => (typeof one === 'number' ? Math.round(one) : '')).join(' ')}`.trim(),
        );
        return target[String(name)];
      },
    set: (_, name, value) => {
      calls.push(`${String(name)}=${value}`);
      return true;
    },
  });
  paint(context as never, curves, { ...VIEW, ...view });
  return calls;
}
const lines = (calls: string[]) => calls.filter((call) => /^(moveTo|lineTo)/.test(call)).slice(0, 3);

test('draws from edge to edge, up where values are high', () => {
  expect(lines(drawn([curve({})]))).toEqual(['moveTo 0 50', 'lineTo 50 0', 'lineTo 100 50']);
});

test('leaves a gap where there is no value, and shows a point that stands alone', () => {
  const calls = drawn([curve({ ys: Float64Array.of(1, Number.NaN, 2) })]);
  expect(calls.filter((call) => call.startsWith('lineTo'))).toEqual([]);
  expect(calls.filter((call) => call.startsWith('arc'))).toHaveLength(2);
});

test('draws one point beyond each edge and no more', () => {
  const xs = Float64Array.from({ length: 1000 }, (_, index) => index);
  const calls = drawn([curve({ xs, ys: xs })], { x: [500, 600] });
  expect(calls.filter((call) => /^(moveTo|lineTo)/.test(call)).length).toBeLessThan(105);
});

test('leaves out of an axis of powers what cannot lie on it', () => {
  const calls = drawn([curve({ ys: Float64Array.of(-1, 1, 100) })], { isLogY: true, y: [1, 100] });
  expect(lines(calls).slice(0, 2)).toEqual(['moveTo 50 50', 'lineTo 100 0']);
});

test('draws the raw values faintly below the smoothed ones, and what stands out last', () => {
  const calls = drawn(
    [curve({ id: 'a', color: 'red', raw: Float64Array.of(1, 1, 1) }), curve({ id: 'b', color: 'blue' })],
    {
      highlighted: 'a',
    },
  );
  expect(calls.filter((call) => call.startsWith('strokeStyle'))).toEqual(['strokeStyle=blue', 'strokeStyle=red']);
  expect(calls).toContain('globalAlpha=0.25');
  expect(calls).toContain('globalAlpha=0.22');
});

test('marks infinities at the edges and NaN by a cross', () => {
  const marks = [
    { x: 2, value: 'Infinity' as const },
    { x: 4, value: 'NaN' as const },
  ];
  const calls = drawn([curve({ ys: Float64Array.of(Number.NaN, Number.NaN, Number.NaN), marks })]);
  expect(calls).toContain('lineTo 20 0');
  expect(calls).toContain('moveTo 36 32');
});

test('marks each kind at one place, none upon another, and each kind once', () => {
  const kinds = ['NaN', 'Infinity', '-Infinity', 'NaN', 'Infinity'] as const;
  const marks = kinds.map((value) => ({ x: 5, value }));
  const calls = drawn([curve({ ys: Float64Array.of(Number.NaN, Number.NaN, Number.NaN), marks })]);
  expect(calls.filter((call) => /^(moveTo|lineTo)/.test(call))).toEqual([
    ...['moveTo 46 32', 'lineTo 54 40', 'moveTo 54 32', 'lineTo 46 40'],
    ...['moveTo 46 8', 'lineTo 54 8', 'lineTo 50 0'],
    ...['moveTo 46 42', 'lineTo 54 42', 'lineTo 50 50'],
  ]);
});

test('draws a dashed line so, and nothing after it', () => {
  const calls = drawn([curve({ isDashed: true }), curve({ id: 'b' })]);
  expect(calls.filter((call) => call.startsWith('setLineDash'))).toHaveLength(3);
  expect(calls.indexOf('lineTo 100 50')).toBeGreaterThan(calls.findIndex((call) => call.startsWith('setLineDash')));
});

test('rings the point that is spoken of, on a line from top to bottom', () => {
  const calls = drawn([curve({})], { mark: { x: 5, y: 5, color: 'orange' } });
  expect(calls.slice(calls.indexOf('strokeStyle=orange'))).toEqual(
    expect.arrayContaining(['moveTo 50 0', 'lineTo 50 50', 'arc 50 0 5 0 6']),
  );
});
