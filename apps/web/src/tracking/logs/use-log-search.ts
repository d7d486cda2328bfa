'use client';

import { trackingRoutes } from '@mallo/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { callRoute } from '@/api/use-route';

/** So many matches are asked for at once. */
const PAGE = 1000;

/** Numbers of the lines that hold a text, as many as were walked to. */
export function useLogSearch(runId: string, search: string) {
  const found = useInfiniteQuery({
    queryKey: [trackingRoutes.logs.path, runId, 'search', search],
    queryFn: ({ pageParam, signal }) =>
      callRoute(trackingRoutes.logs, { params: { runId }, query: { from: pageParam, limit: PAGE, search } }, signal),
    initialPageParam: 1,
    getNextPageParam: ({ lines }) => (lines.length === PAGE ? (lines.at(-1)?.number ?? 0) + 1 : null),
    enabled: search !== '',
  });
  const numbers = useMemo(
    () => found.data?.pages.flatMap(({ lines }) => lines.map(({ number }) => number)) ?? [],
    [found.data],
  );
  return { ...found, numbers };
}
