import { type PaintedCurve, type PaintedView, paint } from './paint';

/** What a chart tells its painter. Curves that are named in `ids` and not sent stay as they were. */
export type PainterMessage =
  | { type: 'open'; chart: number; canvas: OffscreenCanvas }
  | { type: 'draw'; chart: number; view: PaintedView; ids: string[] | null; curves: PaintedCurve[] }
  | { type: 'close'; chart: number };

type Painted = {
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D;
  curves: Map<string, PaintedCurve>;
  view: PaintedView | null;
};

const charts = new Map<number, Painted>();
const waiting = new Set<Painted>();

self.addEventListener('message', ({ data }: MessageEvent<PainterMessage>) => {
  if (data.type === 'open') {
    const context = data.canvas.getContext('2d');
    if (context) charts.set(data.chart, { canvas: data.canvas, context, curves: new Map(), view: null });
    return;
  }
  const chart = charts.get(data.chart);
  if (!chart) return;
  if (data.type === 'close') {
    charts.delete(data.chart);
    waiting.delete(chart);
    return;
  }
  const { ids, curves, view } = data;
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
  chart.view = view;
  // However many changes come meanwhile, one drawing a frame.
  if (waiting.size === 0) requestAnimationFrame(drawWaiting);
  waiting.add(chart);
});

function drawWaiting(): void {
  for (const chart of waiting) {
    const { canvas, context, view, curves } = chart;
    if (!view) continue;
    if (canvas.width !== view.width || canvas.height !== view.height) {
      canvas.width = view.width;
      canvas.height = view.height;
    }
    paint(context, curves.values(), view);
  }
  waiting.clear();
}
