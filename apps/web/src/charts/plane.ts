import UPlot from 'uplot';
import type { Span } from './drawn-curve';
import { openPainter, type Painter } from './painter';
import { powerTicks } from './power-ticks';

/** What x counts in; it decides where ticks lie and what they say. */
export type AxisKind = 'number' | 'seconds' | 'clock';

type PlaneScales = { x: Span; y: Span; isLogX: boolean; isLogY: boolean };

export type Plane = {
  readonly plot: UPlot;
  readonly painter: Painter;
  show: (scales: PlaneScales) => void;
  resize: (width: number, height: number) => void;
  close: () => void;
};

type PlaneOptions = {
  scales: PlaneScales;
  width: number;
  height: number;
  axisKind: AxisKind;
  colorOf: (color: string) => string;
  textOfX: (ticks: number[]) => string[];
  textOfY: (y: number) => string;
  onCursor: (left: number | null, top: number) => void;
  onSelect: (span: Span) => void;
};

const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const TICKS: Record<AxisKind, number[] | undefined> = {
  // Steps and epochs are counted, and have nothing between them.
  number: Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((factor) => factor * 10 ** power)).flat(),
  seconds: [...SECONDS, ...[2, 5, 10, 30, 100, 365].map((days) => days * 86_400)],
  clock: SECONDS.concat([2, 7, 14, 30, 90, 365].map((days) => days * 86_400)).map((seconds) => seconds * 1000),
};
const LOG_TICKS: UPlot.Axis = { splits: (_, __, min, max) => powerTicks(min, max), filter: (_, ticks) => ticks };
/** Narrower selections are clicks of an unsteady hand. */
const LEAST_DRAG_PX = 6;

/**
 * Axes, grid, cursor and selection by uPlot. It is given no series: curves of many runs have their own x each, which it
 * would have to join into one table, and they are drawn by a painter. So are the axes, from pictures of uPlot's canvas, which
 * itself is not on the page: Chromium would look at it again with each frame, whether it changed or not.
 */
export function createPlane(parent: HTMLElement, options: PlaneOptions): Plane {
  const { axisKind, colorOf } = options;
  let scales = options.scales;
  const font = `11px ${getComputedStyle(parent).fontFamily || 'sans-serif'}`;
  const axis = (size: number): UPlot.Axis => ({
    stroke: () => colorOf('var(--muted)'),
    font,
    size,
    gap: 4,
    ticks: { show: false },
    grid: { stroke: () => colorOf('var(--line)'), width: 1 },
  });
  let painter: Painter | undefined;
  const plot = new UPlot(
    {
      width: options.width,
      height: options.height,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { points: { show: false }, y: false, drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX } },
      scales: {
        x: { time: false, distr: scales.isLogX ? 3 : 1, range: () => [...scales.x] },
        y: { distr: scales.isLogY ? 3 : 1, range: () => [...scales.y] },
      },
      series: [{}, { scale: 'y', paths: () => null, points: { show: false } }],
      axes: [
        {
          ...axis(22),
          grid: { show: false },
          ...(scales.isLogX ? LOG_TICKS : {}),
          incrs: TICKS[axisKind],
          space: axisKind === 'number' ? 60 : 76,
          values: (_, ticks) => options.textOfX(ticks),
        },
        {
          ...axis(52),
          ...(scales.isLogY ? LOG_TICKS : {}),
          space: 28,
          values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : options.textOfY(tick))),
        },
      ],
      hooks: {
        draw: [(u) => painter?.drawAxes(u.ctx.canvas)],
        setCursor: [
          (u) => options.onCursor((u.cursor.left ?? -1) < 0 ? null : (u.cursor.left ?? null), u.cursor.top ?? 0),
        ],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < LEAST_DRAG_PX) return;
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            options.onSelect([u.posToVal(left, 'x'), u.posToVal(left + width, 'x')]);
          },
        ],
      },
    },
    [[...scales.x], [null, null]],
    parent,
  );
  const canvas = document.createElement('canvas');
  plot.ctx.canvas.replaceWith(canvas);
  // It draws for the first time once this is over.
  painter = openPainter(canvas);
  return {
    plot,
    painter,
    show(next) {
      const isSame = (['x', 'y'] as const).every(
        (name) => scales[name][0] === next[name][0] && scales[name][1] === next[name][1],
      );
      scales = next;
      if (!isSame) plot.setData([[...next.x], [null, null]]);
    },
    resize: (width, height) => plot.setSize({ width, height }),
    close() {
      painter?.close();
      plot.destroy();
    },
  };
}
