import type { Axis } from './chart-view';

/** Points of all curves of a chart: more are not told apart on any screen. */
const POINTS = 60_000;
const MOST_OF_A_CURVE = 1500;
const LEAST_OF_A_CURVE = 100;

/** What a chart of one metric of these runs asks for. */
export function curvesOf(runIds: readonly string[], metric: string, axis: Axis) {
  return {
    curves: runIds.map((runId) => ({ runId, key: metric })),
    maxPoints: Math.round(Math.min(MOST_OF_A_CURVE, Math.max(LEAST_OF_A_CURVE, POINTS / Math.max(1, runIds.length)))),
    axis: axis === 'time' || axis === 'clock' ? ('time' as const) : ('step' as const),
  };
}
