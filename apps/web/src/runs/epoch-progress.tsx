'use client';

import { type RunView, remainingSeconds } from '@mallo/client';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { Progress } from '@/ui/progress';

type EpochProgressProps = { view: RunView; epochs: number; isTraining: boolean; finishedEpochs: number | null };

/** How far the training is: epochs, the batches of this one, and how long it will take. */
export function EpochProgress({ view, epochs, isTraining, finishedEpochs }: EpochProgressProps) {
  const t = useTranslations('run');
  const format = useFormat();
  const { progress } = view;
  const epoch = finishedEpochs ?? progress?.epoch ?? 0;
  const done = finishedEpochs ?? (progress ? progress.epoch - 1 + progress.batch / Math.max(1, progress.batches) : 0);
  const remaining = isTraining ? remainingSeconds(view) : null;
  return (
    <div data-testid="epoch-progress" className="grid gap-3">
      <div className="grid gap-1.5">
        <div className="flex items-baseline justify-between gap-3">
          <p className="font-medium">
            {t('epoch')} <span className="tabular">{t('of', { value: epoch, total: epochs })}</span>
          </p>
          <p className="tabular text-muted text-sm" data-testid="eta">
            {remaining !== null && t('remaining', { duration: format.duration(remaining) })}
          </p>
        </div>
        <Progress label={t('epoch')} value={done} max={epochs} className="h-2" />
      </div>
      {isTraining && progress && (
        <div className="grid gap-1.5">
          <div className="flex items-baseline justify-between gap-3 text-muted text-sm">
            <p>
              {t('batch')}{' '}
              <span className="tabular">{t('of', { value: progress.batch, total: progress.batches })}</span>
            </p>
            {progress.imagesPerSecond !== null && (
              <p className="tabular">{t('speed', { count: format.number(progress.imagesPerSecond) })}</p>
            )}
          </div>
          <Progress label={t('batch')} value={progress.batch} max={progress.batches} tone="neutral" className="h-1" />
        </div>
      )}
    </div>
  );
}
