'use client';

import type { SegmentationPrediction } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Slider } from '@/ui/slider';
import { Boxes } from './boxes';
import { TrialPicture } from './trial-picture';

type SegmentationAnswerProps = { prediction: SegmentationPrediction; url: string; name: string };

/** Which class each pixel is, over the image, as dense as one wants it. */
export function SegmentationAnswer({ prediction, url, name }: SegmentationAnswerProps) {
  const t = useTranslations('models.try');
  const format = useFormat();
  const [opacity, setOpacity] = useState(0.6);
  return (
    <>
      <TrialPicture url={url} alt={t('image', { name })} size={prediction.image}>
        <img
          src={`data:image/png;base64,${prediction.mask}`}
          alt={t('mask', { name })}
          className="absolute inset-0 size-full"
          style={{ opacity, imageRendering: 'pixelated' }}
        />
        {prediction.boxes && <Boxes boxes={prediction.boxes} size={prediction.image} pointed={null} />}
      </TrialPicture>
      <div className="grid min-w-0 content-start gap-3">
        {prediction.boxes && <p className="font-semibold text-xl">{t('found', { count: prediction.boxes.length })}</p>}
        <Slider label={t('opacity')} value={opacity} text={format.percent(opacity, 0)} onChange={setOpacity} />
        <ul aria-label={t('legend')} className="grid max-h-64 gap-1 overflow-y-auto">
          {prediction.classes.map(({ name: className, classIndex, color, share }) => (
            <li key={classIndex} className="flex items-center gap-2.5 text-sm">
              <span aria-hidden className="size-3.5 rounded-sm border" style={{ background: color }} />
              <span className="min-w-0 flex-1 truncate">{className}</span>
              <span className="tabular text-muted">{format.percent(share)}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
