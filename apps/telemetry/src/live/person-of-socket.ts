import { ACCESS_COOKIE, ACCESS_TOKEN_SECONDS, API_TOKEN_PREFIX, readCookie, type VerifyToken } from '@mallo/backend';
import { decodeJwt } from 'jose';
import type { LiveSocket } from './live.server.js';

export type Person = { userId: string; expiresMs: number };

/** Whoever the socket's token (of a program) or cookie (of a browser) stands for, while it is valid. */
export async function personOfSocket(socket: LiveSocket, verify: VerifyToken): Promise<Person | null> {
  const given: unknown = socket.handshake.auth.token;
  const token = typeof given === 'string' ? given : readCookie(socket.handshake.headers.cookie, ACCESS_COOKIE);
  const principal = token ? await verify(token) : null;
  if (!token || principal?.kind !== 'user') return null;
  // A program's token has no end of its own, but may be revoked: it is asked about again.
  const expiresMs = token.startsWith(API_TOKEN_PREFIX)
    ? Date.now() + ACCESS_TOKEN_SECONDS * 1000
    : (decodeJwt(token).exp ?? 0) * 1000;
  return { userId: principal.userId, expiresMs };
}
