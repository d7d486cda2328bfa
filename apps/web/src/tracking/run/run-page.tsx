'use client';

import { useParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { curveColor } from '@/charts/colors';
import { ProblemCard } from '@/errors/problem-card';
import { isActive } from '@/runs/run-status';
import { Skeleton } from '@/ui/skeleton';
import { Tab, TabList, TabPanel, Tabs } from '@/ui/tabs';
import { useAddress } from '@/ui/use-address';
import { RunArtifacts } from '../artifacts/run-artifacts';
import { ChartControls } from '../curves/chart-controls';
import { readChartView, writeChartView } from '../curves/chart-view';
import type { ChartRun } from '../curves/drawn-runs';
import { LargeChart } from '../curves/large-chart';
import { MetricChart } from '../curves/metric-chart';
import { LogViewer } from '../logs/log-viewer';
import { MetricList } from './metric-list';
import { MOST_CHARTS, readRunAddress, TABS, writeRunAddress } from './run-address';
import { RunDetails } from './run-details';
import { RunHeader } from './run-header';
import { firstCharts } from './run-requests';
import { useMetrics } from './use-metrics';
import { usePresence } from './use-presence';
import { useTrackedRun } from './use-tracked-run';

/** A run: its curves as they come, its log, and what it was given. */
export function RunPage() {
  const { runId } = useParams<{ runId: string }>();
  return <Run key={runId} runId={runId} />;
}

function Run({ runId }: { runId: string }) {
  const t = useTranslations('runs.run');
  const [address, change] = useAddress(readRunAddress, writeRunAddress);
  const [view, changeView] = useAddress(readChartView, writeChartView);
  const [large, setLarge] = useState<string | null>(null);
  const metrics = useMetrics(runId);
  const first = metrics.data?.pages[0];
  const charted = useMemo(() => address.metrics ?? firstCharts(first?.metrics ?? []), [address.metrics, first]);
  const { record, feed } = useTrackedRun(runId, charted);
  const run = record.data;
  const watchers = usePresence(runId);
  const { name, kind, startedMs = null } = run ?? {};
  const runs = useMemo<ChartRun[]>(
    () => (name !== undefined && kind ? [{ id: runId, label: name, kind, startedMs, color: curveColor(0) }] : []),
    [runId, name, kind, startedMs],
  );
  const toggle = (key: string) => {
    const next = charted.includes(key) ? charted.filter((one) => one !== key) : [...charted, key];
    change({ metrics: next.slice(-MOST_CHARTS) }, 'replace');
  };
  if (record.error)
    return <ProblemCard problem={record.error} onRetry={() => record.refetch()} className="m-4 sm:m-6" />;
  if (!run) {
    return (
      <div className="grid gap-4 p-6">
        <Skeleton className="h-8 w-1/3" />
        <Skeleton className="h-72" />
      </div>
    );
  }
  return (
    <>
      <RunHeader run={run} link={feed.link} watchers={watchers} metrics={charted} />
      <Tabs
        value={address.tab}
        onValueChange={(tab) => change({ tab: TABS.find((one) => one === tab) ?? 'charts' })}
        className="flex min-h-0 flex-1 flex-col"
      >
        <TabList aria-label={t('views')} className="shrink-0 bg-surface sm:px-4">
          {TABS.map((tab) => (
            <Tab key={tab} value={tab}>
              {t(`tabs.${tab}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel value="charts" className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden lg:flex-row">
          <aside
            aria-label={t('metrics')}
            className="flex h-56 shrink-0 flex-col border-b bg-surface lg:h-auto lg:w-72 lg:border-r lg:border-b-0"
          >
            <MetricList runId={runId} charted={charted} onToggle={toggle} feed={feed} />
          </aside>
          <div className="relative min-h-0 flex-1 overflow-y-auto">
            <div className="sticky top-0 z-30 border-b bg-surface px-4 py-2 sm:px-6">
              <ChartControls view={view} change={changeView} />
            </div>
            {first && charted.length === 0 && (
              <p className="px-6 py-16 text-center text-muted">{t(first.total > 0 ? 'noCharts' : 'noMetrics')}</p>
            )}
            <div className="grid grid-cols-1 gap-x-6 gap-y-5 px-4 py-4 sm:px-6 xl:grid-cols-2">
              {charted.map((metric) => (
                <MetricChart key={metric} metric={metric} runs={runs} view={view} feed={feed} onOpen={setLarge} />
              ))}
            </div>
          </div>
        </TabPanel>
        <TabPanel value="logs" className="flex min-h-0 flex-1 flex-col bg-surface data-[state=inactive]:hidden">
          <LogViewer runId={runId} isGoing={isActive(run.status)} feed={feed} />
        </TabPanel>
        <TabPanel value="artifacts" className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden">
          <RunArtifacts projectId={run.projectId} runId={runId} feed={feed} />
        </TabPanel>
        <TabPanel value="details" className="min-h-0 flex-1 overflow-y-auto">
          <RunDetails run={run} />
        </TabPanel>
      </Tabs>
      <LargeChart metric={large} runs={runs} view={view} feed={feed} onClose={() => setLarge(null)} />
    </>
  );
}
