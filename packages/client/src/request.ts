import type { RouteSpec } from '@mallo/contracts';
import type { z } from 'zod';

/** Query and path values as the server sees them after reading (`20`, not `"20"`); what has a default may be left out. */
type Values<T> = T extends z.ZodType
  ? { [K in keyof z.input<T>]: K extends keyof z.output<T> ? z.output<T>[K] : never }
  : never;

type Part<Name extends string, T> = [T] extends [never]
  ? unknown
  : Partial<Record<never, T>> extends T
    ? { [K in Name]?: T }
    : { [K in Name]: T };

/** What a caller gives for a route: its path parameters, query and JSON body, each only where the route has it. */
export type RequestOf<R extends RouteSpec> = Part<'params', Values<R['params']>> &
  Part<'query', Values<R['query']>> &
  (R['body'] extends z.ZodType ? Part<'body', z.input<R['body']>> : unknown);

/** `RequestOf` as an argument that may be left out when nothing in it is needed. */
export type RequestArgs<R extends RouteSpec> =
  Partial<Record<never, never>> extends RequestOf<R>
    ? [request?: RequestOf<R>, options?: CallOptions]
    : [request: RequestOf<R>, options?: CallOptions];

export type CallOptions = { signal?: AbortSignal };

/** `from`: only the bytes from there on, if the file still has that ETag; else all of it comes. */
export type DownloadOptions = CallOptions & { from?: { byte: number; etag: string } };

/** A request whose route is not known to the compiler. */
export type AnyRequest = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };

/** A route's address with its parameters filled in and escaped. */
export function addressOf(baseUrl: string, route: RouteSpec, request: AnyRequest = {}): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(request.params?.[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    // Several values are the same name several times.
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(name, String(one));
  }
  return `${baseUrl}${path}${query.size > 0 ? `?${query}` : ''}`;
}
