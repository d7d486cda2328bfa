'use client';

import { projectRoutes } from '@mallo/contracts';
import { useParams, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { useRoute } from '@/api/use-route';
import { useWorkspace } from '@/shell/use-workspace';

/** The project of the address; where it names none, the one last chosen, or else the first. */
export function useCurrentProject() {
  const { projectId: inPath } = useParams<{ projectId?: string }>();
  const inQuery = useSearchParams().get('project');
  const chosen = useWorkspace((workspace) => workspace.projectId);
  const chooseProject = useWorkspace((workspace) => workspace.chooseProject);
  const projects = useRoute(projectRoutes.list, {});

  const inAddress = inPath ?? inQuery;
  const project =
    projects.data?.find(({ id }) => id === (inAddress ?? chosen)) ?? (inAddress ? undefined : projects.data?.[0]);

  const projectId = project?.id;
  useEffect(() => {
    if (projectId && projectId !== chosen) chooseProject(projectId);
  }, [projectId, chosen, chooseProject]);

  return { project, projects };
}
