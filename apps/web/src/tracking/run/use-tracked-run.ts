'use client';

import { type RouteOutput, type RunsFrame, trackingRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { routeKey, useRoute } from '@/api/use-route';
import { useFeedListener, useProjectFeed } from '../live/use-project-feed';

/** A run as it is now, and what is pushed of it. */
export function useTrackedRun(runId: string, metrics: readonly string[]) {
  const queryClient = useQueryClient();
  const request = { params: { runId } };
  const key = routeKey(trackingRoutes.run, request);
  const record = useRoute(trackingRoutes.run, request);
  const feed = useProjectFeed(record.data?.projectId ?? null, metrics);
  const refresh = () => void queryClient.invalidateQueries({ queryKey: key });
  const onRuns = (runs: RunsFrame['runs']) => {
    const news = runs.find(({ id }) => id === runId);
    if (!news) return;
    const isOther = news.status !== record.data?.status;
    if (news.changed || isOther) refresh();
    // Points come many times a second, and are no news of the record.
    if (!isOther) return;
    queryClient.setQueryData<RouteOutput<typeof trackingRoutes.run>>(
      key,
      (run) => run && { ...run, status: news.status },
    );
  };
  useFeedListener(feed, { onRuns, onMissed: refresh });
  return { record, feed };
}
