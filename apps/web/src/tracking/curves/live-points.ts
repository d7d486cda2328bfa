import type { CurvePoints, LastPoint, RunsFrame } from '@mallo/contracts';

/** Whether a point lies behind all that a curve has. */
function goesOn(curve: CurvePoints, last: LastPoint): boolean {
  const step = curve.steps.at(-1);
  const timeMs = curve.timesMs.at(-1);
  const isOld = step !== undefined && timeMs !== undefined && (last.step < step || last.timeMs < timeMs);
  const isKnown = last.step === step && last.timeMs === timeMs;
  return !isOld && !isKnown;
}

/** A curve with where it stands now at its end; the points between come with its next asking. */
export function withLast(curve: CurvePoints, last: LastPoint): CurvePoints {
  if (!goesOn(curve, last)) return curve;
  return {
    ...curve,
    total: curve.total + 1,
    steps: [...curve.steps, last.step],
    timesMs: [...curve.timesMs, last.timeMs],
    values: [...curve.values, last.value],
  };
}

/** A curve whose points from a step on were asked for anew. */
export function withTail(curve: CurvePoints, tail: CurvePoints, fromStep: number): CurvePoints {
  const at = curve.steps.findIndex((step) => step >= fromStep);
  const kept = at === -1 ? curve.steps.length : at;
  return {
    ...curve,
    total: Math.max(curve.total, kept + tail.total),
    steps: [...curve.steps.slice(0, kept), ...tail.steps],
    timesMs: [...curve.timesMs.slice(0, kept), ...tail.timesMs],
    values: [...curve.values.slice(0, kept), ...tail.values],
  };
}

/** Whether a curve grows by at least this part of its length when its points go on from one step to another. */
export function growsBy({ steps }: CurvePoints, part: number, from: number, to: number): boolean {
  const [first] = steps;
  return first === undefined || to - from >= (from - first) * part;
}

/** The curves that a frame tells of, each with its last point. */
export function newsOf(runs: RunsFrame['runs'], curves: readonly CurvePoints[]): Map<CurvePoints, LastPoint> {
  const told = new Map(runs.map(({ id, metrics }) => [id, metrics]));
  const news = new Map<CurvePoints, LastPoint>();
  for (const curve of curves) {
    const last = told.get(curve.runId)?.[curve.key];
    if (last && goesOn(curve, last)) news.set(curve, last);
  }
  return news;
}
