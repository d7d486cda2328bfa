'use client';

import { type TrackedRun, trackingRoutes } from '@mallo/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { callRoute, useRoute } from '@/api/use-route';

/** As many names as one search can ask for. */
const MOST = 200;

/** What the compared runs were given, by run; nothing until it is there. */
export function useComparedParams(
  projectId: string,
  runs: readonly TrackedRun[],
): ReadonlyMap<string, Record<string, string>> {
  const keys = useRoute(trackingRoutes.keys, { params: { projectId }, query: { kind: 'params', limit: MOST } });
  const names = keys.data?.keys ?? [];
  const runIds = runs.map(({ id }) => id);
  const body = { runIds, columns: { metrics: [], params: names, tags: [] }, limit: 1000 };
  const found = useQuery({
    queryKey: [trackingRoutes.search.path, 'params', projectId, body],
    queryFn: ({ signal }) => callRoute(trackingRoutes.search, { params: { projectId }, body }, signal),
    enabled: names.length > 0 && runIds.length > 0,
  });
  return useMemo(() => new Map(found.data?.runs.map(({ id, params }) => [id, params])), [found.data]);
}
