'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { cn } from '@/ui/cn';
import { Skeleton } from '@/ui/skeleton';
import { PredictionView } from './prediction-view';
import { type Answer, usePredictions } from './use-predictions';
import type { TrialImage } from './use-trial-images';

type StillTrialProps = { modelId: string; versions: string[]; image: TrialImage; onRemove: () => void };

/** One image, and what each version says of it. */
export function StillTrial({ modelId, versions, image, onRemove }: StillTrialProps) {
  const t = useTranslations('models.try');
  const answers = usePredictions(modelId, versions, image);
  return (
    <TrialCard name={image.name} url={image.url} answers={answers}>
      <Button
        size="icon"
        variant="ghost"
        aria-label={t('remove', { name: image.name })}
        onClick={onRemove}
        className="absolute top-1.5 right-1.5"
      >
        <X aria-hidden />
      </Button>
    </TrialCard>
  );
}

type TrialCardProps = { name: string; url: string; answers: Answer[]; children?: React.ReactNode };

/** An image with the answers of one version, or of two side by side. */
export function TrialCard({ name, url, answers, children }: TrialCardProps) {
  return (
    <section aria-label={name} className="relative rounded-xl border p-3 pt-2.5">
      <h3 className="mb-2 truncate pr-10 text-muted text-sm">{name}</h3>
      <div className={cn('grid grid-cols-1 gap-x-6 gap-y-5', answers.length > 1 && 'md:grid-cols-2')}>
        {answers.map(({ version, prediction, error }) => (
          <div
            key={version}
            data-testid="prediction-result"
            aria-live="polite"
            className="grid min-w-0 content-start gap-2"
          >
            {answers.length > 1 && (
              <p>
                <Badge tone="accent">{version}</Badge>
              </p>
            )}
            {error && <ProblemCard problem={error} />}
            {prediction ? (
              <PredictionView prediction={prediction} url={url} name={name} isNarrow={answers.length > 1} />
            ) : (
              !error && <Skeleton className="h-40 rounded-lg" />
            )}
          </div>
        ))}
      </div>
      {children}
    </section>
  );
}
