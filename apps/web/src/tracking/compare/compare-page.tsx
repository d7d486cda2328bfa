'use client';

import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useMemo, useState } from 'react';
import { curveColor } from '@/charts/colors';
import { ProblemCard } from '@/errors/problem-card';
import { OfProject } from '@/projects/of-project';
import { LinkStateDot } from '@/runs/link-state';
import { Button } from '@/ui/button';
import { Link } from '@/ui/link';
import { PageHeading } from '@/ui/page-heading';
import { useAddress } from '@/ui/use-address';
import { ChartControls } from '../curves/chart-controls';
import { readChartView, writeChartView } from '../curves/chart-view';
import type { ChartRun } from '../curves/drawn-runs';
import { LargeChart } from '../curves/large-chart';
import { MetricChart } from '../curves/metric-chart';
import { ColumnMenu } from '../list/column-menu';
import { COMPARE_MAX } from '../list/run-requests';
import { useRunColumns } from '../list/use-run-columns';
import { useRunSearch } from '../list/use-run-search';
import { useProjectFeed } from '../live/use-project-feed';
import { compareSearch, readCompareAddress, writeCompareAddress } from './compare-address';
import { DifferenceTable } from './difference-table';
import { RunLegend } from './run-legend';
import { useComparedParams } from './use-compared-params';

/** Runs over each other, metric by metric, and in what they differ. */
export function ComparePage() {
  const t = useTranslations('runs.compare');
  return <OfProject title={t('title')}>{(projectId) => <Comparison projectId={projectId} />}</OfProject>;
}

function Comparison({ projectId }: { projectId: string }) {
  const t = useTranslations('runs.compare');
  const [address, change] = useAddress(readCompareAddress, writeCompareAddress);
  const [view, changeView] = useAddress(readChartView, writeChartView);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const [large, setLarge] = useState<string | null>(null);
  const chosen = address.metrics.length > 0 ? { metrics: address.metrics, params: [], tags: [] } : null;
  const metrics = useRunColumns(projectId, chosen)?.metrics ?? null;
  const feed = useProjectFeed(projectId, metrics ?? []);
  // Params may be many: the curves do not wait for them.
  const wanted = metrics && { ...compareSearch(address), columns: { metrics, params: [], tags: [] } };
  const found = useRunSearch(projectId, wanted, feed, COMPARE_MAX);
  const runs = useMemo(() => found.runs.slice(0, COMPARE_MAX), [found.runs]);
  const params = useComparedParams(projectId, runs);
  const names = runs.map(({ id, name, startedMs }) => `${id} ${name} ${startedMs}`).join('\n');
  const charted = useMemo<ChartRun[]>(
    () =>
      runs.map(({ id, name, kind, startedMs }, index) => ({
        id,
        label: name,
        kind,
        startedMs,
        color: curveColor(index),
      })),
    [names],
  );
  const shown = useMemo(() => charted.filter(({ id }) => !hidden.has(id)), [charted, hidden]);
  const rows = useMemo(() => runs.map((run) => ({ ...run, params: params.get(run.id) ?? {} })), [runs, params]);
  const toggle = useCallback(
    (runId: string) =>
      setHidden((before) => {
        const after = new Set(before);
        if (!after.delete(runId)) after.add(runId);
        return after;
      }),
    [],
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b bg-surface px-4 py-2.5 sm:px-6">
        <Button variant="ghost" size="icon" asChild>
          <Link href={`/runs?project=${projectId}`} aria-label={t('back')}>
            <ArrowLeft aria-hidden />
          </Link>
        </Button>
        <PageHeading title={t('title')} className="font-bold text-lg tracking-tight" />
        <p role="status" className="tabular text-muted text-sm">
          {found.isSuccess && t('count', { count: runs.length })}
          {found.total > COMPARE_MAX && ` · ${t('ofMany', { total: found.total })}`}
        </p>
        <span className="ml-auto" />
        <LinkStateDot state={feed.link} />
      </div>
      {found.error && <ProblemCard problem={found.error} onRetry={() => found.refetch()} className="m-4 sm:m-6" />}
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <aside
          aria-label={t('legend')}
          className="flex h-36 shrink-0 flex-col border-b bg-surface lg:h-auto lg:w-60 lg:border-r lg:border-b-0"
        >
          <RunLegend
            runs={charted}
            hidden={hidden}
            onToggle={toggle}
            highlighted={highlighted}
            onHighlight={setHighlighted}
          />
        </aside>
        <div className="relative min-h-0 flex-1 overflow-y-auto">
          <div className="sticky top-0 z-30 flex flex-wrap items-center justify-between gap-2 border-b bg-surface px-4 py-2 sm:px-6">
            <ChartControls view={view} change={changeView} />
            {metrics && (
              <ColumnMenu
                label={t('metrics')}
                kinds={['metrics']}
                projectId={projectId}
                columns={{ metrics, params: [], tags: [] }}
                onChange={({ metrics: next }) => change({ metrics: next }, 'replace')}
              />
            )}
          </div>
          <div className="grid grid-cols-1 gap-6 px-4 py-4 sm:px-6">
            <div className="grid grid-cols-1 gap-x-6 gap-y-5 xl:grid-cols-2">
              {metrics?.map((metric) => (
                <MetricChart
                  key={metric}
                  metric={metric}
                  runs={shown}
                  view={view}
                  feed={feed}
                  highlighted={highlighted}
                  onHighlight={setHighlighted}
                  onOpen={setLarge}
                />
              ))}
            </div>
            {found.isSuccess && metrics && <DifferenceTable runs={rows} charted={charted} metrics={metrics} />}
          </div>
        </div>
      </div>
      <LargeChart metric={large} runs={shown} view={view} feed={feed} onClose={() => setLarge(null)} />
    </div>
  );
}
