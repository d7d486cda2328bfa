'use client';

import { useId } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart as Recharts,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { CurveRow } from './curve-rows';

export type Series = { key: string; label: string; color: string; dash?: string; width?: number; latest?: string };

export type Mark = { x: number; y: number };

/** So many points are also marked one by one; a single one would not be seen otherwise. */
const FEW_POINTS = 12;

type LineChartProps = {
  title: string;
  /** What a person sees in it, for those who do not. */
  summary: string;
  rows: CurveRow[];
  series: Series[];
  /** A point to be found at once. */
  mark?: Mark;
  height: number;
  xDomain: [number | 'dataMin', number | 'dataMax'];
  xTicks?: number[];
  formatX: (x: number) => string;
  formatTooltipX: (x: number) => string;
  formatY: (y: number) => string;
  yDomain?: [number | 'auto', number | 'auto'];
  yTicks?: number[];
};

/** Curves over steps or time, with their last values beside their names. */
export function LineChart(props: LineChartProps) {
  const { title, summary, rows, series, mark, height } = props;
  const { xDomain, xTicks, formatX, formatTooltipX, formatY, yDomain, yTicks } = props;
  const titleId = useId();
  return (
    <figure aria-labelledby={titleId} className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span id={titleId} className="font-medium text-sm">
          {title}
        </span>
        {series
          .filter(({ label }) => label)
          .map(({ key, label, color, dash, latest }) => (
            <span key={key} className="flex items-center gap-1.5 text-muted text-xs">
              <svg aria-hidden viewBox="0 0 14 4" className="w-3.5">
                <path d="M0 2H14" stroke={color} strokeWidth="2.500" strokeDasharray={dash} />
              </svg>
              {label}
              {latest && <span className="tabular font-medium text-fg">{latest}</span>}
            </span>
          ))}
      </figcaption>
      <div role="img" aria-label={summary} style={{ height }}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 400, height }}>
          <Recharts data={rows} accessibilityLayer={false} margin={{ top: 4, right: 6, bottom: 0, left: 0 }}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="x"
              type="number"
              domain={xDomain}
              ticks={xTicks}
              tickFormatter={formatX}
              tick={{ fill: 'var(--muted)', fontSize: 11 }}
              tickLine={false}
              axisLine={false}
              height={20}
            />
            <YAxis
              width={38}
              domain={yDomain ?? ['auto', 'auto']}
              tickFormatter={formatY}
              tickCount={4}
              ticks={yTicks}
              tick={{ fill: 'var(--muted)', fontSize: 11 }}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--line-strong)' }}
              content={({ active, payload, label }) =>
                active && payload?.length ? (
                  <div className="grid gap-0.5 rounded-lg border bg-raised px-2.5 py-1.5 text-xs shadow-high">
                    <p className="text-muted">{formatTooltipX(Number(label))}</p>
                    {payload.map((entry) => (
                      <p key={String(entry.dataKey)} className="tabular flex items-center gap-1.5">
                        <span aria-hidden className="size-2 rounded-full" style={{ background: entry.color }} />
                        {entry.name}
                        <span className="ml-auto pl-3 font-medium">{formatY(Number(entry.value))}</span>
                      </p>
                    ))}
                  </div>
                ) : null
              }
            />
            {series.map(({ key, label, color, dash, width }) => (
              <Line
                key={key}
                dataKey={key}
                name={label}
                stroke={color}
                strokeWidth={width ?? 2}
                strokeDasharray={dash}
                dot={
                  rows.filter((row) => row[key] !== undefined).length <= FEW_POINTS && {
                    r: 2.5,
                    fill: color,
                    strokeWidth: 0,
                  }
                }
                activeDot={{ r: 3.5 }}
                connectNulls
                isAnimationActive={false}
              />
            ))}
            {mark && <ReferenceLine x={mark.x} stroke="var(--warn)" strokeDasharray="3 3" />}
            {mark && <ReferenceDot {...mark} r={5} fill="var(--surface)" stroke="var(--warn)" strokeWidth={2.5} />}
          </Recharts>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}
