'use client';

import { Maximize2, Minus, Plus, RotateCcw, Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { Button } from '@/ui/button';
import type { ChartProps, CursorAt } from './chart-props';
import { ChartTable } from './chart-table';
import { ChartTip } from './chart-tip';
import type { Span } from './drawn-curve';
import { scaled } from './ranges';
import { usePlane } from './use-plane';
import 'uplot/dist/uPlot.min.css';

const ZOOM = 2;
const STEPS_ACROSS = 60;

/**
 * Curves of any number and length. Drag to look closer, arrow keys to walk along, + and − and 0 by keyboard; or the same
 * figures as a table.
 */
export function Chart(props: ChartProps) {
  const { title, summary, curves, height, textOfY, nameOfX, span, whole, onSpan, isLogX, onOpen, children } = props;
  const t = useTranslations('charts');
  const titleId = useId();
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<CursorAt | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const seen = span ?? whole;
  const moveTo = usePlane(box, { ...props, seen, isShown: !asTable, onCursor: setCursor });
  const zoom = (by: number) => {
    const [from, to] = scaled(seen, by, isLogX);
    const next: Span = [Math.max(from, whole[0]), Math.min(to, whole[1])];
    onSpan(next[0] <= whole[0] && next[1] >= whole[1] && span !== null && by > 1 ? null : next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === 'ArrowRight' || key === 'ArrowLeft') moveTo((key === 'ArrowRight' ? 1 : -1) / STEPS_ACROSS);
    else if (key === 'Escape' && cursor) moveTo(null);
    else if (key === '+' || key === '=') zoom(1 / ZOOM);
    else if (key === '-') zoom(ZOOM);
    else if ((key === '0' || key === 'Escape') && span) onSpan(null);
    else return;
    event.preventDefault();
  };
  return (
    <figure aria-labelledby={titleId} className="group/chart grid min-w-0 grid-cols-1 gap-1">
      <figcaption className="flex min-h-8 min-w-0 items-center gap-1">
        <span id={titleId} className="min-w-0 flex-1 truncate font-medium text-sm">
          {title}
        </span>
        <span className="flex opacity-0 transition-opacity group-focus-within/chart:opacity-100 group-hover/chart:opacity-100 pointer-coarse:opacity-100">
          <Button variant="ghost" size="icon" aria-label={t('zoomIn')} onClick={() => zoom(1 / ZOOM)}>
            <Plus aria-hidden />
          </Button>
          <Button variant="ghost" size="icon" aria-label={t('zoomOut')} disabled={!span} onClick={() => zoom(ZOOM)}>
            <Minus aria-hidden />
          </Button>
        </span>
        {span && (
          <Button variant="ghost" size="icon" aria-label={t('zoomReset')} onClick={() => onSpan(null)}>
            <RotateCcw aria-hidden />
          </Button>
        )}
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('asTable')}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          <Table2 aria-hidden />
        </Button>
        {onOpen && (
          <Button variant="ghost" size="icon" aria-label={t('larger')} onClick={onOpen}>
            <Maximize2 aria-hidden />
          </Button>
        )}
      </figcaption>
      {asTable ? (
        <ChartTable curves={curves} seen={seen} height={height} nameOfX={nameOfX} textOfY={textOfY} />
      ) : (
        <div
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the cursor walks along the curves by keyboard.
          tabIndex={0}
          role="img"
          aria-label={summary}
          aria-keyshortcuts="ArrowLeft ArrowRight + - 0"
          onKeyDown={onKeyDown}
          onBlur={() => moveTo(null)}
          onDoubleClick={() => span && onSpan(null)}
          className="relative cursor-crosshair rounded-md"
          style={{ height }}
        >
          <div ref={box} aria-hidden className="mallo-plane absolute inset-0" />
          {cursor && <ChartTip cursor={cursor} curves={curves} nameOfX={nameOfX} textOfY={textOfY} />}
        </div>
      )}
      {children}
    </figure>
  );
}
