import type { CurvePoint, RunView } from '@mallo/client';

export type CurveRow = { x: number; [key: string]: number };

/** A point that can be drawn; the training may well report NaN. */
function drawable(point: CurvePoint): point is [number, number, number] {
  return typeof point[1] === 'number' && Number.isFinite(point[1]);
}

/** Points of several curves by step (or by time), as a chart takes them. */
export function curveRows(
  curves: RunView['curves'],
  keys: readonly string[],
  by: 'step' | 'time' = 'step',
): CurveRow[] {
  const rows = new Map<number, CurveRow>();
  for (const key of keys) {
    for (const point of (curves[key] ?? []).filter(drawable)) {
      const [step, value, timeMs] = point;
      const x = by === 'step' ? step : timeMs;
      const row = rows.get(x) ?? { x };
      row[key] = value;
      rows.set(x, row);
    }
  }
  return [...rows.values()].toSorted((a, b) => a.x - b.x);
}

export function latestValue(curves: RunView['curves'], key: string): number | null {
  return (curves[key] ?? []).findLast(drawable)?.[1] ?? null;
}

/** Steps at which at most `most` epochs end, evenly, with the last one among them. */
export function epochTicks(epochs: number, batches: number, most = 6): number[] {
  const every = Math.max(1, Math.ceil(epochs / most));
  const ticks: number[] = [];
  for (let epoch = epochs; epoch > 0; epoch -= every) ticks.unshift(epoch * batches);
  return ticks;
}
