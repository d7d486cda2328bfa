'use client';

import { type Run, runRoutes } from '@mallo/contracts';
import { Info, X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { modelHref } from '@/models/model-href';
import { Button } from '@/ui/button';
import { Link } from '@/ui/link';
import { Skeleton } from '@/ui/skeleton';
import { Tab, TabList, TabPanel, Tabs } from '@/ui/tabs';
import { CancelRun } from './cancel-run';
import { ClassMetrics } from './class-metrics';
import { ConfusionMatrix } from './confusion-matrix';
import { EpochProgress } from './epoch-progress';
import { LinkStateDot } from './link-state';
import { useLiveRun } from './live-run';
import { LogView } from './log-view';
import { MachineCharts } from './machine-charts';
import type { RunPoint } from './run-point';
import { isActive, RunStatusBadge } from './run-status';
import { StepList } from './step-list';
import { TrainingCurves } from './training-curves';
import { useNow } from './use-now';
import type { Live } from './use-run-view';

type ProgressPanelProps = {
  runId: string;
  /** A point of its curves to be shown. */
  point?: RunPoint;
  onForgetPoint?: () => void;
  onClose?: () => void;
};

/** A training as it goes: steps, progress, curves, machine, log, and in the end how good it is. */
export function ProgressPanel({ runId, ...props }: ProgressPanelProps) {
  const t = useTranslations('run');
  const run = useRoute(runRoutes.get, { params: { runId } });
  const live = useLiveRun();
  return (
    <section aria-label={t('title')} data-testid="progress-panel" className="flex min-h-0 flex-1 flex-col bg-surface">
      {run.error && <ProblemCard problem={run.error} onRetry={() => run.refetch()} className="m-4" />}
      {run.data ? (
        <RunProgress run={run.data} live={live} {...props} />
      ) : (
        !run.error && (
          <div className="grid gap-4 p-5">
            <Skeleton className="h-6 w-2/3" />
            <Skeleton className="h-44" />
            <Skeleton className="h-44" />
          </div>
        )
      )}
    </section>
  );
}

type RunProgressProps = Omit<ProgressPanelProps, 'runId'> & { run: Run; live: Live };

function RunProgress({ run, live, point, onForgetPoint, onClose }: RunProgressProps) {
  const t = useTranslations('run');
  const format = useFormat();
  const [tab, setTab] = useState('progress');
  const now = useNow(isActive(run.status));
  // The curves are there; whatever was looked at before.
  const pointed = point && `${point.key} ${point.step}`;
  useEffect(() => {
    if (pointed) setTab('progress');
  }, [pointed]);
  const endMs = run.endedAt ? Date.parse(run.endedAt) : now;
  return (
    <Tabs value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
      <div className="grid gap-1 px-5 pt-4 pb-3">
        <div className="flex min-h-8 items-center gap-2.5">
          <h2 className="min-w-0 truncate font-semibold">{run.name}</h2>
          <RunStatusBadge status={run.status} testId="run-status" />
          <span className="ml-auto" />
          {isActive(run.status) && <LinkStateDot state={live.link} />}
          {isActive(run.status) && <CancelRun run={run} />}
          {onClose && (
            <Button variant="ghost" size="icon" aria-label={t('close')} onClick={onClose}>
              <X aria-hidden />
            </Button>
          )}
        </div>
        <p className="truncate text-muted text-sm">
          {run.modelName} · {run.datasetName}
          {run.startedAt && (
            <span className="tabular">
              {' · '}
              {t('elapsed', { duration: format.duration((endMs - Date.parse(run.startedAt)) / 1000) })}
            </span>
          )}
        </p>
      </div>
      <TabList aria-label={t('views')}>
        <Tab value="progress">{t('tabs.progress')}</Tab>
        <Tab value="log">{t('tabs.log')}</Tab>
        <Tab value="evaluation" disabled={!run.result}>
          {t('tabs.evaluation')}
        </Tab>
      </TabList>
      <TabPanel value="progress" className="min-h-0 flex-1 overflow-y-auto p-5">
        <Overview run={run} live={live} nowMs={now} point={point} onForgetPoint={onForgetPoint} />
      </TabPanel>
      <TabPanel value="log" className="min-h-0 flex-1">
        <LogView lines={live.view?.logs ?? []} />
      </TabPanel>
      <TabPanel value="evaluation" className="min-h-0 flex-1 overflow-y-auto">
        {run.result && (
          <div className="grid grid-cols-1 gap-6 py-4">
            <ClassMetrics perClass={run.result.perClass} />
            <div className="px-5">
              <h3 className="mb-3 font-semibold">{t('evaluation.confusion')}</h3>
              <ConfusionMatrix matrix={run.result.confusionMatrix} classNames={run.config.classNames} />
            </div>
          </div>
        )}
      </TabPanel>
    </Tabs>
  );
}

type OverviewProps = Pick<RunProgressProps, 'run' | 'live' | 'point' | 'onForgetPoint'> & { nowMs: number };

function Overview({ run, live, nowMs, point, onForgetPoint }: OverviewProps) {
  const t = useTranslations('run');
  const format = useFormat();
  const locale = useLocale();
  const { view } = live;
  const isTraining = run.steps.some(({ name, status }) => name === 'run_training' && status === 'running');
  return (
    <div className="grid grid-cols-1 gap-6">
      {run.model && run.valAccuracy !== null && (
        <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 rounded-xl border bg-sunken px-4 py-3">
          <div>
            <p className="text-muted text-sm">{t('validationAccuracy')}</p>
            <p className="tabular whitespace-nowrap font-semibold text-3xl tracking-tight">
              {format.percent(run.valAccuracy)}
            </p>
          </div>
          <Button size="sm" asChild className="min-w-0 max-w-full shrink">
            <Link href={modelHref(run.model)}>
              {t('result.modelVersion', { name: run.model.name, version: run.model.version })}
            </Link>
          </Button>
        </div>
      )}
      {run.problem && <ProblemCard problem={run.problem} />}
      {live.error && <ProblemCard problem={live.error} />}
      {run.notices.length > 0 && (
        <ul aria-label={t('notices')} className="grid gap-2">
          {run.notices.map((notice) => (
            <li
              key={`${notice.at} ${notice.code}`}
              className="flex gap-2.5 rounded-lg border border-warn-line bg-warn-soft px-3 py-2 text-sm"
            >
              <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
              {notice.message[locale]}
            </li>
          ))}
        </ul>
      )}
      <StepList steps={run.steps} nowMs={nowMs} />
      {view && (view.progress || run.result) && (
        <EpochProgress
          view={view}
          epochs={run.config.hyperparameters.epochs}
          isTraining={isTraining}
          finishedEpochs={run.result?.epochsDone ?? null}
        />
      )}
      {view?.progress && (
        <TrainingCurves
          curves={view.curves}
          epochs={run.config.hyperparameters.epochs}
          batches={view.progress.batches}
          point={point}
          onForgetPoint={onForgetPoint}
        />
      )}
      {view && <MachineCharts curves={view.curves} />}
    </div>
  );
}
