'use client';

import { type CurvePoints, type CurvesWanted, type LastPoint, trackingRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { callRoute, routeKey, useRoute } from '@/api/use-route';
import { throttled } from '../live/throttle';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { growsBy, newsOf, withLast, withTail } from './live-points';

/** The points between those that are pushed are asked for so often while they come; */
const FILL_MS = 2000;
/** while they are so small a part of a curve that their gaps are hardly seen, so much more seldom. */
const FILLED_PART = 1 / 100;
const SLOW_FILLS = 5;
/** A growth by a smaller part is about a pixel of a chart: it waits. */
const SEEN_PART = 1 / 400;
/** For so long; not all charts of a page for as long, so that they take turns. */
const UNSEEN_MS = { least: 1500, more: 1500 };

type Wanted = { curves: CurvesWanted['curves']; maxPoints: number; axis: 'step' | 'time'; from?: number; to?: number };

/** Curves, thinned on the server, that grow at their ends as points are pushed. Null waits. */
export function useCurves(wanted: Wanted | null, feed: Pick<ProjectFeed, 'listen'>) {
  const queryClient = useQueryClient();
  const request = wanted && { body: wanted };
  const key = routeKey(trackingRoutes.curves, request ?? undefined);
  const found = useRoute(trackingRoutes.curves, request, { keepsBefore: true, isPlain: true });
  const latest = useRef({ key, wanted, isThere: false });
  latest.current = { key, wanted, isThere: found.isSuccess && !found.isPlaceholderData };
  /** Curves that had news, each with the step up to which all of its points are here. */
  const behind = useRef(new Map<string, number>());
  const fillsLeftOut = useRef(0);
  /** Last points that wait, the newest of each curve. */
  const waiting = useRef<{ news: Map<string, LastPoint>; timer: ReturnType<typeof setTimeout> | null }>({
    news: new Map(),
    timer: null,
  });

  const fill = useMemo(
    () =>
      throttled(async () => {
        const { key, wanted } = latest.current;
        const late = behind.current;
        if (!wanted || late.size === 0) return;
        const now = queryClient.getQueryData<CurvePoints[]>(key) ?? [];
        const hasGaps = now.some((curve) => {
          const from = late.get(idOf(curve));
          return from !== undefined && growsBy(curve, FILLED_PART, from, curve.steps.at(-1) ?? from);
        });
        fillsLeftOut.current = hasGaps ? 0 : (fillsLeftOut.current + 1) % SLOW_FILLS;
        if (fillsLeftOut.current > 0) {
          // Once this one is over: until then the next would begin at once.
          queueMicrotask(fill.call);
          return;
        }
        behind.current = new Map();
        const curves = wanted.curves.filter((ref) => late.has(idOf(ref)));
        const isLong = (curve: CurvePoints) => curve.steps.length > 2 * wanted.maxPoints;
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

  const grow = useCallback(() => {
    const { news, timer } = waiting.current;
    if (timer) clearTimeout(timer);
    waiting.current = { news: new Map(), timer: null };
    queryClient.setQueryData<CurvePoints[]>(latest.current.key, (curves) =>
      curves?.map((curve) => {
        const last = news.get(idOf(curve));
        if (!last) return curve;
        const id = idOf(curve);
        if (!behind.current.has(id)) behind.current.set(id, curve.steps.at(-1) ?? 0);
        return withLast(curve, last);
      }),
    );
    fill.call();
  }, [queryClient, fill]);
  useEffect(
    () => () => {
      if (waiting.current.timer) clearTimeout(waiting.current.timer);
    },
    [],
  );

  useFeedListener(feed, {
    onRuns: (runs) => {
      const { key, wanted, isThere } = latest.current;
      // What is looked at closely lies in the past.
      if (!isThere || !wanted || wanted.to !== undefined) return;
      const news = newsOf(runs, queryClient.getQueryData<CurvePoints[]>(key) ?? []);
      if (news.size === 0) return;
      let isSeen = false;
      for (const [curve, last] of news) {
        waiting.current.news.set(idOf(curve), last);
        isSeen ||= growsBy(curve, SEEN_PART, curve.steps.at(-1) ?? last.step, last.step);
      }
      if (isSeen) grow();
      else waiting.current.timer ??= setTimeout(grow, UNSEEN_MS.least + Math.random() * UNSEEN_MS.more);
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
