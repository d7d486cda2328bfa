'use client';

import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import { NoProject } from '@/projects/no-project';
import { useCurrentProject } from '@/projects/use-current-project';
import { Button } from '@/ui/button';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/skeleton';
import { RegisterForm } from './register-form';

/** Makes a version of a model from files. */
export function RegisterPage() {
  const t = useTranslations('models.register');
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
      {project && <RegisterForm key={project.id} projectId={project.id} />}
    </Page>
  );
}
