'use client';

import { type RunsFrame, runArtifactRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Files } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { routeKey, useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { EmptyState } from '@/ui/empty-state';
import { ScrollRegion } from '@/ui/scroll-region';
import { Skeleton } from '@/ui/skeleton';
import { useAddress } from '@/ui/use-address';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { type ArtifactRef, readArtifactAddress, writeArtifactAddress } from './artifact-address';
import { ArtifactTree } from './artifact-tree';
import { FileView } from './file-view';
import { ModelView } from './model-view';

type RunArtifactsProps = { projectId: string; runId: string; feed: Pick<ProjectFeed, 'listen'> };

/** Files and models that a run logged, as they come: a tree of them, and beside it what is chosen there. */
export function RunArtifacts({ projectId, runId, feed }: RunArtifactsProps) {
  const t = useTranslations('runs.artifacts');
  const [{ artifact }, change] = useAddress(readArtifactAddress, writeArtifactAddress);
  const params = { projectId, runId };
  const models = useRoute(runArtifactRoutes.models, { params });
  const root = useRoute(runArtifactRoutes.list, { params, query: { path: '' } });
  const queryClient = useQueryClient();
  const refresh = () => {
    for (const route of [runArtifactRoutes.models, runArtifactRoutes.list]) {
      void queryClient.invalidateQueries({ queryKey: routeKey(route, { params }) });
    }
  };
  useFeedListener(feed, {
    onRuns: (runs: RunsFrame['runs']) => {
      if (runs.some(({ id, changed }) => id === runId && changed)) refresh();
    },
    onMissed: refresh,
  });
  const problem = models.data && root.data ? null : (models.error ?? root.error);
  if (problem) {
    const again = () => Promise.all([models.refetch(), root.refetch()]);
    return <ProblemCard problem={problem} onRetry={again} className="m-4 sm:m-6" />;
  }
  if (!models.data || !root.data) return <Skeleton className="m-6 h-40" />;
  if (models.data.length === 0 && root.data.artifacts.length === 0) {
    const { location } = root.data;
    const isHere = location.startsWith('mlflow-artifacts:');
    return (
      <div className="mx-auto w-full max-w-2xl p-4 sm:p-8">
        <EmptyState
          icon={Files}
          title={t(isHere ? 'none' : 'elsewhere')}
          text={isHere ? t('noneText') : t('elsewhereText', { location })}
        />
      </div>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <ScrollRegion
        label={t('title')}
        className="h-56 shrink-0 border-b bg-surface lg:h-auto lg:w-80 lg:border-r lg:border-b-0"
      >
        <ArtifactTree
          {...params}
          models={models.data}
          chosen={artifact}
          onChoose={(next) => change({ artifact: next }, 'replace')}
        />
      </ScrollRegion>
      {artifact ? shown(artifact) : <p className="px-6 py-16 text-center text-muted lg:flex-1">{t('choose')}</p>}
    </div>
  );

  function shown({ model, path }: ArtifactRef) {
    const chosen = models.data?.find(({ modelId, name }) => modelId === model && (model ? path === '' : name === path));
    if (chosen) return <ModelView key={chosen.source} {...params} model={chosen} />;
    return <FileView {...params} artifact={{ model, path }} />;
  }
}
