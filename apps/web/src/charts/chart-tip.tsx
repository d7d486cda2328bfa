'use client';

import { useTranslations } from 'next-intl';
import { cn } from '@/ui/cn';
import type { CursorAt } from './chart-props';
import { valuesAt } from './cursor-values';
import type { DrawnCurve } from './drawn-curve';

/** More values than these are not read. */
const SHOWN = 10;

type ChartTipProps = {
  cursor: CursorAt;
  curves: readonly DrawnCurve[];
  nameOfX: (x: number) => string;
  textOfY: (y: number) => string;
};

/** The values at the cursor, the nearest curve first where there are many; said aloud as the cursor walks. */
export function ChartTip({ cursor, curves, nameOfX, textOfY }: ChartTipProps) {
  const t = useTranslations('charts');
  const values = valuesAt(curves, cursor.x, cursor.reach);
  if (values.length === 0) return null;
  const isOnRight = cursor.left > cursor.boxWidth / 2;
  const isMany = values.length > SHOWN;
  const shown = isMany
    ? values.toSorted((a, b) => Math.abs(a.y - cursor.y) - Math.abs(b.y - cursor.y)).slice(0, SHOWN)
    : values;
  const place = shown.find(({ curve }) => curve.id === cursor.nearest) ?? shown[0];
  return (
    <div
      aria-live="polite"
      className="pointer-events-none absolute top-2 z-20 grid max-w-[min(20rem,70%)] gap-0.5 rounded-lg border bg-raised px-2.5 py-1.5 text-xs shadow-high"
      style={isOnRight ? { right: cursor.boxWidth - cursor.left + 12 } : { left: cursor.left + 12 }}
    >
      <p className="text-muted">{nameOfX(place?.x ?? cursor.x)}</p>
      {shown
        .toSorted((a, b) => b.y - a.y)
        .map(({ curve, y }) => (
          <p
            key={curve.id}
            className={cn('tabular flex min-w-0 items-center gap-1.5', curve.id === cursor.nearest && 'font-semibold')}
          >
            <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: curve.color }} />
            <span className="min-w-0 truncate">{curve.label}</span>
            <span className="ml-auto shrink-0 whitespace-nowrap pl-3 font-medium">{textOfY(y)}</span>
          </p>
        ))}
      {isMany && <p className="text-muted">{t('more', { count: values.length - SHOWN })}</p>}
    </div>
  );
}
