import type { CurvePoint, RunView } from '@mallo/client';

export type CurveRow = { x: number; [key: string]: number };

/** A point that can be drawn; the training may well report NaN. */
function drawable(point: CurvePoint): point is [number, number, number] {
  return typeof point[1] === 'number' && Number.isFinite(point[1]);
}

/** Points of several curves as a table takes them: a row for each place of theirs. */
export function curveRows(
  curves: RunView['curves'],
  keys: readonly string[],
  xOf: (point: CurvePoint, key: string) => number,
): CurveRow[] {
  const rows = new Map<number, CurveRow>();
  for (const key of keys) {
    for (const point of (curves[key] ?? []).filter(drawable)) {
      const x = xOf(point, key);
      const row = rows.get(x) ?? { x };
      row[key] = point[1];
      rows.set(x, row);
    }
  }
  return [...rows.values()].toSorted((a, b) => a.x - b.x);
}

/** The curve with a point a batch, its steps counted over the whole run; the others have a point an epoch. */
export const BATCH_CURVE = 'loss';

/** Where a point of the training lies, in epochs. */
export function epochOf([step]: CurvePoint, key: string, batches: number): number {
  return key === BATCH_CURVE ? step / batches : step;
}

export function latestValue(curves: RunView['curves'], key: string): number | null {
  return (curves[key] ?? []).findLast(drawable)?.[1] ?? null;
}

/** From a tenth below the least of some shares up to 1, so that a good model's curve has room. */
export function shareSpan(shares: readonly number[]): [number, number] {
  const least = Math.min(0.9, ...shares.filter(Number.isFinite));
  return [Math.floor(least * 10) / 10, 1];
}
