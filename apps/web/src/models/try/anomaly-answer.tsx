'use client';

import type { AnomalyPrediction } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Badge } from '@/ui/badge';
import { Slider } from '@/ui/slider';
import { TrialPicture } from './trial-picture';

type AnomalyAnswerProps = { prediction: AnomalyPrediction; url: string; name: string };

/** How strange an image is, and where. */
export function AnomalyAnswer({ prediction, url, name }: AnomalyAnswerProps) {
  const t = useTranslations('models.try');
  const format = useFormat();
  const [opacity, setOpacity] = useState(0.7);
  const { image, score, isAnomalous, heatMap, heatMapRange } = prediction;
  return (
    <>
      <TrialPicture url={url} alt={t('image', { name })} size={image}>
        {heatMap && (
          <img
            src={`data:image/png;base64,${heatMap}`}
            alt={t('heatMap', { name })}
            className="absolute inset-0 size-full"
            style={{ opacity }}
          />
        )}
      </TrialPicture>
      <div className="grid min-w-0 content-start gap-3">
        <p className="flex items-center gap-2.5">
          <span className="text-muted text-sm">{t('anomalyScore')}</span>
          <span className="tabular font-semibold text-xl">{format.number(score, 4)}</span>
          {isAnomalous !== null && (
            <Badge tone={isAnomalous ? 'danger' : 'ok'}>{t(isAnomalous ? 'anomalous' : 'normal')}</Badge>
          )}
        </p>
        {heatMap ? (
          <Slider label={t('opacity')} value={opacity} text={format.percent(opacity, 0)} onChange={setOpacity} />
        ) : (
          <p className="text-muted text-sm">{t('noHeatMap')}</p>
        )}
        {heatMapRange && (
          <div aria-hidden className="tabular flex items-center gap-2 text-muted text-xs">
            {format.number(heatMapRange[0])}
            <span className="h-2 flex-1 rounded-full border bg-linear-to-r from-transparent to-[#f00]" />
            {format.number(heatMapRange[1])}
          </div>
        )}
      </div>
    </>
  );
}
