import { CurrentProjectId, CurrentUserId, Endpoint, Input, REFRESH_COOKIE, readCookie } from '@mallo/backend';
import {
  type ApiToken,
  type RouteInput,
  type RouteOutput,
  identityRoutes as routes,
  type Session,
  type User,
} from '@mallo/contracts';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SETTINGS, type Settings } from '../settings.js';
import { ApiTokensService } from './api-tokens.service.js';
import { IdentityService, type SignedIn } from './identity.service.js';
import { clearSessionCookies, setSessionCookies } from './session-cookies.js';

/** Who is calling, for counting wrong tries: the front door says it, and only the front door reaches the api. */
function addressOf(request: FastifyRequest): string {
  const forwarded = request.headers['x-forwarded-for'];
  return (Array.isArray(forwarded) ? forwarded[0] : forwarded) ?? request.ip;
}

@Controller()
export class IdentityController {
  private readonly secure: boolean;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly identity: IdentityService,
    private readonly apiTokens: ApiTokensService,
  ) {
    this.secure = settings.MALLO_URL.startsWith('https:');
  }

  @Endpoint(routes.status)
  async status(): Promise<{ ownerExists: boolean }> {
    return { ownerExists: await this.identity.ownerExists() };
  }

  @Endpoint(routes.register)
  async register(
    @Input() { body }: RouteInput<typeof routes.register>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    const { session, ...person } = body;
    return this.answer(await this.identity.register(person), session, reply);
  }

  @Endpoint(routes.login)
  async login(
    @Input() { body }: RouteInput<typeof routes.login>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    const signedIn = await this.identity.login(body.email, body.password, addressOf(request));
    return this.answer(signedIn, body.session, reply);
  }

  @Endpoint(routes.local)
  async local(
    @Input() { body }: RouteInput<typeof routes.local>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.answer(await this.identity.loginLocally(body.key, addressOf(request)), 'token', reply);
  }

  @Endpoint(routes.refresh)
  async refresh(
    @Input() { body }: RouteInput<typeof routes.refresh>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    const inCookie = readCookie(request.headers.cookie, REFRESH_COOKIE);
    const signedIn = await this.identity.refresh(body.refreshToken ?? inCookie);
    return this.answer(signedIn, body.refreshToken ? 'token' : 'cookie', reply);
  }

  @Endpoint(routes.logout)
  async logout(
    @Input() { body }: RouteInput<typeof routes.logout>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.identity.logout(body.refreshToken ?? readCookie(request.headers.cookie, REFRESH_COOKIE));
    clearSessionCookies(reply, this.secure);
  }

  @Endpoint(routes.me)
  me(@CurrentUserId() userId: string): Promise<User> {
    return this.identity.me(userId);
  }

  @Endpoint(routes.program)
  program(
    @CurrentUserId() userId: string,
    @CurrentProjectId() projectId: string | null,
  ): RouteOutput<typeof routes.program> {
    return { userId, projectId };
  }

  @Endpoint(routes.updateMe)
  updateMe(@CurrentUserId() userId: string, @Input() { body }: RouteInput<typeof routes.updateMe>): Promise<User> {
    return this.identity.updateMe(userId, body);
  }

  @Endpoint(routes.tokens)
  tokens(@CurrentUserId() userId: string): Promise<ApiToken[]> {
    return this.apiTokens.list(userId);
  }

  @Endpoint(routes.createToken)
  createToken(
    @CurrentUserId() userId: string,
    @Input() { body }: RouteInput<typeof routes.createToken>,
  ): Promise<ApiToken & { token: string }> {
    return this.apiTokens.create(userId, body);
  }

  @Endpoint(routes.deleteToken)
  deleteToken(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.deleteToken>,
  ): Promise<void> {
    return this.apiTokens.remove(userId, params.tokenId);
  }

  private answer(signedIn: SignedIn, kind: 'cookie' | 'token', reply: FastifyReply): Session {
    const { user, accessExpiresAt, accessToken, refreshToken } = signedIn;
    const session = { user, accessExpiresAt: accessExpiresAt.toISOString() };
    if (kind === 'token') return { ...session, accessToken, refreshToken };
    setSessionCookies(reply, signedIn, this.secure);
    return session;
  }
}
