'use client';

import { type RunPage, type RunsFrame, trackingRoutes } from '@mallo/contracts';
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { callRoute, pagesKey } from '@/api/use-route';
import { useRoutePages } from '@/api/use-route-pages';
import { throttled } from '../live/throttle';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { needsFreshHead, withFrame, withFreshHead } from './run-pages';
import { type RunsWanted, searchRequest } from './run-requests';

const NEXT_PAGES = 1000;
const FRESH_HEAD_MS = 1000;
/** Figures in a table are read, not watched. */
const FIGURES_MS = 1000;

/** The runs of a search, as many as were scrolled to, kept as they are now by what is pushed. */
export function useRunSearch(
  projectId: string,
  wanted: RunsWanted | null,
  feed: Pick<ProjectFeed, 'listen'>,
  firstPage?: number,
) {
  const queryClient = useQueryClient();
  const request = wanted && searchRequest(projectId, wanted, firstPage);
  const key = pagesKey(trackingRoutes.search, request);
  const found = useRoutePages(trackingRoutes.search, request, (pages) => {
    const cursor = pages.at(-1)?.nextCursor;
    return cursor ? { cursor, limit: NEXT_PAGES } : null;
  });

  const latest = useRef({ key, request });
  latest.current = { key, request };
  const change = (into: unknown[], by: (pages: RunPage[]) => RunPage[]) =>
    queryClient.setQueryData<InfiniteData<RunPage>>(into, (data) => {
      if (!data) return data;
      const pages = by(data.pages);
      return { pages, pageParams: data.pageParams.slice(0, pages.length) };
    });
  const refresh = useMemo(
    () =>
      throttled(async () => {
        const { key, request } = latest.current;
        if (!request) return;
        // It failed: the next change asks again, and what is shown stays.
        const fresh = await callRoute(trackingRoutes.search, request).catch(() => null);
        if (fresh) change(key, (pages) => withFreshHead(pages, fresh));
      }, FRESH_HEAD_MS),
    [queryClient],
  );
  useEffect(() => refresh.cancel, [refresh]);
  const frames = useRef<RunsFrame['runs'][]>([]);
  const tell = useMemo(
    () =>
      throttled(() => {
        const told = frames.current;
        frames.current = [];
        change(latest.current.key, (all) => told.reduce(withFrame, all));
      }, FIGURES_MS),
    [queryClient],
  );
  useEffect(() => tell.cancel, [tell]);
  useFeedListener(feed, {
    onRuns: (told) => {
      const pages = queryClient.getQueryData<InfiniteData<RunPage>>(latest.current.key)?.pages ?? [];
      if (needsFreshHead(pages, told)) refresh.call();
      frames.current.push(told);
      tell.call();
    },
    // An answer that is still on its way is new enough.
    onMissed: () => queryClient.getQueryData(latest.current.key) !== undefined && refresh.call(),
  });

  // Where a search is refused, as half a condition is, what was found before stays.
  const before = useRef(found.data);
  if (found.data) before.current = found.data;
  const data = found.data ?? (found.error ? before.current : undefined);
  const runs = useMemo(() => data?.pages.flatMap((page) => page.runs) ?? [], [data]);
  return { ...found, runs, total: data?.pages[0]?.total ?? 0 };
}
