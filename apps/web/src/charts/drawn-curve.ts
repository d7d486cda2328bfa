import type { MetricValue } from '@mallo/contracts';

/** What a number cannot say. */
type NotFinite = Exclude<MetricValue, number>;

/** A curve as it is drawn: two columns, in the order of x. */
export type DrawnCurve = {
  id: string;
  label: string;
  /** Of CSS, such as `var(--series-val)`. */
  color: string;
  isDashed?: boolean;
  xs: Float64Array;
  /** NaN where there is nothing to draw: the line has a gap there. */
  ys: Float64Array;
  /** The values before they were smoothed. */
  raw: Float64Array | null;
  /** Values that no line can show; they are marked where they are. */
  marks: readonly { x: number; value: NotFinite }[];
};

/** A point that is to be found at once. */
export type Mark = { x: number; y: number };

export type Span = readonly [from: number, to: number];

/** Columns of a curve from points in the order of x; values that are no finite number become gaps with marks. */
export function columnsOf(xs: Float64Array, values: readonly MetricValue[]): Pick<DrawnCurve, 'xs' | 'ys' | 'marks'> {
  const ys = new Float64Array(values.length);
  const marks: { x: number; value: NotFinite }[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as MetricValue;
    if (typeof value === 'number') {
      ys[index] = value;
      continue;
    }
    ys[index] = Number.NaN;
    marks.push({ x: xs[index] as number, value });
  }
  return { xs, ys, marks };
}

/** The first place whose x is not below this one; the length where all are. */
export function placeOf(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((xs[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place whose x is nearest; -1 where there is none. */
export function nearestPlace(xs: Float64Array, x: number): number {
  const after = placeOf(xs, x);
  if (after === 0) return xs.length === 0 ? -1 : 0;
  if (after === xs.length) return after - 1;
  return (xs[after] as number) - x < x - (xs[after - 1] as number) ? after : after - 1;
}
