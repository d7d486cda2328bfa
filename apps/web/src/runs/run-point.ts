import type { CurvePoint, RunView } from '@mallo/client';

/** A point of a run's curve that an answer speaks of. */
export type RunPoint = { key: string; step: number };

export type ShowRun = (runId: string, point?: RunPoint) => void;

const NAMES = { run: 'run', key: 'key', step: 'step' } as const;

/** The page's address with a run, and a point of it, put in. */
export function withRun(search: URLSearchParams, runId: string, point?: RunPoint): URLSearchParams {
  const params = new URLSearchParams(search);
  params.set(NAMES.run, runId);
  params.delete(NAMES.key);
  params.delete(NAMES.step);
  if (point) {
    params.set(NAMES.key, point.key);
    params.set(NAMES.step, String(point.step));
  }
  return params;
}

/** The run and the point that an address names; a step that is no number is no point. */
export function readRun(search: URLSearchParams): { runId: string | null; point: RunPoint | undefined } {
  const key = search.get(NAMES.key);
  const step = search.get(NAMES.step);
  const isPoint = key && step && /^\d+$/.test(step);
  return { runId: search.get(NAMES.run), point: isPoint ? { key, step: Number(step) } : undefined };
}

/** The point in the curve as it is drawn. Long curves are thinned, so the nearest one stands for it. */
export function findPoint(curves: RunView['curves'], { key, step }: RunPoint): CurvePoint | undefined {
  let nearest: CurvePoint | undefined;
  for (const point of curves[key] ?? []) {
    if (!nearest || Math.abs(point[0] - step) < Math.abs(nearest[0] - step)) nearest = point;
  }
  return nearest;
}
