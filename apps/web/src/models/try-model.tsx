'use client';

import { type ModelVersion, type Prediction, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { useMutation } from '@tanstack/react-query';
import { ImageUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { client } from '@/api/client';
import { FileDrop, FilePicker } from '@/datasets/drop-zone';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { cn } from '@/ui/cn';
import { Skeleton } from '@/ui/skeleton';
import { whyNotTried } from './trial';

/** Classes that are shown; the rest share what is left. */
const SHOWN_CLASSES = 8;

type TryModelProps = { version: ModelVersion; taskType: RegisteredModel['taskType'] };

/** Drop, choose or paste an image, and see what the version takes it for; or why that cannot be. */
export function TryModel({ version, taskType }: TryModelProps) {
  const t = useTranslations('models.try');
  const reason = whyNotTried(version, taskType);
  if (reason === null) return <Trial modelId={version.modelId} version={version.version} />;
  return (
    <Section title={t('title')}>
      <p className="p-4 text-muted">{t(`unavailable.${reason}`)}</p>
    </Section>
  );
}

function Trial({ modelId, version }: { modelId: string; version: string }) {
  const t = useTranslations('models.try');
  const [preview, setPreview] = useState<string | null>(null);
  const predict = useMutation({
    mutationFn: (image: File) => client.upload(registryRoutes.predict, { params: { modelId, version } }, image),
  });
  const { mutate } = predict;

  const take = (files: File[]) => {
    const [image] = files;
    if (!image) return;
    setPreview(URL.createObjectURL(image));
    mutate(image);
  };
  useEffect(() => () => void (preview && URL.revokeObjectURL(preview)), [preview]);
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const image = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
      if (!image) return;
      setPreview(URL.createObjectURL(image));
      mutate(image);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [mutate]);

  return (
    <Section title={t('title')}>
      <FileDrop onFiles={take} label={t('drop')} testId="prediction-drop">
        <FilePicker accept="image/*" label={t('choose')} onFiles={take}>
          {(open) => (
            <div className="grid gap-4 p-4">
              <div
                className={cn(
                  'flex items-center gap-4 rounded-xl border border-line-strong border-dashed p-4',
                  !preview && 'justify-center py-10',
                )}
              >
                {preview ? (
                  <img src={preview} alt={t('preview')} className="size-28 rounded-lg bg-hover object-contain" />
                ) : (
                  <ImageUp aria-hidden className="size-6 shrink-0 text-muted" />
                )}
                <div className="grid justify-items-start gap-2">
                  <p className="text-muted text-sm">{t('hint')}</p>
                  <Button size="sm" onClick={open}>
                    {t(preview ? 'another' : 'choose')}
                  </Button>
                </div>
              </div>
              {predict.error && <ProblemCard problem={predict.error} />}
              {predict.isPending && <Skeleton className="h-32" />}
              {predict.data && <PredictionResult prediction={predict.data} />}
            </div>
          )}
        </FilePicker>
      </FileDrop>
    </Section>
  );
}

function PredictionResult({ prediction }: { prediction: Prediction }) {
  const t = useTranslations('models.try');
  const format = useFormat();
  const classes = prediction.classes.toSorted((a, b) => b.confidence - a.confidence).slice(0, SHOWN_CLASSES);
  const [best] = classes;
  return (
    <div data-testid="prediction-result" aria-live="polite" className="grid gap-3">
      {best && (
        <p className="flex items-baseline justify-between gap-3">
          <span className="font-semibold text-xl">{best.name}</span>
          <span className="tabular text-muted text-sm">
            {t('latency', { ms: format.number(prediction.latencyMs) })}
          </span>
        </p>
      )}
      <ul className="grid gap-1.5">
        {classes.map(({ name, confidence }, index) => (
          <li key={name} className="grid grid-cols-[minmax(3rem,8rem)_1fr_3.5rem] items-center gap-3 text-sm">
            <span className="truncate" title={name}>
              {name}
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
      <p className="text-muted text-sm">{t(`preprocessing.${prediction.preprocessing}`)}</p>
    </div>
  );
}
