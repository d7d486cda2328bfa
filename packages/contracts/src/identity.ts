import { z } from 'zod';
import { Locale } from './errors.js';
import { route } from './route.js';

export const Id = z.string().regex(/^[a-z]+_[0-9A-Za-z]{1,40}$/);
export const Timestamp = z.iso.datetime();

export const User = z.strictObject({
  id: Id,
  email: z.email().nullable(),
  name: z.string(),
  locale: Locale,
});
export type User = z.infer<typeof User>;

const Email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase());
const Password = z.string().min(8).max(256);
/** `cookie` keeps the tokens out of the page's reach; `token` is for programs. */
const SessionKind = z.enum(['cookie', 'token']).default('cookie');

export const Session = z.strictObject({
  user: User,
  /** Present when the session was asked for as `token`. */
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
  accessExpiresAt: Timestamp,
});
export type Session = z.infer<typeof Session>;

export const ApiToken = z.strictObject({
  id: Id,
  name: z.string(),
  /** The first characters, to tell tokens apart; the rest is not kept. */
  prefix: z.string(),
  /** What a program with it works in, where it names no project itself; null: the oldest of the person's. */
  projectId: Id.nullable(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;

const TokenParams = z.strictObject({ tokenId: Id });

export const identityRoutes = {
  status: route({
    method: 'GET',
    path: '/api/v1/auth/status',
    summary: 'Whether this Mallo has its owner yet',
    access: 'public',
    response: z.strictObject({ ownerExists: z.boolean() }),
  }),
  register: route({
    method: 'POST',
    path: '/api/v1/auth/register',
    summary: "Create the owner's account, on the first visit",
    access: 'public',
    body: z.strictObject({
      email: Email,
      password: Password,
      name: z.string().trim().min(1).max(100),
      locale: Locale.default('en'),
      session: SessionKind,
    }),
    response: Session,
    errors: ['auth.registration_closed', 'request.too_many'],
  }),
  login: route({
    method: 'POST',
    path: '/api/v1/auth/login',
    summary: 'Sign in',
    access: 'public',
    body: z.strictObject({ email: Email, password: z.string().max(256), session: SessionKind }),
    response: Session,
    errors: ['auth.wrong_credentials', 'request.too_many'],
  }),
  local: route({
    method: 'POST',
    path: '/api/v1/auth/local',
    summary: 'Sign in as the owner with the key kept in the data folder, for the terminal of the same machine',
    access: 'public',
    body: z.strictObject({ key: z.string().max(256) }),
    response: Session,
    errors: ['auth.wrong_credentials', 'request.too_many'],
  }),
  refresh: route({
    method: 'POST',
    path: '/api/v1/auth/refresh',
    summary: 'Exchange the refresh token (cookie or body) for a new pair',
    access: 'public',
    body: z.strictObject({ refreshToken: z.string().max(512).optional() }),
    response: Session,
    errors: ['auth.session_expired', 'auth.session_reused'],
  }),
  logout: route({
    method: 'POST',
    path: '/api/v1/auth/logout',
    summary: 'End this session',
    access: 'public',
    body: z.strictObject({ refreshToken: z.string().max(512).optional() }),
  }),
  me: route({
    method: 'GET',
    path: '/api/v1/auth/me',
    summary: 'Who is signed in',
    access: 'user',
    response: User,
  }),
  program: route({
    method: 'GET',
    path: '/api/v1/auth/program',
    summary: 'Whom and which project the token of this request stands for',
    access: 'user',
    /** No project: it is a session, or its person has none yet. */
    response: z.strictObject({ userId: Id, projectId: Id.nullable() }),
  }),
  updateMe: route({
    method: 'PATCH',
    path: '/api/v1/auth/me',
    summary: 'Change name or language',
    access: 'user',
    body: z.strictObject({ name: z.string().trim().min(1).max(100).optional(), locale: Locale.optional() }),
    response: User,
  }),
  tokens: route({
    method: 'GET',
    path: '/api/v1/tokens',
    summary: 'Tokens for programs',
    access: 'user',
    response: z.array(ApiToken),
  }),
  createToken: route({
    method: 'POST',
    path: '/api/v1/tokens',
    summary: 'Make a token for a program; it is shown once',
    access: 'user',
    body: z.strictObject({
      name: z.string().trim().min(1).max(100),
      projectId: Id.optional(),
      /** Not used for so long, it is gone by itself; without it, it stays until it is revoked. */
      idleSeconds: z.int().min(300).max(2_592_000).optional(),
    }),
    response: ApiToken.extend({ token: z.string() }),
    errors: ['project.not_found'],
  }),
  deleteToken: route({
    method: 'DELETE',
    path: '/api/v1/tokens/:tokenId',
    summary: 'Revoke a token',
    access: 'user',
    params: TokenParams,
    errors: ['request.not_found'],
  }),
};
