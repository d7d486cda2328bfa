import { type PaintedCurve, type PaintedView, paint } from './paint';

/** The whole of a canvas, and where the place within the axes begins, in pixels of the device. */
export type Sheet = { width: number; height: number; left: number; top: number };

/** A dot at the edge is whole: so much is drawn beyond the place within the axes, to both sides. */
const EDGE_PX = 3;

/** What a chart tells its painter. Curves that are named in `ids` and not sent stay as they were. */
export type PainterMessage =
  | { type: 'open'; chart: number; canvas: OffscreenCanvas }
  | { type: 'draw'; chart: number; view: PaintedView; sheet: Sheet; ids: string[] | null; curves: PaintedCurve[] }
  | { type: 'axes'; chart: number; axes: ImageBitmap }
  | { type: 'close'; chart: number };

type Painted = {
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D;
  curves: Map<string, PaintedCurve>;
  axes: ImageBitmap | null;
  drawn: { view: PaintedView; sheet: Sheet } | null;
};

const charts = new Map<number, Painted>();
const waiting = new Set<Painted>();

self.addEventListener('message', ({ data }: MessageEvent<PainterMessage[]>) => data.forEach(hear));

function hear(data: PainterMessage): void {
  if (data.type === 'open') {
    const context = data.canvas.getContext('2d');
    if (context) charts.set(data.chart, { canvas: data.canvas, context, curves: new Map(), axes: null, drawn: null });
    return;
  }
  const chart = charts.get(data.chart);
  if (!chart) return;
  if (data.type === 'close') {
    chart.axes?.close();
    charts.delete(data.chart);
    waiting.delete(chart);
    return;
  }
  // However many changes come meanwhile, one drawing a frame.
  if (waiting.size === 0) requestAnimationFrame(drawWaiting);
  waiting.add(chart);
  if (data.type === 'axes') {
    chart.axes?.close();
    chart.axes = data.axes;
    return;
  }
  const { ids, curves, view, sheet } = data;
  for (const curve of curves) chart.curves.set(curve.id, curve);
  // The order of the curves is the order of their names.
  if (ids) {
    const kept = chart.curves;
    chart.curves = new Map(
      ids.flatMap((id) => {
        const curve = kept.get(id);
        return curve ? [[id, curve] as const] : [];
      }),
    );
  }
  chart.drawn = { view, sheet };
}

function drawWaiting(): void {
  for (const chart of waiting) {
    const { canvas, context, drawn, axes, curves } = chart;
    if (!drawn) continue;
    const { view, sheet } = drawn;
    if (canvas.width !== sheet.width || canvas.height !== sheet.height) {
      canvas.width = sheet.width;
      canvas.height = sheet.height;
    }
    context.clearRect(0, 0, sheet.width, sheet.height);
    if (axes) context.drawImage(axes, 0, 0);
    context.save();
    context.beginPath();
    const edge = EDGE_PX * view.ratio;
    context.rect(sheet.left - edge, sheet.top, view.width + 2 * edge, view.height);
    context.clip();
    context.translate(sheet.left, sheet.top);
    paint(context, curves.values(), view);
    context.restore();
  }
  waiting.clear();
}
