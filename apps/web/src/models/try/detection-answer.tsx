'use client';

import type { DetectedBox, DetectionPrediction } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Slider } from '@/ui/slider';
import { Boxes, colorOf } from './boxes';
import { TrialPicture } from './trial-picture';

/** The least that the api answers, and so the lowest to choose. */
const LEAST_SCORE = 0.25;

type DetectionAnswerProps = { prediction: DetectionPrediction; url: string; name: string };

/** What was found where, of a score that can be chosen. */
export function DetectionAnswer({ prediction, url, name }: DetectionAnswerProps) {
  const t = useTranslations('models.try');
  const format = useFormat();
  const [least, setLeast] = useState(LEAST_SCORE);
  const [pointed, setPointed] = useState<DetectedBox | null>(null);
  const boxes = prediction.boxes.filter(({ score }) => score >= least);
  return (
    <>
      <TrialPicture url={url} alt={t('image', { name })} size={prediction.image}>
        <Boxes boxes={boxes} size={prediction.image} pointed={pointed} />
      </TrialPicture>
      <div className="grid min-w-0 content-start gap-3">
        <p className="font-semibold text-xl">{t('found', { count: boxes.length })}</p>
        <Slider
          label={t('leastScore')}
          value={least}
          min={LEAST_SCORE}
          max={1}
          text={format.percent(least, 0)}
          onChange={setLeast}
        />
        <ul aria-label={t('boxes')} className="grid max-h-60 gap-0.5 overflow-y-auto">
          {boxes.map((box, index) => (
            <li
              key={index}
              onPointerEnter={() => setPointed(box)}
              onPointerLeave={() => setPointed(null)}
              className="flex items-center gap-2.5 rounded-md px-1.5 py-0.5 text-sm hover:bg-hover"
            >
              <span aria-hidden className="size-3 rounded-sm" style={{ background: colorOf(box.classIndex) }} />
              <span className="min-w-0 flex-1 truncate">{box.name}</span>
              <span className="tabular">{format.percent(box.score)}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
