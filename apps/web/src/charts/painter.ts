import type { DrawnCurve } from './drawn-curve';
import type { PaintedCurve, PaintedView } from './paint';
import type { PainterMessage } from './painter.worker';

export type Painter = {
  draw: (curves: readonly DrawnCurve[], view: PaintedView, colorOf: (color: string) => string) => void;
  close: () => void;
};

let worker: Worker | undefined;
let opened = 0;

/**
 * Draws curves onto a canvas in a worker, one for all charts of the page: drawing long lines takes the processor many
 * times longer than telling what to draw, and the page is to stay free. What did not change is not sent again.
 */
export function openPainter(canvas: HTMLCanvasElement): Painter {
  worker ??= new Worker(new URL('./painter.worker.ts', import.meta.url), { type: 'module', name: 'charts' });
  const tell = (message: PainterMessage, moved: Transferable[] = []) => worker?.postMessage(message, moved);
  const chart = ++opened;
  const offscreen = canvas.transferControlToOffscreen();
  tell({ type: 'open', chart, canvas: offscreen }, [offscreen]);
  let told = new Map<string, { curve: DrawnCurve; color: string }>();
  return {
    draw(curves, view, colorOf) {
      const changed: PaintedCurve[] = [];
      const now: typeof told = new Map();
      for (const curve of curves) {
        const color = colorOf(curve.color);
        const before = told.get(curve.id);
        now.set(curve.id, { curve, color });
        if (before?.curve === curve && before.color === color) continue;
        const { id, isDashed, xs, ys, raw, marks } = curve;
        changed.push({ id, color, isDashed, xs, ys, raw, marks });
      }
      const ids = [...now.keys()];
      const isSame = ids.length === told.size && ids.every((id) => told.has(id));
      told = now;
      tell({ type: 'draw', chart, view, ids: isSame ? null : ids, curves: changed });
    },
    close: () => tell({ type: 'close', chart }),
  };
}
