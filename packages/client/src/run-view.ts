import type { Curve, LiveEvent, LiveSnapshot, SequencedEvent } from '@mallo/contracts';

export type CurvePoint = Curve['points'][number];
export type LogLine = LiveSnapshot['logs'][number];
export type Progress = NonNullable<LiveSnapshot['progress']>;
export type Notice = LiveSnapshot['notices'][number];

/** All that a page draws of a run. Never changed in place: what did not change stays the same object. */
export type RunView = {
  /** The last event that is in it. */
  seq: number;
  /** By metric key, in the order of steps. */
  curves: Readonly<Record<string, readonly CurvePoint[]>>;
  /** The last lines, the oldest first. */
  logs: readonly LogLine[];
  progress: Progress | null;
  notices: readonly Notice[];
};

/** Lines of log that a view keeps. */
export const LOG_LINES = 1000;
/** Points that a curve begins with; it is thinned when it has twice as many. */
export const CURVE_POINTS = 1000;

export function viewOfSnapshot(snapshot: LiveSnapshot): RunView {
  return {
    seq: snapshot.seq,
    curves: Object.fromEntries(snapshot.curves.map(({ key, points }) => [key, points])),
    logs: snapshot.logs.slice(-LOG_LINES),
    progress: snapshot.progress,
    notices: snapshot.notices,
  };
}

/**
 * The view after some consecutive events. Events it already holds are passed over, so that a repeat does no harm.
 * @throws RangeError when events are missing between the view and the first of these.
 */
export function applyEvents(view: RunView, events: readonly SequencedEvent[]): RunView {
  const fresh = events.filter(({ seq }) => seq > view.seq);
  const last = fresh.at(-1);
  if (!last) return view;
  if (fresh[0]?.seq !== view.seq + 1) throw new RangeError(`events after ${view.seq} are missing`);

  // Keys are anybody's, `constructor` too, so this has none but its own.
  const curves: Record<string, readonly CurvePoint[]> = Object.assign(Object.create(null), view.curves);
  const copied = new Set<string>();
  const lines: LogLine[] = [];
  let { progress, notices } = view;
  for (const { seq, event } of fresh) {
    if (event.type === 'metric') {
      // One copy of a curve for all events of a frame.
      const points = copied.has(event.key) ? (curves[event.key] as CurvePoint[]) : [...(curves[event.key] ?? [])];
      copied.add(event.key);
      placePoint(points, [event.step, event.value, event.timeMs]);
      curves[event.key] = points;
    } else if (event.type === 'log') {
      lines.push({ seq, stream: event.stream, timeMs: event.timeMs, line: event.line });
    } else if (event.type === 'progress') {
      progress = event;
    } else if (event.type === 'notice') {
      notices = addNotice(notices, event);
    }
  }
  for (const key of copied) curves[key] = thin(curves[key] ?? []);
  const logs = lines.length > 0 ? [...view.logs, ...lines].slice(-LOG_LINES) : view.logs;
  return { seq: last.seq, curves, logs, progress, notices };
}

/** Puts a point in its place; one of the same step is replaced, as a resumed training repeats itself. */
function placePoint(points: CurvePoint[], point: CurvePoint): void {
  let at = points.length;
  while (at > 0 && (points[at - 1]?.[0] ?? 0) > point[0]) at -= 1;
  const same = points[at - 1]?.[0] === point[0];
  points.splice(same ? at - 1 : at, same ? 1 : 0, point);
}

/** A training started again says the same things again. */
function addNotice(notices: readonly Notice[], notice: Extract<LiveEvent, { type: 'notice' }>): readonly Notice[] {
  const others = notices.filter(({ code, message }) => code !== notice.code || message !== notice.message);
  return [...others, notice];
}

/** At most CURVE_POINTS points once there are twice as many: of each stretch its lowest and highest, and both ends. */
function thin(points: readonly CurvePoint[]): readonly CurvePoint[] {
  if (points.length <= 2 * CURVE_POINTS) return points;
  const size = Math.ceil((2 * points.length) / CURVE_POINTS);
  const kept = new Set<CurvePoint | undefined>([points[0], points.at(-1)]);
  for (let from = 0; from < points.length; from += size) {
    let low: CurvePoint | undefined;
    let high: CurvePoint | undefined;
    for (const point of points.slice(from, from + size)) {
      if (!low || Number(point[1]) < Number(low[1])) low = point;
      if (!high || Number(point[1]) > Number(high[1])) high = point;
    }
    kept.add(low).add(high);
  }
  return points.filter((point) => kept.has(point));
}
