'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ProblemCard } from '@/errors/problem-card';
import { NoProject } from '@/projects/no-project';
import { useCurrentProject } from '@/projects/use-current-project';
import { Button } from '@/ui/button';
import { Page } from '@/ui/page';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { RegisterForm } from './register-form';
import { RegisterRunForm } from './register-run-form';

/** Makes a version of a model from files, or from what a training left. */
export function RegisterPage() {
  const t = useTranslations('models.register');
  const [from, setFrom] = useState<'files' | 'run'>('files');
  const { project, projects } = useCurrentProject();
  if (projects.data && !project) return <NoProject title={t('title')} />;
  return (
    <Page
      title={t('title')}
      description={project && t('description', { project: project.name })}
      className="max-w-3xl"
      actions={
        <Button asChild>
          <Link href={project ? `/models?project=${project.id}` : '/models'}>
            <ArrowLeft aria-hidden />
            {t('back')}
          </Link>
        </Button>
      }
    >
      {projects.error && <ProblemCard problem={projects.error} onRetry={() => projects.refetch()} />}
      {projects.isPending && (
        <>
          <Skeleton className="h-48 rounded-xl" />
          <Skeleton className="h-80 rounded-xl" />
        </>
      )}
      {project && (
        <>
          <Segmented
            label={t('from.label')}
            value={from}
            onValueChange={setFrom}
            options={(['files', 'run'] as const).map((value) => ({ value, label: t(`from.${value}`) }))}
          />
          {/* Files go on arriving while the other is looked at. */}
          <div hidden={from !== 'files'}>
            <RegisterForm key={project.id} projectId={project.id} />
          </div>
          {from === 'run' && <RegisterRunForm key={project.id} projectId={project.id} />}
        </>
      )}
    </Page>
  );
}
