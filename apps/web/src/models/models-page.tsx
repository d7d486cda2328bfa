'use client';

import { Upload } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ProblemCard } from '@/errors/problem-card';
import { NoProject } from '@/projects/no-project';
import { useCurrentProject } from '@/projects/use-current-project';
import { Button } from '@/ui/button';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Skeleton } from '@/ui/skeleton';
import { DeletedVersions } from './deleted-versions';
import { DemoModels } from './demo/demo-models';
import { ModelSearch } from './list/model-search';
import { RegistryMenu } from './registry-file/registry-menu';

/** A project's models, to be searched; where there are none, the ways to get one. */
export function ModelsPage() {
  const t = useTranslations('models');
  const { project, projects } = useCurrentProject();
  if (projects.data && !project) return <NoProject title={t('title')} />;
  return (
    <Page
      title={t('title')}
      description={project && t('description', { project: project.name })}
      actions={
        project && (
          <>
            <RegistryMenu projectId={project.id} />
            <Button asChild>
              <Link href={`/models/register?project=${project.id}`}>
                <Upload aria-hidden />
                {t('register.title')}
              </Link>
            </Button>
          </>
        )
      }
    >
      {projects.error && <ProblemCard problem={projects.error} onRetry={() => projects.refetch()} />}
      {projects.isPending && <Skeleton className="h-96 rounded-xl" />}
      {project && (
        <>
          <DemoModels projectId={project.id} />
          <ModelSearch key={project.id} projectId={project.id} />
          <DeletedVersions projectId={project.id} />
        </>
      )}
    </Page>
  );
}
