'use client';

import type { CurvePoint, RunView } from '@mallo/client';
import { useMemo, useState } from 'react';
import { Chart } from '@/charts/chart';
import type { ChartProps } from '@/charts/chart-props';
import { columnsOf, type DrawnCurve, type Span } from '@/charts/drawn-curve';
import { scaled, widthOf } from '@/charts/ranges';

/** As much more is seen as lets the points at the edges be whole. */
const ROOM = 1.05;

export type Series = { key: string; label: string; color: string; isDashed?: boolean; latest?: string };

type RunChartProps = Pick<
  ChartProps,
  | 'title'
  | 'summary'
  | 'height'
  | 'axisKind'
  | 'textOfX'
  | 'nameOfX'
  | 'textOfY'
  | 'tickOfY'
  | 'heights'
  | 'mark'
  | 'hasTable'
> & {
  curves: RunView['curves'];
  series: readonly Series[];
  xOf: (point: CurvePoint, key: string) => number;
  /** All of x; left out: as far as the curves go. */
  whole?: Span;
};

/** Curves of a training as it goes, with their last values beside their names. */
export function RunChart({ curves, series, xOf, whole, heights, ...props }: RunChartProps) {
  const [span, setSpan] = useState<Span | null>(null);
  const points = series.map(({ key }) => curves[key]);
  const drawn = useMemo(
    () =>
      series.map(({ key, label, color, isDashed }, index): DrawnCurve => {
        const of = points[index] ?? [];
        const xs = Float64Array.from(of, (point) => xOf(point, key));
        return {
          id: key,
          label,
          color,
          isDashed,
          raw: null,
          ...columnsOf(
            xs,
            of.map(([, value]) => value),
          ),
        };
      }),
    // What a curve is called and where its points lie stays as it is while points come.
    [...points, ...series.map(({ label }) => label)],
  );
  return (
    <Chart
      {...props}
      curves={drawn}
      isLogX={false}
      isLogY={false}
      span={span}
      whole={useMemo(() => scaled(whole ?? widthOf(drawn, false), ROOM, false), [whole?.[0], whole?.[1], drawn])}
      heights={heights && scaled(heights, ROOM, false)}
      onSpan={setSpan}
      legend={series.map(({ key, label, color, isDashed, latest }) => (
        <span key={key} className="flex items-center gap-1.5 whitespace-nowrap text-muted text-xs">
          {series.length > 1 && (
            <>
              <svg aria-hidden viewBox="0 0 14 4" className="w-3.5">
                <path d="M0 2H14" stroke={color} strokeWidth="2.5" strokeDasharray={isDashed ? '4 3' : undefined} />
              </svg>
              {label}
            </>
          )}
          {latest && <span className="tabular font-medium text-fg">{latest}</span>}
        </span>
      ))}
    />
  );
}
