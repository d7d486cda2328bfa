'use client';

import { type LastPoint, type RouteOutput, type RunsFrame, trackingRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routeKey, useRoute } from '@/api/use-route';
import { useFeedListener, useProjectFeed } from '../live/use-project-feed';

/** A run as it is now, and what is pushed of it. */
export function useTrackedRun(runId: string, metrics: readonly string[]) {
  const queryClient = useQueryClient();
  const request = { params: { runId } };
  const key = routeKey(trackingRoutes.run, request);
  const record = useRoute(trackingRoutes.run, request);
  const feed = useProjectFeed(record.data?.projectId ?? null, metrics);
  const [latest, setLatest] = useState<Record<string, LastPoint>>({});
  const refresh = () => void queryClient.invalidateQueries({ queryKey: key });
  const onRuns = (runs: RunsFrame['runs']) => {
    const news = runs.find(({ id }) => id === runId);
    if (!news) return;
    if (news.changed || news.status !== record.data?.status) refresh();
    queryClient.setQueryData<RouteOutput<typeof trackingRoutes.run>>(
      key,
      (run) => run && { ...run, status: news.status },
    );
    setLatest((before) => ({ ...before, ...news.metrics }));
  };
  useFeedListener(feed, { onRuns, onMissed: refresh });
  return { record, feed, latest };
}
