'use client';

import { type RunSummary, runRoutes } from '@mallo/contracts';
import { Activity, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/ui/skeleton';
import { RunStatusBadge } from './run-status';

type RunChipProps = { runId: string; onShow: (runId: string) => void };

/** A training in the chat: its state now, and the way to its progress. */
export function RunChip({ runId, onShow }: RunChipProps) {
  const run = useRoute(runRoutes.get, { params: { runId } });
  if (run.error) return <ProblemCard problem={run.error} onRetry={() => run.refetch()} />;
  if (!run.data) return <Skeleton className="h-14 rounded-xl" />;
  return <RunRow run={run.data} onShow={onShow} />;
}

export function RunList({ runs, onShow }: { runs: readonly RunSummary[]; onShow: (runId: string) => void }) {
  return (
    <ul className="grid gap-2">
      {runs.map((run) => (
        <li key={run.id}>
          <RunRow run={run} onShow={onShow} />
        </li>
      ))}
    </ul>
  );
}

function RunRow({ run, onShow }: { run: RunSummary; onShow: (runId: string) => void }) {
  const t = useTranslations('run');
  const format = useFormat();
  return (
    <button
      type="button"
      onClick={() => onShow(run.id)}
      className="flex w-full items-center gap-3 rounded-xl border bg-surface px-4 py-3 text-left shadow-low transition-colors hover:border-line-strong hover:bg-hover"
    >
      <Activity aria-hidden className="size-4 shrink-0 text-accent" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{run.name}</span>
        <span className="block truncate text-muted text-sm">
          {run.modelName} · {run.datasetName}
          {run.valAccuracy !== null && ` · ${t('accuracyIs', { accuracy: format.percent(run.valAccuracy) })}`}
        </span>
      </span>
      <RunStatusBadge status={run.status} />
      <ChevronRight aria-label={t('show')} role="img" className="size-4 shrink-0 text-muted" />
    </button>
  );
}
