import { type DrawnCurve, type Mark, placeOf, type Span } from './drawn-curve';

/** A curve as the painter keeps it: its color is one that a canvas knows. */
export type PaintedCurve = Pick<DrawnCurve, 'id' | 'color' | 'isDashed' | 'xs' | 'ys' | 'raw' | 'marks'>;

/** What of the plane is seen, and how large; sizes in pixels of the device. */
export type PaintedView = {
  /** Of the place within the axes. */
  width: number;
  height: number;
  ratio: number;
  x: Span;
  y: Span;
  isLogX: boolean;
  isLogY: boolean;
  /** The curve that stands out. */
  highlighted: string | null;
  /** Its color is one that a canvas knows. */
  mark: (Mark & { color: string }) | null;
};

/** So few points are also shown one by one: a single one would not be seen otherwise. */
const FEW_POINTS = 24;
const MARK_PX = 4;
const DASH_PX = [5, 4];

type Context = Pick<
  OffscreenCanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'closePath'
  | 'stroke'
  | 'fill'
  | 'globalAlpha'
  | 'lineWidth'
  | 'lineJoin'
  | 'setLineDash'
  | 'strokeStyle'
  | 'fillStyle'
>;

/** Where values lie on the canvas; NaN where they cannot, as zero on an axis of powers. */
function scaleOf([from, to]: Span, isLog: boolean, start: number, end: number): (value: number) => number {
  if (!isLog) {
    const factor = (end - start) / (to - from);
    return (value) => start + (value - from) * factor;
  }
  const low = Math.log10(from);
  const factor = (end - start) / (Math.log10(to) - low);
  return (value) => (value > 0 ? start + (Math.log10(value) - low) * factor : Number.NaN);
}

/** Draws all curves, onto what is there. */
export function paint(context: Context, curves: Iterable<PaintedCurve>, view: PaintedView): void {
  const { width, height, ratio, highlighted } = view;
  const toX = scaleOf(view.x, view.isLogX, 0, width);
  const toY = scaleOf(view.y, view.isLogY, height, 0);
  context.lineJoin = 'round';
  const all = [...curves];
  // What stands out lies on top.
  const ordered = [...all.filter(({ id }) => id !== highlighted), ...all.filter(({ id }) => id === highlighted)];
  const isFaded = ordered.at(-1)?.id === highlighted && highlighted !== null;
  for (const curve of ordered) {
    const isHighlighted = curve.id === highlighted;
    context.strokeStyle = curve.color;
    context.fillStyle = curve.color;
    const opacity = isFaded && !isHighlighted ? 0.22 : 1;
    if (curve.raw) {
      context.globalAlpha = opacity * 0.25;
      context.lineWidth = ratio;
      line(context, curve.xs, curve.raw, view.x, toX, toY, 0);
    }
    context.globalAlpha = opacity;
    if (curve.isDashed) context.setLineDash(DASH_PX.map((px) => px * ratio));
    context.lineWidth = 1.5 * ratio * (isHighlighted ? 1.7 : 1);
    line(context, curve.xs, curve.ys, view.x, toX, toY, 2.5 * ratio);
    context.setLineDash([]);
    const marked = new Map<string, number>();
    for (const { x, value } of curve.marks) {
      const at = toX(x);
      // Where one lies upon another of its kind, one is enough.
      const before = marked.get(value) ?? Number.NEGATIVE_INFINITY;
      if (x < view.x[0] || x > view.x[1] || at - before < 3 * MARK_PX * ratio) continue;
      marked.set(value, at);
      markOf(context, at, value, height, MARK_PX * ratio);
    }
  }
  context.globalAlpha = 1;
  if (view.mark) found(context, view.mark, toX(view.mark.x), toY(view.mark.y), view);
}

/** A point that is spoken of: a ring around it, on a line from top to bottom. */
function found(context: Context, { color }: { color: string }, x: number, y: number, view: PaintedView): void {
  const { height, ratio } = view;
  context.strokeStyle = color;
  context.lineWidth = ratio;
  context.setLineDash([3 * ratio, 3 * ratio]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 2.5 * ratio;
  context.beginPath();
  context.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
  context.stroke();
}

/** One line with gaps where there is no value. With few points in sight each of them gets a dot. */
function line(
  context: Context,
  xs: Float64Array,
  ys: Float64Array,
  [from, to]: Span,
  toX: (x: number) => number,
  toY: (y: number) => number,
  dotRadius: number,
): void {
  // One more on either side, so that the line goes on to the edge.
  const start = Math.max(0, placeOf(xs, from) - 1);
  const end = Math.min(xs.length, placeOf(xs, to) + 2);
  context.beginPath();
  let isDown = false;
  for (let index = start; index < end; index++) {
    const x = toX(xs[index] as number);
    const y = toY(ys[index] as number);
    if (Number.isNaN(y) || Number.isNaN(x)) {
      isDown = false;
      continue;
    }
    if (isDown) context.lineTo(x, y);
    else context.moveTo(x, y);
    isDown = true;
  }
  context.stroke();
  if (dotRadius === 0) return;
  const isFew = end - start <= FEW_POINTS;
  context.beginPath();
  for (let index = start; index < end; index++) {
    const y = toY(ys[index] as number);
    const isAlone = Number.isNaN(ys[index - 1] ?? Number.NaN) && Number.isNaN(ys[index + 1] ?? Number.NaN);
    if (Number.isNaN(y) || !(isFew || isAlone)) continue;
    const x = toX(xs[index] as number);
    context.moveTo(x + dotRadius, y);
    context.arc(x, y, dotRadius, 0, 2 * Math.PI);
  }
  context.fill();
}

/** +∞ points up at the upper edge, −∞ down at the lower one; NaN is a small cross above that, so that all can be seen. */
function markOf(context: Context, x: number, value: string, height: number, size: number): void {
  context.beginPath();
  if (value === 'NaN') {
    const y = height - size * 3.5;
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
    context.stroke();
    return;
  }
  const [base, tip] = value === 'Infinity' ? [size * 2, 0] : [height - size * 2, height];
  context.moveTo(x - size, base);
  context.lineTo(x + size, base);
  context.lineTo(x, tip);
  context.closePath();
  context.fill();
}
