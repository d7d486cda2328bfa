import { type AnyRequest, addressOf, type RequestOf } from '@mallo/client';
import type { RouteOutput, RouteSpec } from '@mallo/contracts';
import { type DehydratedState, dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { pagesKey, routeKey } from './use-route';

/** What takes longer the page asks for itself, once it shows what there is. */
const PATIENCE_MS = 2000;

/** Asks a route in the name of whoever opens the page. Undefined: refused, or not answered in time. */
export type AskAhead = {
  route<R extends RouteSpec>(route: R, request: RequestOf<R>): Promise<RouteOutput<R> | undefined>;
  /** The first page, as `useRoutePages` asks for it. */
  pages<R extends RouteSpec>(route: R, request: RequestOf<R>): Promise<RouteOutput<R> | undefined>;
};

/**
 * The answers that a page will ask for, got while its scripts are on their way to the browser. What is missing, such as all
 * of it where the session is to be renewed first, the page asks for itself. So it does on the way from one page to another,
 * when its scripts are there and it may know the answers already.
 */
export async function answersAhead(ask: (ahead: AskAhead) => Promise<unknown>): Promise<DehydratedState> {
  const queryClient = new QueryClient({ defaultOptions: { dehydrate: { serializeData: JSON.stringify } } });
  const asked = await headers();
  const cookie = asked.get('cookie');
  // Next asks for parts of pages with other words.
  if (cookie && asked.get('accept')?.includes('text/html')) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await ask({
      route: <R extends RouteSpec>(route: R, request: RequestOf<R>) =>
        queryClient
          .query<RouteOutput<R>>({
            queryKey: routeKey(route, request),
            queryFn: () => callAs(cookie, route, request as AnyRequest, signal),
          })
          .catch(() => undefined),
      pages: <R extends RouteSpec>(route: R, request: RequestOf<R>) =>
        queryClient
          .infiniteQuery<RouteOutput<R>>({
            queryKey: pagesKey(route, request),
            queryFn: () => callAs(cookie, route, request as AnyRequest, signal),
            initialPageParam: {},
          })
          .then(({ pages }) => pages[0])
          .catch(() => undefined),
    });
  }
  return dehydrate(queryClient);
}

/** Brings its children the answers that they will ask for. */
export async function AnswersAhead({
  ask,
  children,
}: {
  ask: (ahead: AskAhead) => Promise<unknown>;
  children: ReactNode;
}) {
  return <HydrationBoundary state={await answersAhead(ask)}>{children}</HydrationBoundary>;
}

async function callAs(cookie: string, route: RouteSpec, request: AnyRequest, signal: AbortSignal) {
  const { API_URL = '', TELEMETRY_URL = '' } = process.env;
  const answer = await fetch(addressOf(route.path.startsWith('/live/') ? TELEMETRY_URL : API_URL, route, request), {
    method: route.method,
    headers: { cookie, ...(route.body ? { 'content-type': 'application/json' } : {}) },
    body: route.body ? JSON.stringify(request.body ?? {}) : undefined,
    signal,
  });
  if (!answer.ok) throw new Error(`${route.path}: ${answer.status}`);
  return answer.json();
}
