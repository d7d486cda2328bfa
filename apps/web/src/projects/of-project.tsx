'use client';

import { Fragment, type ReactNode } from 'react';
import { ProblemCard } from '@/errors/problem-card';
import { Skeleton } from '@/ui/skeleton';
import { NoProject } from './no-project';
import { useCurrentProject } from './use-current-project';

type OfProjectProps = { title: string; children: (projectId: string) => ReactNode };

/** A page that fills the screen with what is of the project, once it is known; made anew for each project. */
export function OfProject({ title, children }: OfProjectProps) {
  const { project, projects } = useCurrentProject();
  if (projects.data && !project) return <NoProject title={title} />;
  if (projects.error) {
    return <ProblemCard problem={projects.error} onRetry={() => projects.refetch()} className="m-4 sm:m-6" />;
  }
  if (!project) return <Skeleton className="m-4 h-96 rounded-xl sm:m-6" />;
  return <Fragment key={project.id}>{children(project.id)}</Fragment>;
}
