'use client';

import { Ban, Sparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Progress } from '@/ui/progress';
import { isUnderWay } from '../is-under-way';
import { useDemoModels } from './use-demo-models';

/** How far the models for trying things out are; nothing where they are not being made. */
export function DemoModels({ projectId }: { projectId: string }) {
  const t = useTranslations('models.demo');
  const demo = useDemoModels(projectId);
  const problem = demo.startError ?? demo.error ?? (demo.state === 'failed' ? demo.data?.error : null);
  if (problem) return <ProblemCard title={t('title')} problem={problem} onRetry={demo.start} />;
  if (demo.data?.state === 'cancelled') return <Cancelled onAgain={demo.start} isStarting={demo.isStarting} />;
  if (!demo.data || !isUnderWay(demo.data.state)) return null;
  const { step, steps, doing } = demo.data;
  return (
    <Card className="flex flex-wrap items-center gap-4 px-5 py-4">
      <Sparkles aria-hidden className="size-5 shrink-0 text-accent" />
      <div className="grid min-w-0 flex-1 basis-64 gap-1.5">
        <div className="flex flex-wrap items-baseline justify-between gap-x-3">
          <h2 className="font-semibold">{t('title')}</h2>
          <p role="status" className="tabular text-muted text-sm">
            {demo.isCancelling
              ? t('cancelling')
              : doing
                ? t(`doing.${doing.what}`, { family: t(`families.${doing.family}`), version: doing.version })
                : t('waiting')}
            {` · ${t('steps', { step, steps })}`}
          </p>
        </div>
        <Progress label={t('title')} value={step} max={steps} />
        <p className="text-muted text-sm">{t('text')}</p>
        {demo.cancelError && <ProblemCard problem={demo.cancelError} onRetry={demo.cancel} />}
      </div>
      <Button size="sm" busy={demo.isCancelling} onClick={demo.cancel}>
        {t('cancel')}
      </Button>
    </Card>
  );
}

function Cancelled({ onAgain, isStarting }: { onAgain: () => void; isStarting: boolean }) {
  const t = useTranslations('models.demo');
  return (
    <Card className="flex flex-wrap items-center gap-4 px-5 py-4">
      <Ban aria-hidden className="size-5 shrink-0 text-muted" />
      <p role="status" className="min-w-0 flex-1 basis-64">
        {t('cancelled')}
      </p>
      <Button size="sm" busy={isStarting} onClick={onAgain}>
        {t('goOn')}
      </Button>
    </Card>
  );
}
