'use client';

import { type RunPage, type RunSearch, trackingRoutes } from '@mallo/contracts';
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { callRoute } from '@/api/use-route';
import { throttled } from '../live/throttle';
import { type ProjectFeed, useFeedListener } from '../live/use-project-feed';
import { needsFreshHead, withFrame, withFreshHead } from './run-pages';

/** What is seen first comes first; whoever scrolls on wants much. */
const FIRST_PAGE = 100;
const NEXT_PAGES = 1000;
const FRESH_HEAD_MS = 1000;

type Wanted = Partial<Omit<RunSearch, 'limit' | 'cursor'>>;

/** The runs of a search, as many as were scrolled to, kept as they are now by what is pushed. */
export function useRunSearch(
  projectId: string,
  wanted: Wanted | null,
  feed: Pick<ProjectFeed, 'listen'>,
  firstPage = FIRST_PAGE,
) {
  const queryClient = useQueryClient();
  const params = { projectId };
  const key = [trackingRoutes.search.path, params, wanted];
  const found = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      callRoute(
        trackingRoutes.search,
        {
          params,
          body: { ...wanted, limit: pageParam ? NEXT_PAGES : firstPage, ...(pageParam && { cursor: pageParam }) },
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last: RunPage) => last.nextCursor,
    placeholderData: keepPreviousData,
    enabled: wanted !== null,
  });

  const latest = useRef({ key, wanted });
  latest.current = { key, wanted };
  const change = (into: unknown[], by: (pages: RunPage[]) => RunPage[]) =>
    queryClient.setQueryData<InfiniteData<RunPage, string | null>>(into, (data) => {
      if (!data) return data;
      const pages = by(data.pages);
      return { pages, pageParams: data.pageParams.slice(0, pages.length) };
    });
  const refresh = useMemo(
    () =>
      throttled(async () => {
        const { key, wanted } = latest.current;
        if (!wanted) return;
        // It failed: the next change asks again, and what is shown stays.
        const fresh = await callRoute(trackingRoutes.search, {
          params: { projectId },
          body: { ...wanted, limit: firstPage },
        }).catch(() => null);
        if (fresh) change(key, (pages) => withFreshHead(pages, fresh));
      }, FRESH_HEAD_MS),
    [projectId, queryClient, firstPage],
  );
  useEffect(() => refresh.cancel, [refresh]);
  useFeedListener(feed, {
    onRuns: (told) => {
      const pages = queryClient.getQueryData<InfiniteData<RunPage>>(latest.current.key)?.pages ?? [];
      if (needsFreshHead(pages, told)) refresh.call();
      change(latest.current.key, (all) => withFrame(all, told));
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
