'use client';

import { runRoutes } from '@mallo/contracts';
import { MessageSquare, Rocket } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { isActive } from '@/runs/run-status';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { Field } from '@/ui/field';
import { Link } from '@/ui/link';
import { Select } from '@/ui/select';
import { Skeleton } from '@/ui/skeleton';

/** As many as are told of at once. */
const MOST_RUNS = 200;

type RunChoiceProps = { projectId: string; value: string | null; onChange: (runId: string) => void };

/** The trainings of a project that have ended, to take the files of one. */
export function RunChoice({ projectId, value, onChange }: RunChoiceProps) {
  const t = useTranslations('models.register.run');
  const status = useTranslations('run.status');
  const format = useFormat();
  const runs = useRoute(runRoutes.list, { params: { projectId }, query: { limit: MOST_RUNS } });
  if (runs.error) return <ProblemCard problem={runs.error} onRetry={() => runs.refetch()} />;
  if (!runs.data) return <Skeleton className="h-16" />;
  const ended = runs.data.filter((run) => !isActive(run.status));
  if (ended.length === 0) {
    return (
      <EmptyState icon={Rocket} title={t('none.title')} text={t('none.text')}>
        <Button asChild>
          <Link href="/">
            <MessageSquare aria-hidden />
            {t('none.action')}
          </Link>
        </Button>
      </EmptyState>
    );
  }
  return (
    <Field label={t('label')} hint={t('hint')}>
      {({ id }) => (
        <Select
          id={id}
          value={value ?? ''}
          onValueChange={onChange}
          placeholder={t('placeholder')}
          options={ended.map((run) => ({
            value: run.id,
            label: [
              run.name,
              run.valAccuracy === null ? null : format.percent(run.valAccuracy),
              status(run.status),
              format.date(run.createdAt),
            ]
              .filter(Boolean)
              .join(' · '),
          }))}
        />
      )}
    </Field>
  );
}
