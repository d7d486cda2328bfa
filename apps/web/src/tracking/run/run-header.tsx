'use client';

import { type LinkState } from '@mallo/client';
import { runRoutes, type TrackedRun } from '@mallo/contracts';
import { ArrowLeft, Boxes, Eye, MessageSquare } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { useFormat } from '@/format/use-format';
import { modelHref } from '@/models/model-href';
import { LinkStateDot } from '@/runs/link-state';
import { isActive, RunStatusBadge } from '@/runs/run-status';
import { useNow } from '@/runs/use-now';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy-button';
import { Link } from '@/ui/link';
import { PageHeading } from '@/ui/page-heading';
import { AlertMenu } from '../alerts/alert-menu';

type RunHeaderProps = {
  run: TrackedRun & { projectId: string };
  link: LinkState;
  /** People who look at it now, this one among them; null: not known. */
  watchers: number | null;
  /** Those that are shown. */
  metrics: readonly string[];
};

/** What a run is, how it stands, and where it came from and led to. */
export function RunHeader({ run, link, watchers, metrics }: RunHeaderProps) {
  const t = useTranslations('runs.run');
  const kinds = useTranslations('runs.filters.kinds');
  const format = useFormat();
  const isGoing = isActive(run.status);
  const now = useNow(isGoing);
  const seconds = run.startedMs === null ? null : ((run.endedMs ?? now) - run.startedMs) / 1000;
  const started = run.startedMs === null ? null : format.date(new Date(run.startedMs).toISOString());
  return (
    <div className="grid shrink-0 grid-cols-1 gap-1 bg-surface px-4 pt-3 pb-2 sm:px-6">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Button variant="ghost" size="icon" asChild className="-ml-2">
          <Link href={`/runs?project=${run.projectId}`} aria-label={t('back')}>
            <ArrowLeft aria-hidden />
          </Link>
        </Button>
        <PageHeading title={run.name} className="min-w-0 truncate font-bold text-xl tracking-tight" />
        <RunStatusBadge status={run.status} testId="run-status" />
        <Badge>{kinds(run.kind)}</Badge>
        <span className="ml-auto" />
        {watchers !== null && watchers > 0 && (
          <span data-testid="watchers" className="tabular flex items-center gap-1.5 text-muted text-xs">
            <Eye aria-hidden className="size-3.5" />
            {t('watchers', { count: watchers })}
          </span>
        )}
        <LinkStateDot state={link} />
        {isGoing && <AlertMenu projectId={run.projectId} runId={run.id} metrics={metrics} />}
        {run.kind === 'training' && <TrainingLinks runId={run.id} />}
      </div>
      <p className="tabular flex flex-wrap items-center gap-x-2 text-muted text-sm">
        <span>
          {[run.experimentName, run.user, started, seconds !== null && format.duration(seconds)]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className="flex items-center font-mono text-xs">
          {run.id}
          <CopyButton text={run.id} label={t('copyId')} />
        </span>
      </p>
      {run.tags['mallo.ended'] === 'quiet' && run.status === 'completed' && (
        <p className="text-muted text-sm">{t('endedQuiet')}</p>
      )}
    </div>
  );
}

/** A training came from a conversation, and may have left a model. */
function TrainingLinks({ runId }: { runId: string }) {
  const t = useTranslations('runs.run');
  const { data } = useRoute(runRoutes.get, { params: { runId } });
  if (!data) return null;
  return (
    <>
      <Button size="sm" asChild>
        <Link href={`/projects/${data.projectId}/chat/${data.conversationId}?run=${runId}`}>
          <MessageSquare aria-hidden />
          {t('conversation')}
        </Link>
      </Button>
      {data.model && (
        <Button size="sm" asChild>
          <Link href={modelHref(data.model)}>
            <Boxes aria-hidden />
            {t('model')}
          </Link>
        </Button>
      )}
    </>
  );
}
