'use client';

import { type CurvePoints, type CurvesWanted, trackingRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { callRoute, routeKey, useRoute } from '@/api/use-route';
import { throttled } from '../live/throttle';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { newsOf, withLast, withTail } from './live-points';

/** The points between those that are pushed are asked for so often while they come. */
const FILL_MS = 2000;

type Wanted = { curves: CurvesWanted['curves']; maxPoints: number; axis: 'step' | 'time'; from?: number; to?: number };

/** Curves, thinned on the server, that grow at their ends as points are pushed. Null waits. */
export function useCurves(wanted: Wanted | null, feed: Pick<ProjectFeed, 'listen'>) {
  const queryClient = useQueryClient();
  const request = wanted && { body: wanted };
  const key = routeKey(trackingRoutes.curves, request ?? undefined);
  const found = useRoute(trackingRoutes.curves, request, { keepsBefore: true });
  const latest = useRef({ key, wanted, isThere: false });
  latest.current = { key, wanted, isThere: found.isSuccess && !found.isPlaceholderData };
  /** Curves that had news, each with the step up to which all of its points are here. */
  const behind = useRef(new Map<string, number>());

  const fill = useMemo(
    () =>
      throttled(async () => {
        const { key, wanted } = latest.current;
        const late = behind.current;
        behind.current = new Map();
        if (!wanted || late.size === 0) return;
        const curves = wanted.curves.filter((ref) => late.has(idOf(ref)));
        const isLong = (curve: CurvePoints) => curve.steps.length > 2 * wanted.maxPoints;
        const now = queryClient.getQueryData<CurvePoints[]>(key) ?? [];
        // Steps of a time axis are not in order, and what grew long is thinned anew.
        const isWhole = wanted.axis === 'time' || now.some(isLong);
        const from = isWhole ? undefined : Math.min(...late.values());
        const tails = await callRoute(trackingRoutes.curves, {
          body: { ...wanted, ...(from === undefined ? {} : { curves, from }) },
        }).catch(() => null);
        if (!tails) return;
        queryClient.setQueryData<CurvePoints[]>(key, (before) => {
          if (!before || from === undefined) return tails;
          const found = new Map(tails.map((tail) => [idOf(tail), tail]));
          return before.map((curve) => {
            const tail = found.get(idOf(curve));
            return tail ? withTail(curve, tail, from) : curve;
          });
        });
      }, FILL_MS),
    [queryClient],
  );
  useEffect(() => fill.cancel, [fill]);

  useFeedListener(feed, {
    onRuns: (runs) => {
      const { key, wanted, isThere } = latest.current;
      // What is looked at closely lies in the past.
      if (!isThere || !wanted || wanted.to !== undefined) return;
      const curves = queryClient.getQueryData<CurvePoints[]>(key) ?? [];
      const news = newsOf(runs, curves);
      if (news.size === 0) return;
      for (const curve of news.keys()) {
        const id = idOf(curve);
        if (!behind.current.has(id)) behind.current.set(id, curve.steps.at(-1) ?? 0);
      }
      queryClient.setQueryData<CurvePoints[]>(
        key,
        curves.map((curve) => {
          const last = news.get(curve);
          return last ? withLast(curve, last) : curve;
        }),
      );
      fill.call();
    },
    onMissed: () => {
      if (latest.current.isThere) void queryClient.invalidateQueries({ queryKey: latest.current.key });
    },
  });
  return found;
}

/** No id of a run has a space in it. */
function idOf({ runId, key }: { runId: string; key: string }): string {
  return `${runId} ${key}`;
}
