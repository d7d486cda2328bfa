'use client';

import type { RequestOf } from '@mallo/client';
import type { RouteOutput, RouteSpec } from '@mallo/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { callRoute, pagesKey } from './use-route';

/** What of a query or body asks for the next page. */
type Next = Record<string, string | number>;

/**
 * The answers of a route page by page, as many as were asked for. While others come, such as for another search, those
 * of before stay. A request of `null` waits. `next` gives what asks for the page after these; null: there is none.
 */
export function useRoutePages<R extends RouteSpec>(
  route: R,
  request: RequestOf<R> | null,
  next: (pages: RouteOutput<R>[]) => Next | null,
) {
  return useInfiniteQuery({
    queryKey: pagesKey(route, request),
    queryFn: ({ pageParam, signal }) => {
      const asked = request as RequestOf<R> & { query?: object; body?: object };
      const part = asked.body ? 'body' : 'query';
      return callRoute(route, { ...asked, [part]: { ...asked[part], ...pageParam } }, signal);
    },
    initialPageParam: {} as Next,
    getNextPageParam: (_, pages) => next(pages),
    placeholderData: keepPreviousData,
    enabled: request !== null,
  });
}
