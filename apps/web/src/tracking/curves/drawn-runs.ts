import type { CurvePoints, RunKind } from '@mallo/contracts';
import { columnsOf, type DrawnCurve } from '@/charts/drawn-curve';
import { smoothed } from '@/charts/smoothing';
import type { Axis, ChartView } from './chart-view';

/** A run as charts know it. */
export type ChartRun = { id: string; label: string; color: string; kind: RunKind; startedMs: number | null };

/** The metric by which a run's steps are counted in epochs: programs log `epoch`; trainings have a point an epoch. */
export const EPOCH_KEY = { logged: 'epoch', training: 'train_loss' } as const;

/**
 * Makes curves to draw of points, and keeps what it made: a curve that did not change is the same object, so that only
 * what changed is smoothed and drawn anew. `epochs` says where those of the run lie, in the order of steps.
 */
export function curveDrawer() {
  const made = new WeakMap<CurvePoints, { made: DrawnCurve; by: string }>();
  return (points: CurvePoints, run: ChartRun, view: ChartView, epochs: CurvePoints | undefined): DrawnCurve => {
    const by = `${view.axis} ${view.smoothing} ${run.label} ${run.color} ${run.startedMs} ${epochs?.steps.length}`;
    const before = made.get(points);
    if (before?.by === by) return before.made;
    const columns = columnsOf(xsOf(points, run, view.axis, epochs), points.values);
    const raw = view.smoothing > 0 ? columns.ys : null;
    const curve: DrawnCurve = {
      id: run.id,
      label: run.label,
      color: run.color,
      ...columns,
      ys: raw ? smoothed(columns.xs, raw, view.smoothing) : columns.ys,
      raw,
    };
    made.set(points, { made: curve, by });
    return curve;
  };
}

function xsOf(points: CurvePoints, run: ChartRun, axis: Axis, epochs: CurvePoints | undefined): Float64Array {
  const { steps, timesMs } = points;
  if (axis === 'step') return Float64Array.from(steps);
  if (axis === 'clock') return Float64Array.from(timesMs);
  if (axis === 'time') {
    const start = run.startedMs ?? timesMs[0] ?? 0;
    return Float64Array.from(timesMs, (timeMs) => (timeMs - start) / 1000);
  }
  if (!epochs) return Float64Array.from(steps, () => Number.NaN);
  // A training's own curves count epochs or batches, which only their time tells apart.
  if (run.kind === 'training') {
    return interpolated(timesMs, [run.startedMs ?? timesMs[0] ?? 0, ...epochs.timesMs], [0, ...epochs.steps]);
  }
  return interpolated(steps, epochs.steps, epochs.values.map(Number));
}

/**
 * For each place, in order, the value between those of the known places around it; before the first and after the last it
 * goes on as between the two nearest, not below zero nor by more than one: an epoch is known once it is over, and its batches
 * are not all at its end. Where but one is known, it counts from zero at the first place.
 */
function interpolated(places: readonly number[], known: readonly number[], values: readonly number[]): Float64Array {
  const [first, start] = [known[0] as number, places[0] as number];
  if (known.length === 1 && start < first) return interpolated(places, [start, first], [0, values[0] as number]);
  let after = 1;
  return Float64Array.from(places, (place) => {
    while (after < known.length - 1 && (known[after] as number) < place) after += 1;
    const [from, to = from] = [known[after - 1] as number, known[after]];
    const [low, high = low] = [values[after - 1] as number, values[after]];
    const value = to === from ? high : low + ((high - low) * (place - from)) / (to - from);
    return Math.min(Math.max(0, value), Math.max(low, high) + 1);
  });
}
