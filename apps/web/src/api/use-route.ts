import type { RequestOf } from '@mallo/client';
import type { RouteOutput, RouteSpec } from '@mallo/contracts';
import { keepPreviousData, type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query';
import { client } from './client';

type Request = { params?: unknown; query?: unknown; body?: unknown };

/** Where the answer of a route is kept; without a query or body, all answers of these params. */
export function routeKey<R extends RouteSpec>(route: R, request?: RequestOf<R>): unknown[] {
  const { params, query, body } = (request ?? {}) as Request;
  return [route.path, ...[params, query, body].filter(Boolean)];
}

/** Where the pages of a route are kept. */
export function pagesKey<R extends RouteSpec>(route: R, request: RequestOf<R> | null): unknown[] {
  return [...routeKey(route, request ?? undefined), 'pages'];
}

/**
 * The answer of a route, kept and shared by all that ask for it. A request of `null` waits. With `keepsBefore` the answer
 * to the request before stays while another comes. `isPlain`: it is long, and not looked through for parts that stayed the same.
 */
export function useRoute<R extends RouteSpec>(
  route: R,
  request: RequestOf<R> | null,
  { keepsBefore = false, isPlain = false } = {},
): UseQueryResult<RouteOutput<R>, Error> {
  return useQuery({
    queryKey: routeKey(route, request ?? undefined),
    queryFn: ({ signal }) => callRoute(route, request as RequestOf<R>, signal),
    enabled: request !== null,
    ...(keepsBefore ? { placeholderData: keepPreviousData } : {}),
    ...(isPlain ? { structuralSharing: false } : {}),
  });
}

/** A call of a route that changes something. */
export function useCall<R extends RouteSpec>(
  route: R,
  options: { onSuccess?: (answer: RouteOutput<R>, request: RequestOf<R>) => unknown } = {},
) {
  return useMutation<RouteOutput<R>, Error, RequestOf<R>>({
    mutationFn: (request) => callRoute(route, request),
    onSuccess: options.onSuccess,
  });
}

export function callRoute<R extends RouteSpec>(
  route: R,
  request: RequestOf<R>,
  signal?: AbortSignal,
): Promise<RouteOutput<R>> {
  // Whether a request may be left out depends on the route, which is not known here.
  const call = client.call.bind(client) as unknown as (...args: unknown[]) => Promise<RouteOutput<R>>;
  return call(route, request, { signal });
}
