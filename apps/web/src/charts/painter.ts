import type { DrawnCurve } from './drawn-curve';
import type { PaintedCurve, PaintedView } from './paint';
import type { PainterMessage, Sheet } from './painter.worker';

export type Painter = {
  draw: (curves: readonly DrawnCurve[], view: PaintedView, sheet: Sheet, colorOf: (color: string) => string) => void;
  /** Axes as they are now on another canvas of the same size; they lie below the curves. */
  drawAxes: (canvas: HTMLCanvasElement) => void;
  close: () => void;
};

let worker: Worker | undefined;
let opened = 0;
let waiting: { messages: PainterMessage[]; moved: Transferable[] } | null = null;

/** What all charts of a page tell at one moment is one message: each costs some, however little is in it. */
function tell(message: PainterMessage, moved: Transferable[] = []): void {
  if (!waiting) {
    waiting = { messages: [], moved: [] };
    queueMicrotask(() => {
      const { messages = [], moved = [] } = waiting ?? {};
      waiting = null;
      worker?.postMessage(messages, moved);
    });
  }
  waiting.messages.push(message);
  waiting.moved.push(...moved);
}

/**
 * Draws curves and the axes below them onto a canvas in a worker, one for all charts of the page: drawing long lines takes
 * the processor many times longer than telling what to draw, and the page is to stay free. What did not change is not sent
 * again.
 */
export function openPainter(canvas: HTMLCanvasElement): Painter {
  worker ??= new Worker(new URL('./painter.worker.ts', import.meta.url), { type: 'module', name: 'charts' });
  const chart = ++opened;
  const offscreen = canvas.transferControlToOffscreen();
  tell({ type: 'open', chart, canvas: offscreen }, [offscreen]);
  let told = new Map<string, { curve: DrawnCurve; color: string }>();
  let isOpen = true;
  return {
    draw(curves, view, sheet, colorOf) {
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
      tell({ type: 'draw', chart, view, sheet, ids: isSame ? null : ids, curves: changed });
    },
    drawAxes(axes) {
      void createImageBitmap(axes).then((bitmap) => {
        if (isOpen) tell({ type: 'axes', chart, axes: bitmap }, [bitmap]);
        else bitmap.close();
      });
    },
    close() {
      isOpen = false;
      tell({ type: 'close', chart });
    },
  };
}
