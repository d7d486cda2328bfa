import type { z } from 'zod';
import type { ErrorCode } from './errors.js';

/**
 * Who may call a route. Anything but `public` needs a valid token; services check ownership besides. `program`: a
 * person's program, whose token stands for a project. `run`: the run that the path names, by its own token. `writer`:
 * either of these two.
 */
export type Access = 'public' | 'user' | 'program' | 'run' | 'writer' | 'service';

export type RouteSpec = {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Full path on the front door, parameters as `:name`, and the rest of a path as `*`. */
  path: `/${string}`;
  summary: string;
  access: Access;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** A schema for JSON, or `stream` for bytes that are handed on as they arrive. */
  body?: z.ZodType | 'stream';
  /** A schema for JSON, or `stream` for bytes. Absent: 204 without a body. */
  response?: z.ZodType | 'stream';
  errors?: readonly ErrorCode[];
};

/** Declares a route once, for the server, the client and the OpenAPI page. */
export function route<const R extends RouteSpec>(spec: R): R {
  return spec;
}

type Out<T> = T extends z.ZodType ? z.infer<T> : undefined;

/** What a handler is given: everything validated. `body` of a stream route is passed separately. */
export type RouteInput<R extends RouteSpec> = {
  params: Out<R['params']>;
  query: Out<R['query']>;
  body: Out<R['body']>;
};

/** What a handler returns, and what a client gets. */
export type RouteOutput<R extends RouteSpec> = R['response'] extends z.ZodType ? z.infer<R['response']> : undefined;
