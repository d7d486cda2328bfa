'use client';

import { type TrackedRun, trackingRoutes } from '@mallo/contracts';
import { useMemo } from 'react';
import { useRoute } from '@/api/use-route';
import { MOST_NAMES } from '../names-in-address';

/** What the compared runs were given, by run; nothing until it is there. */
export function useComparedParams(
  projectId: string,
  runs: readonly TrackedRun[],
): ReadonlyMap<string, Record<string, string>> {
  const keys = useRoute(trackingRoutes.keys, { params: { projectId }, query: { kind: 'params', limit: MOST_NAMES } });
  const names = keys.data?.keys ?? [];
  const runIds = runs.map(({ id }) => id);
  const body = { runIds, columns: { metrics: [], params: names, tags: [] }, limit: 1000 };
  const isWanted = names.length > 0 && runIds.length > 0;
  const found = useRoute(trackingRoutes.search, isWanted ? { params: { projectId }, body } : null);
  return useMemo(() => new Map(found.data?.runs.map(({ id, params }) => [id, params])), [found.data]);
}
