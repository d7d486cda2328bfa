'use client';

import { CircleCheck, FileArchive, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Link } from '@/ui/link';
import { Progress } from '@/ui/progress';
import type { DatasetJob } from './dataset-jobs';
import { ProblemSummary } from './problem-list';
import { Thumbnails } from './thumbnails';

type DatasetJobCardProps = { job: DatasetJob; onRetry: () => void; onDismiss: () => void };

/** A dataset being uploaded or made, then what it holds, or why it was refused. */
export function DatasetJobCard({ job, onRetry, onDismiss }: DatasetJobCardProps) {
  const t = useTranslations('datasets');
  const format = useFormat();
  const { source, state } = job;
  const title = source.type === 'upload' ? source.file.name : t(`samples.${source.kind}.name`);

  if (state.status === 'failed') {
    return (
      <ProblemCard title={title} problem={state.error} onRetry={onRetry}>
        <Button size="sm" variant="ghost" onClick={onDismiss}>
          {t('dismiss')}
        </Button>
      </ProblemCard>
    );
  }
  if (state.status === 'done') {
    const { dataset } = state;
    return (
      <Card className="overflow-hidden" data-testid="dataset-card">
        <div className="flex items-start gap-3 p-4">
          <CircleCheck aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ok" />
          <div className="min-w-0 flex-1">
            <p className="truncate font-semibold">{dataset.name}</p>
            <p className="text-muted text-sm">
              {t('summary', {
                classes: dataset.version.classes.length,
                images: format.whole(dataset.version.imageCount),
                size: format.bytes(dataset.version.sizeBytes),
              })}
            </p>
            <ProblemSummary version={dataset.version} />
          </div>
          <Button size="sm" asChild>
            <Link href={`/datasets/${dataset.id}`}>{t('open')}</Link>
          </Button>
        </div>
        <Thumbnails datasetId={dataset.id} count={8} className="border-t p-3" />
      </Card>
    );
  }
  const total = source.type === 'upload' ? source.file.size : 0;
  const isSending = source.type === 'upload' && job.sentBytes < total;
  const text =
    source.type === 'sample'
      ? t('making')
      : isSending
        ? t('uploading', { sent: format.bytes(job.sentBytes), total: format.bytes(total) })
        : t('checking');
  return (
    <Card className="flex items-center gap-3 p-4">
      <FileArchive aria-hidden className="size-5 shrink-0 text-muted" />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <div className="flex items-baseline justify-between gap-3">
          <p className="truncate font-medium">{title}</p>
          <p role="status" className="tabular shrink-0 text-muted text-sm">
            {text}
          </p>
        </div>
        <Progress label={t('progressOf', { name: title })} value={isSending ? job.sentBytes : null} max={total} />
      </div>
      <Button size="icon" variant="ghost" aria-label={t('cancelUpload', { name: title })} onClick={onDismiss}>
        <X aria-hidden />
      </Button>
    </Card>
  );
}
