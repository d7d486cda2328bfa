'use client';

import type { ClassificationPrediction } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';
import { TrialPicture } from './trial-picture';

/** Classes that are shown; the rest share what is left. */
const SHOWN_CLASSES = 8;

type ClassificationAnswerProps = { prediction: ClassificationPrediction; url: string; name: string };

/** The likeliest classes, each with its share. */
export function ClassificationAnswer({ prediction, url, name }: ClassificationAnswerProps) {
  const t = useTranslations('models.try');
  const format = useFormat();
  const classes = prediction.classes.slice(0, SHOWN_CLASSES);
  const [best] = classes;
  return (
    <>
      <TrialPicture url={url} alt={t('image', { name })} size={prediction.image} height={208} />
      <div className="grid min-w-0 gap-2.5">
        {best && <p className="wrap-anywhere font-semibold text-xl">{best.name}</p>}
        <ul aria-label={t('classes')} className="grid gap-1.5">
          {classes.map(({ name: className, confidence }, index) => (
            <li key={className} className="grid grid-cols-[minmax(3rem,8rem)_1fr_3.5rem] items-center gap-3 text-sm">
              <span className="truncate" title={className}>
                {className}
              </span>
              <span className="h-2 rounded-full bg-hover">
                <span
                  className={cn('block h-2 rounded-full', index === 0 ? 'bg-accent-strong' : 'bg-control')}
                  style={{ width: `${confidence * 100}%` }}
                />
              </span>
              <span className="tabular text-right">{format.percent(confidence)}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
