'use client';

import { type CurvePoints, type CurvesWanted, type LastPoint, trackingRoutes } from '@mallo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { routeKey, useRoute } from '@/api/use-route';
import { atBeat } from '../live/beat';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { askTogether } from './ask-together';
import { growsBy, newsOf, withLast, withTail } from './live-points';

/** The points between those that are pushed are asked for every so many beats of the page; */
const FILL_BEATS = 2;
/** while they are so small a part of a curve that their gaps are hardly seen, every so many. */
const FILLED_PART = 1 / 100;
const SLOW_FILL_BEATS = 20;
/** A growth by a smaller part is about a pixel of a chart: it waits. */
const SEEN_PART = 1 / 400;
/** For so many beats of the page; not all charts of it for as many, so that they take turns. */
const UNSEEN_BEATS = { least: 3, most: 6 };

type Wanted = { curves: CurvesWanted['curves']; maxPoints: number; axis: 'step' | 'time'; from?: number; to?: number };

/** Curves, thinned on the server, that grow at their ends as points are pushed. Null waits. */
export function useCurves(wanted: Wanted | null, feed: Pick<ProjectFeed, 'listen'>) {
  const queryClient = useQueryClient();
  const request = wanted && { body: wanted };
  const key = routeKey(trackingRoutes.curves, request ?? undefined);
  const found = useRoute(trackingRoutes.curves, request, { keepsBefore: true, isPlain: true });
  const latest = useRef({ key, wanted, isThere: false });
  const isThere = found.isSuccess && !found.isPlaceholderData;
  latest.current = { key, wanted, isThere };
  /** Curves that had news, each with the step up to which all of its points are here. */
  const behind = useRef(new Map<string, number>());
  const filling = useRef<{ every: number; takeBack: () => void } | null>(null);
  /** Last points that wait, the newest of each curve. */
  const waiting = useRef<{ news: Map<string, LastPoint>; takeBack: (() => void) | null }>({
    news: new Map(),
    takeBack: null,
  });

  const fill = useCallback(() => {
    filling.current = null;
    const { key, wanted } = latest.current;
    const late = behind.current;
    behind.current = new Map();
    // Another metric may be shown by now.
    const curves = wanted?.curves.filter((ref) => late.has(idOf(ref))) ?? [];
    if (!wanted || curves.length === 0) return;
    const isLong = (curve: CurvePoints) => curve.steps.length > 2 * wanted.maxPoints;
    // Steps of a time axis are not in order, and what grew long is thinned anew.
    const isWhole = wanted.axis === 'time' || (queryClient.getQueryData<CurvePoints[]>(key) ?? []).some(isLong);
    askTogether({
      wanted: isWhole ? wanted : { ...wanted, curves, from: Math.min(...late.values()) },
      take: (tails, from) =>
        queryClient.setQueryData<CurvePoints[]>(key, (before) => {
          const found = new Map(tails.map((tail) => [idOf(tail), tail]));
          return before?.map((curve) => {
            const tail = found.get(idOf(curve));
            if (!tail) return curve;
            return from === undefined ? tail : withTail(curve, tail, from);
          });
        }),
    });
  }, [queryClient]);

  /** Fills at a beat at which other charts of the page do, the sooner the more is missing. */
  const fillSoon = useCallback(() => {
    const late = behind.current;
    const now = queryClient.getQueryData<CurvePoints[]>(latest.current.key) ?? [];
    const hasGaps = now.some((curve) => {
      const from = late.get(idOf(curve));
      return from !== undefined && growsBy(curve, FILLED_PART, from, curve.steps.at(-1) ?? from);
    });
    const every = hasGaps ? FILL_BEATS : SLOW_FILL_BEATS;
    if (filling.current && filling.current.every <= every) return;
    filling.current?.takeBack();
    filling.current = { every, takeBack: atBeat(fill, 1, every) };
  }, [queryClient, fill]);

  const grow = useCallback(() => {
    const { news, takeBack } = waiting.current;
    takeBack?.();
    waiting.current = { news: new Map(), takeBack: null };
    queryClient.setQueryData<CurvePoints[]>(latest.current.key, (curves) =>
      curves?.map((curve) => {
        const last = news.get(idOf(curve));
        if (!last) return curve;
        const id = idOf(curve);
        if (!behind.current.has(id)) behind.current.set(id, curve.steps.at(-1) ?? 0);
        return withLast(curve, last);
      }),
    );
    fillSoon();
  }, [queryClient, fillSoon]);
  useEffect(
    () => () => {
      waiting.current.takeBack?.();
      filling.current?.takeBack();
    },
    [],
  );

  /** What came between the answer and the moment from which points are pushed, which on a page just opened is most often none. */
  const isBehind = useRef(false);
  const catchUp = useCallback(() => {
    const { key, wanted, isThere } = latest.current;
    isBehind.current = !isThere;
    if (!wanted || !isThere) return;
    if (wanted.to !== undefined) return void queryClient.invalidateQueries({ queryKey: key });
    for (const curve of queryClient.getQueryData<CurvePoints[]>(key) ?? []) {
      const id = idOf(curve);
      if (!behind.current.has(id)) behind.current.set(id, curve.steps.at(-1) ?? 0);
    }
    filling.current?.takeBack();
    fill();
  }, [queryClient, fill]);
  useEffect(() => {
    if (isThere && isBehind.current) catchUp();
  }, [isThere, catchUp]);

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
      else {
        const { least, most } = UNSEEN_BEATS;
        waiting.current.takeBack ??= atBeat(grow, least + Math.floor(Math.random() * (most - least + 1)));
      }
    },
    onMissed: catchUp,
  });
  return found;
}

/** No id of a run has a space in it. */
function idOf({ runId, key }: { runId: string; key: string }): string {
  return `${runId} ${key}`;
}
