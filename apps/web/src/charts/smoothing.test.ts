import { expect, test } from 'vitest';
import { smoothed } from './smoothing';

const xs = (count: number) => Float64Array.from({ length: count }, (_, index) => index);

test('leaves a curve as it is without a weight, and what is level stays level', () => {
  const ys = Float64Array.of(1, 5, 2);
  expect([...smoothed(xs(3), ys, 0)]).toEqual([1, 5, 2]);
  expect([...smoothed(xs(4), Float64Array.of(7, 7, 7, 7), 0.9)]).toEqual(Array(4).fill(expect.closeTo(7, 9)));
});

test('calms what jumps, begins where the curve begins, and keeps gaps', () => {
  const count = 1000;
  const ys = Float64Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 0 : 1));
  ys[500] = Number.NaN;
  const calm = smoothed(xs(count), ys, 0.9);
  expect(calm[0]).toBe(0);
  expect(calm[500]).toBeNaN();
  expect(Math.abs((calm.at(-1) as number) - 0.5)).toBeLessThan(0.05);
});

test('smooths a thinned curve like the whole one', () => {
  const count = 10_000;
  const ys = Float64Array.from({ length: count }, (_, index) => Math.sin(index / 1500));
  const whole = smoothed(xs(count), ys, 0.99);
  const places = Array.from({ length: 1000 }, (_, index) => index * 10);
  const thinned = smoothed(
    Float64Array.from(places),
    Float64Array.from(places, (place) => ys[place] as number),
    0.99,
  );
  for (const index of [100, 500, 999]) {
    expect(Math.abs((thinned[index] as number) - (whole[index * 10] as number))).toBeLessThan(0.02);
  }
});
