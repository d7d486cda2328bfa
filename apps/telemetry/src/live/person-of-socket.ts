import { createHash } from 'node:crypto';
import { ACCESS_COOKIE, ACCESS_TOKEN_SECONDS, API_TOKEN_PREFIX, readCookie, type VerifyToken } from '@mallo/backend';
import { decodeJwt } from 'jose';
import type { LiveSocket } from './live.server.js';

/** @property signIn the browser, with all its tabs, or the program that it is; no secret, as other instances are told of it */
export type Person = { userId: string; signIn: string; expiresMs: number };

/** Whoever the socket's token (of a program) or cookie (of a browser) stands for, while it is valid. */
export async function personOfSocket(socket: LiveSocket, verify: VerifyToken): Promise<Person | null> {
  const given: unknown = socket.handshake.auth.token;
  const token = typeof given === 'string' ? given : readCookie(socket.handshake.headers.cookie, ACCESS_COOKIE);
  const principal = token ? await verify(token) : null;
  if (!token || principal?.kind !== 'user') return null;
  const { userId, signInId } = principal;
  if (token.startsWith(API_TOKEN_PREFIX)) {
    const signIn = createHash('sha256').update(token).digest('base64url');
    // A program's token has no end of its own, but may be revoked: it is asked about again.
    return { userId, signIn, expiresMs: Date.now() + ACCESS_TOKEN_SECONDS * 1000 };
  }
  return { userId, signIn: signInId ?? userId, expiresMs: (decodeJwt(token).exp ?? 0) * 1000 };
}
