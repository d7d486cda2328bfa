'use client';

import type { Prediction } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';
import { AnomalyAnswer } from './anomaly-answer';
import { ClassificationAnswer } from './classification-answer';
import { DetectionAnswer } from './detection-answer';
import { SegmentationAnswer } from './segmentation-answer';

type PredictionViewProps = { prediction: Prediction; url: string; name: string; isNarrow: boolean };

/** What a version says of an image, as its task wants it to be shown, and how long the model took. */
export function PredictionView({ prediction, url, name, isNarrow }: PredictionViewProps) {
  const t = useTranslations('models.try');
  const format = useFormat();
  return (
    <>
      <div className={cn('grid grid-cols-1 items-start gap-x-5 gap-y-3', !isNarrow && 'md:grid-cols-2')}>
        <Answer prediction={prediction} url={url} name={name} />
      </div>
      <p className="tabular text-muted text-xs">
        {t('latency', { ms: format.number(prediction.latencyMs) })}
        {prediction.batchSize > 1 && ` (${t('together', { count: prediction.batchSize })})`}
        {' · '}
        {t(`preprocessing.${prediction.preprocessing}`)}
      </p>
    </>
  );
}

function Answer({ prediction, url, name }: Omit<PredictionViewProps, 'isNarrow'>) {
  switch (prediction.task) {
    case 'classification':
      return <ClassificationAnswer prediction={prediction} url={url} name={name} />;
    case 'detection':
      return <DetectionAnswer prediction={prediction} url={url} name={name} />;
    case 'segmentation':
      return <SegmentationAnswer prediction={prediction} url={url} name={name} />;
    case 'anomaly_detection':
      return <AnomalyAnswer prediction={prediction} url={url} name={name} />;
  }
}
