import type { IncomingHttpHeaders } from 'node:http';
import { type Access, isMlflowPath, MalloError, MlflowError } from '@mallo/contracts';
import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { routeOf } from './endpoint.js';
import type { Principal } from './tokens.js';

export const ACCESS_COOKIE = 'mallo_access';
export const REFRESH_COOKIE = 'mallo_refresh';

const principals = new WeakMap<FastifyRequest, Principal>();

/** Turns a bearer or cookie token into who it stands for, or null. */
export type VerifyToken = (token: string) => Promise<Principal | null>;

/** The value of one cookie of a Cookie header (RFC 6265, section 4.2). */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return decodeURIComponent(pair.slice(at + 1).trim());
  }
  return undefined;
}

/**
 * A browser says where a request comes from in Origin. A cookie would ride along from any site, so what
 * changes something, or opens a socket, must come from our own pages (OWASP, cross-site request forgery).
 */
export function isFromOtherSite(headers: IncomingHttpHeaders, ownUrl: string): boolean {
  const { origin } = headers;
  if (!origin || origin === new URL(ownUrl).origin) return false;
  const host = headers['x-forwarded-host'] ?? headers.host;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/**
 * The one place that decides who may call what: every route declares its access in the contracts, and a
 * handler without a contract is refused. Whether a thing belongs to the caller is asked by its service.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly verify: VerifyToken,
    private readonly ownUrl: string,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const spec = routeOf(context);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!spec) throw new MalloError('auth.forbidden');
    this.refuseOtherSites(request);
    if (spec.access === 'public') return true;

    const token = tokenOf(request.headers, isMlflowPath(spec.path));
    const principal = token ? await this.verify(token) : null;
    if (!principal) throw new MalloError('auth.required');
    const isOfProject = spec.access === 'program' || spec.access === 'writer';
    if (isOfProject && principal.kind === 'user' && !principal.projectId) {
      throw isMlflowPath(spec.path) ? noProject() : new MalloError('auth.no_project');
    }
    if (!mayCall(principal, spec.access, request)) throw new MalloError('auth.forbidden');
    principals.set(request, principal);
    return true;
  }

  private refuseOtherSites(request: FastifyRequest): void {
    if (request.method === 'GET' || request.headers.authorization) return;
    if (isFromOtherSite(request.headers, this.ownUrl)) throw new MalloError('auth.bad_origin');
  }
}

function mayCall(principal: Principal, access: Access, request: FastifyRequest): boolean {
  if (principal.kind === 'user') return access === 'user' || access === 'program' || access === 'writer';
  if (principal.kind === 'service') return access === 'service';
  const { runId } = (request.params ?? {}) as Record<string, string>;
  return (access === 'run' || access === 'writer') && principal.runId === runId;
}

function noProject(): MlflowError {
  return new MlflowError(
    'PERMISSION_DENIED',
    'This token stands for no project. Make a token for programs on the settings page of Mallo or by `npm run token`.',
  );
}

/** MLflow's client can also send what it knows as name and password (RFC 7617); the password is the token. */
function tokenOf({ authorization, cookie }: IncomingHttpHeaders, mayBeBasic: boolean): string | undefined {
  if (authorization?.startsWith('Bearer ')) return authorization.slice(7);
  if (!mayBeBasic || !authorization?.startsWith('Basic ')) return readCookie(cookie, ACCESS_COOKIE);
  const pair = Buffer.from(authorization.slice(6), 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

/** A person's program, and the project that its token stands for. */
export type Program = { userId: string; projectId: string };

/** The program that calls; for routes with `program` access, whose requests name no project. */
export const CurrentProgram = createParamDecorator((_: unknown, context: ExecutionContext): Program => {
  const principal = principals.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (principal?.kind === 'user' && principal.projectId) {
    return { userId: principal.userId, projectId: principal.projectId };
  }
  throw noProject();
});

/** The project that the caller's token stands for; null for a session, and for a run's own token. */
export const CurrentProjectId = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  const principal = principals.get(context.switchToHttp().getRequest<FastifyRequest>());
  return principal?.kind === 'user' ? (principal.projectId ?? null) : null;
});

/** The id of the person who calls; for routes with `user` access. */
export const CurrentUserId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const principal = principals.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (principal?.kind !== 'user') throw new MalloError('auth.required');
  return principal.userId;
});
