'use client';

import { type RunColumns, trackingRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useRoute } from '@/api/use-route';
import { throttled } from '../live/throttle';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { CHOSEN, chooseColumns, namesRequest } from './run-requests';

const NAMES_MS = 3000;

/** The columns that are shown: those chosen, or else some that the runs have; null until that is known. */
export function useRunColumns(projectId: string, chosen: RunColumns | null): RunColumns | null {
  const metrics = useRoute(trackingRoutes.keys, chosen ? null : namesRequest(projectId, 'metrics'));
  const params = useRoute(trackingRoutes.keys, chosen ? null : namesRequest(projectId, 'params'));
  if (chosen) return chosen;
  // Without the names the runs themselves are still worth seeing.
  if (metrics.isPending || params.isPending) return null;
  return chooseColumns({ metrics: metrics.data?.keys ?? [], params: params.data?.keys ?? [] });
}

/** Asks again for names while there are few of them: the first runs of a project bring them. */
export function useNewNames(projectId: string, columns: RunColumns | null, feed: Pick<ProjectFeed, 'listen'>): void {
  const queryClient = useQueryClient();
  const ask = useMemo(
    () =>
      throttled(() => {
        void queryClient.invalidateQueries({ queryKey: [trackingRoutes.keys.path, { projectId }] });
      }, NAMES_MS),
    [queryClient, projectId],
  );
  useEffect(() => ask.cancel, [ask]);
  useFeedListener(feed, {
    onRuns: () =>
      columns && (columns.metrics.length < CHOSEN.metrics || columns.params.length < CHOSEN.params) && ask.call(),
  });
}
