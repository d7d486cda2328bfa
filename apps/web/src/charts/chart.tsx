'use client';

import { Maximize2, Minus, Plus, RotateCcw, Table2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useId, useRef, useState } from 'react';
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
  const acts = useRef<Acts>({});
  acts.current = {
    zoomIn: () => zoom(1 / ZOOM),
    zoomOut: () => zoom(ZOOM),
    zoomReset: () => onSpan(null),
    asTable: () => setAsTable(!asTable),
    larger: onOpen,
  };
  const act = useCallback((name: keyof Acts) => acts.current[name]?.(), []);
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
      <ChartHead
        titleId={titleId}
        title={title}
        legend={props.legend}
        hasTable={props.hasTable !== false}
        isZoomed={span !== null}
        asTable={asTable}
        isOpened={onOpen !== undefined}
        act={act}
      />
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

type Acts = Partial<Record<'zoomIn' | 'zoomOut' | 'zoomReset' | 'asTable' | 'larger', () => void>>;

type ChartHeadProps = {
  titleId: string;
  title: ReactNode;
  legend: ReactNode;
  hasTable: boolean;
  isZoomed: boolean;
  asTable: boolean;
  isOpened: boolean;
  act: (name: keyof Acts) => void;
};

/** The title and buttons of a chart, which stay as they are while points come. */
const ChartHead = memo(function ChartHead(props: ChartHeadProps) {
  const { titleId, title, legend, hasTable, isZoomed, asTable, isOpened, act } = props;
  const t = useTranslations('charts');
  return (
    <figcaption className="flex min-h-8 min-w-0 items-center gap-1">
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4">
        <span id={titleId} className="min-w-0 truncate font-medium text-sm">
          {title}
        </span>
        {legend}
      </span>
      <span className="flex opacity-0 transition-opacity group-focus-within/chart:opacity-100 group-hover/chart:opacity-100 pointer-coarse:opacity-100">
        <Button variant="ghost" size="icon" aria-label={t('zoomIn')} onClick={() => act('zoomIn')}>
          <Plus aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('zoomOut')}
          disabled={!isZoomed}
          onClick={() => act('zoomOut')}
        >
          <Minus aria-hidden />
        </Button>
      </span>
      {isZoomed && (
        <Button variant="ghost" size="icon" aria-label={t('zoomReset')} onClick={() => act('zoomReset')}>
          <RotateCcw aria-hidden />
        </Button>
      )}
      {hasTable && (
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('asTable')}
          aria-pressed={asTable}
          onClick={() => act('asTable')}
        >
          <Table2 aria-hidden />
        </Button>
      )}
      {isOpened && (
        <Button variant="ghost" size="icon" aria-label={t('larger')} onClick={() => act('larger')}>
          <Maximize2 aria-hidden />
        </Button>
      )}
    </figcaption>
  );
});
