'use client';

import { Boxes, MessageSquarePlus, Sparkles, Upload } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { useDemoModels } from '../demo/use-demo-models';
import { isUnderWay } from '../is-under-way';

/** The ways to a first model. */
export function NoModels({ projectId }: { projectId: string }) {
  const t = useTranslations('models');
  const demo = useDemoModels(projectId);
  // Its own card says how far it is.
  const isBusy = isUnderWay(demo.state) || demo.isStarting;
  return (
    <>
      {demo.startError && <ProblemCard problem={demo.startError} onRetry={demo.start} />}
      <EmptyState icon={Boxes} title={t('empty.title')} text={t('empty.text')}>
        <Button variant="primary" asChild>
          <Link href={`/projects/${projectId}`}>
            <MessageSquarePlus aria-hidden />
            {t('empty.action')}
          </Link>
        </Button>
        <Button asChild>
          <Link href={`/models/register?project=${projectId}`}>
            <Upload aria-hidden />
            {t('empty.register')}
          </Link>
        </Button>
        <Button busy={isBusy} onClick={demo.start}>
          {!isBusy && <Sparkles aria-hidden />}
          {t('empty.demo')}
        </Button>
      </EmptyState>
    </>
  );
}
