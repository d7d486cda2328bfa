'use client';

import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { ChartProps, CursorAt } from './chart-props';
import { colorReader } from './colors';
import { valuesAt } from './cursor-values';
import type { Span } from './drawn-curve';
import { createPlane, type Plane } from './plane';
import { heightOf } from './ranges';
import { useScheme } from './use-scheme';

type PlaneUse = ChartProps & { seen: Span; isShown: boolean; onCursor: (cursor: CursorAt | null) => void };

/** A curve farther away from the pointer is not meant. */
const NEAR_PX = 30;
/** A curve has a value at the cursor if a point of it is no farther away. */
const REACH_PX = 24;

/**
 * Keeps a plane and its painter in step with what is to be shown, without React between them and each new point.
 * @returns moves the cursor by a share of the width; null takes it away
 */
export function usePlane(box: RefObject<HTMLDivElement | null>, use: PlaneUse): (by: number | null) => void {
  const { curves, seen, isShown, isLogX, isLogY, axisKind, highlighted = null, heights, mark = null } = use;
  const scheme = useScheme();
  const plane = useRef<Plane | null>(null);
  const latest = useRef(use);
  latest.current = use;
  const y = useMemo(
    () => heights ?? heightOf(curves, seen, isLogY),
    [curves, seen, isLogY, heights?.[0], heights?.[1]],
  );
  const drawing = useRef({ seen, y });
  drawing.current = { seen, y };

  const draw = () => {
    const { plot, painter } = plane.current ?? {};
    const element = box.current;
    if (!plot || !painter || !element) return;
    const { curves, highlighted = null, mark, isLogX, isLogY } = latest.current;
    const { seen, y } = drawing.current;
    const colorOf = colors.current ?? ((color: string) => color);
    painter.draw(
      curves,
      {
        width: Math.max(1, Math.round(plot.bbox.width)),
        height: Math.max(1, Math.round(plot.bbox.height)),
        ratio: devicePixelRatio,
        x: seen,
        y,
        isLogX,
        isLogY,
        highlighted,
        mark: mark ? { ...mark, color: colorOf('var(--warn)') } : null,
      },
      {
        width: Math.round(plot.width * devicePixelRatio),
        height: Math.round(plot.height * devicePixelRatio),
        left: Math.round(plot.bbox.left),
        top: Math.round(plot.bbox.top),
      },
      colorOf,
    );
  };
  const colors = useRef<((color: string) => string) | null>(null);

  // A plane cannot change what its axes are.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !isShown) return;
    const probe = document.createElement('span');
    element.append(probe);
    colors.current = colorReader(probe);
    const { seen, y } = drawing.current;
    const made = createPlane(element, {
      scales: { x: seen, y, isLogX, isLogY },
      width: element.clientWidth,
      height: element.clientHeight,
      axisKind,
      colorOf: colors.current,
      textOfX: (ticks) => latest.current.textOfX(ticks),
      textOfY: (value) => latest.current.tickOfY(value),
      onCursor: (left, top) => latest.current.onCursor(left === null ? null : cursorAt(made, left, top)),
      onSelect: (span) => latest.current.onSpan(span),
    });
    const cursorAt = ({ plot }: Plane, left: number, top: number): CursorAt => {
      const x = plot.posToVal(left, 'x');
      const reach = Math.abs(plot.posToVal(left + REACH_PX, 'x') - x);
      const { curves, onHighlight } = latest.current;
      let nearest: string | null = null;
      let least = NEAR_PX;
      for (const value of top < 0 ? [] : valuesAt(curves, x, reach)) {
        const distance = Math.abs(plot.valToPos(value.y, 'y') - top);
        if (distance >= least) continue;
        least = distance;
        nearest = value.curve.id;
      }
      onHighlight?.(nearest);
      const offset = plot.over.offsetLeft;
      return { left: left + offset, boxWidth: element.clientWidth, x, y: plot.posToVal(top, 'y'), reach, nearest };
    };
    plane.current = made;
    draw();
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === 0) return;
      made.resize(element.clientWidth, element.clientHeight);
      draw();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.close();
      probe.remove();
      plane.current = null;
      latest.current.onCursor(null);
    };
  }, [box, isShown, isLogX, isLogY, axisKind, scheme]);

  useEffect(() => {
    plane.current?.show({ x: seen, y, isLogX, isLogY });
    draw();
  }, [curves, seen, y, isLogX, isLogY, highlighted, mark?.x, mark?.y]);

  return (by) => {
    const plot = plane.current?.plot;
    if (!plot) return;
    const { width } = plot.over.getBoundingClientRect();
    if (by === null) return plot.setCursor({ left: -10, top: -10 });
    const now = (plot.cursor.left ?? -1) < 0 ? width / 2 : (plot.cursor.left ?? 0);
    plot.setCursor({ left: Math.min(Math.max(0, now + by * width), width), top: -1 });
  };
}
