import { expect, test } from 'vitest';
import { rowsOf } from './chart-table';
import { valuesAt } from './cursor-values';
import { columnsOf, type DrawnCurve, nearestPlace } from './drawn-curve';
import { heightOf, scaled, widthOf } from './ranges';

const curve = (xs: number[], values: Parameters<typeof columnsOf>[1], id = 'a'): DrawnCurve => ({
  id,
  label: id,
  color: 'red',
  ...columnsOf(Float64Array.from(xs), values),
  raw: null,
});

test('makes gaps of what is no finite number, and marks them', () => {
  const { ys, marks } = curve([1, 2, 3, 4], [0.5, 'NaN', 'Infinity', 2]);
  expect([...ys]).toEqual([0.5, Number.NaN, Number.NaN, 2]);
  expect(marks).toEqual([
    { x: 2, value: 'NaN' },
    { x: 3, value: 'Infinity' },
  ]);
});

test('finds the nearest point', () => {
  const xs = Float64Array.of(1, 2, 10);
  expect([0, 1.4, 1.6, 7, 99].map((x) => nearestPlace(xs, x))).toEqual([0, 0, 1, 2, 2]);
  expect(nearestPlace(Float64Array.of(), 1)).toBe(-1);
});

test('gives curves room, of what is seen alone', () => {
  const curves = [curve([0, 10, 20], [1, 3, 1000]), curve([5], ['NaN'], 'b')];
  expect(widthOf(curves, false)).toEqual([0, 20]);
  const [low, high] = heightOf(curves, [0, 10], false);
  expect(low).toBeLessThan(1);
  expect(high).toBeGreaterThan(3);
  expect(high).toBeLessThan(4);
});

test('has an axis of powers begin above zero, and knows what to show of nothing', () => {
  expect(widthOf([curve([0, 1, 100], [1, 1, 1])], true)).toEqual([1, 100]);
  const [low] = heightOf([curve([1, 2], [-5, 0.01])], [1, 2], true);
  expect(low).toBeGreaterThan(0);
  expect(heightOf([], [0, 1], false)).toEqual([0, 1]);
  expect(widthOf([curve([3], [1])], false)).toEqual([2.5, 3.5]);
});

test('looks closer and farther around the middle', () => {
  expect(scaled([0, 10], 0.5, false)).toEqual([2.5, 7.5]);
  expect(scaled([1, 10_000], 0.5, true).map(Math.round)).toEqual([10, 1000]);
});

test('reads at the cursor what has a value there', () => {
  const curves = [curve([1, 2], [5, 6]), curve([1, 50], [7, 8], 'far'), curve([2], ['NaN'], 'gap')];
  expect(valuesAt(curves, 2.2, 1).map(({ curve: { id }, y }) => [id, y])).toEqual([['a', 6]]);
});

test('says each kind of what is no number where several are at one place, and the number beside them', () => {
  const rows = rowsOf([curve([1, 1, 1, 1, 2], ['NaN', 'Infinity', '-Infinity', 'NaN', 3])], [1, 2], String);
  expect(rows.map(({ cells }) => cells)).toEqual([['NaN, Infinity, -Infinity'], ['3']]);
  expect(rowsOf([curve([1, 1], [0.5, 'NaN'])], [1, 2], String)[0]?.cells).toEqual(['0.5, NaN']);
});

test('says the same in figures: a row for each place, with what is no number in words', () => {
  const rows = rowsOf([curve([1, 2, 3], [0.5, 'NaN', 2]), curve([2, 9], [7, 8], 'b')], [1, 3], String);
  expect(rows).toEqual([
    { x: 1, cells: ['0.5', ''] },
    { x: 2, cells: ['NaN', '7'] },
    { x: 3, cells: ['2', ''] },
  ]);
});
