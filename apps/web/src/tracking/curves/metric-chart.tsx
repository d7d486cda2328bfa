'use client';

import { useTranslations } from 'next-intl';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { Chart } from '@/charts/chart';
import type { DrawnCurve, Span } from '@/charts/drawn-curve';
import { widthOf } from '@/charts/ranges';
import { ProblemCard } from '@/errors/problem-card';
import { Skeleton } from '@/ui/skeleton';
import { useInView } from '@/ui/use-in-view';
import type { ProjectFeed } from '../live/use-project-feed';
import type { ChartView } from './chart-view';
import { curvesOf } from './curves-request';
import { type ChartRun, curveDrawer, EPOCH_KEY } from './drawn-runs';
import { useAxisText } from './use-axis-text';
import { useCurves } from './use-curves';

type MetricChartProps = {
  metric: string;
  runs: readonly ChartRun[];
  view: ChartView;
  feed: Pick<ProjectFeed, 'listen'>;
  height?: number;
  highlighted?: string | null;
  onHighlight?: (runId: string | null) => void;
  onOpen?: (metric: string) => void;
};

/** One metric of any runs, live. It is asked for once it comes into sight, and closer where one looks closer. */
export const MetricChart = memo(function MetricChart(props: MetricChartProps) {
  const { metric, runs, view, feed, height = 220, highlighted, onHighlight, onOpen } = props;
  const t = useTranslations('charts');
  const box = useRef<HTMLDivElement>(null);
  const isInView = useInView(box);
  const { axis, isLogX, isLogY } = view;
  const text = useAxisText(axis);
  const [span, setSpan] = useState<Span | null>(null);
  useEffect(() => setSpan(null), [axis]);

  const ids = runs.map(({ id }) => id).join();
  const wanted = useMemo(
    () =>
      curvesOf(
        runs.map(({ id }) => id),
        metric,
        axis,
      ),
    [ids, metric, axis],
  );
  const isAsked = isInView && runs.length > 0;
  const found = useCurves(isAsked ? wanted : null, feed);
  const stretch = stretchOf(span, axis, runs);
  const closer = useCurves(isAsked && stretch ? { ...wanted, ...stretch } : null, feed);
  const epochs = useCurves(
    isAsked && axis === 'epoch'
      ? { ...wanted, curves: runs.map(({ id, kind }) => ({ runId: id, key: EPOCH_KEY[kind] })) }
      : null,
    feed,
  );

  const draw = useRef(curveDrawer()).current;
  const drawn = (points: typeof found.data): DrawnCurve[] => {
    const known = new Map(points?.map((curve) => [curve.runId, curve]));
    const epochsOf = new Map(epochs.data?.map((curve) => [curve.runId, curve]));
    return runs.flatMap((run) => {
      const curve = known.get(run.id);
      if (!curve || curve.steps.length === 0 || curve.key !== metric) return [];
      const itsEpochs = axis === 'epoch' ? epochsOf.get(run.id) : undefined;
      if (axis === 'epoch' && !itsEpochs?.steps.length) return [];
      return [draw(curve, run, view, itsEpochs)];
    });
  };
  const curves = useMemo(() => drawn(found.data), [found.data, epochs.data, runs, view, metric]);
  const near = useMemo(
    () => (closer.data && stretch ? drawn(closer.data) : null),
    [closer.data, runs, view, metric, span],
  );
  const summary = useMemo(() => t('summary', { metric, count: curves.length }), [t, metric, curves.length]);
  const whole = useMemo(() => widthOf(curves, isLogX), [curves, isLogX]);
  const isWaiting = found.isPending || (axis === 'epoch' && epochs.isPending);
  return (
    <div
      ref={box}
      data-testid="metric-chart"
      data-metric={metric}
      className="min-w-0"
      style={{ minHeight: height + 36 }}
    >
      {found.error && !found.data && <ProblemCard problem={found.error} onRetry={() => found.refetch()} />}
      {isWaiting && !found.error && <Skeleton className="h-full min-h-56 rounded-md" />}
      {found.isSuccess && !isWaiting && (
        <Chart
          title={metric}
          summary={summary}
          curves={near ?? curves}
          height={height}
          axisKind={text.axisKind}
          textOfX={text.textOfX}
          nameOfX={text.nameOfX}
          textOfY={text.textOfY}
          tickOfY={text.tickOfY}
          isLogX={isLogX && axis !== 'clock'}
          isLogY={isLogY}
          span={span}
          whole={whole}
          onSpan={setSpan}
          highlighted={highlighted}
          onHighlight={onHighlight}
          onOpen={onOpen && (() => onOpen(metric))}
        >
          {curves.length === 0 && (
            <p className="text-muted text-xs">{t(axis === 'epoch' && found.data.length > 0 ? 'noEpochs' : 'empty')}</p>
          )}
        </Chart>
      )}
    </div>
  );
});

/** The stretch of a curve that the server is to give closer; null: what is here is all there is to have. */
function stretchOf(span: Span | null, axis: ChartView['axis'], runs: readonly ChartRun[]) {
  if (!span) return null;
  const [from, to] = span;
  if (axis === 'step' || axis === 'clock') return { from: Math.floor(from), to: Math.ceil(to) };
  // Since its start each run has a clock of its own, and epochs are no place of the store.
  const [run] = runs;
  if (axis === 'epoch' || runs.length !== 1 || !run?.startedMs) return null;
  return { from: Math.floor(run.startedMs + from * 1000), to: Math.ceil(run.startedMs + to * 1000) };
}
