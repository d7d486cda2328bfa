import { ACCESS_COOKIE, ACCESS_TOKEN_SECONDS, REFRESH_COOKIE } from '@mallo/backend';
import type { FastifyReply } from 'fastify';
import type { SignedIn } from './identity.service.js';
import { REFRESH_TOKEN_SECONDS } from './sessions.repository.js';

const REFRESH_PATH = '/api/v1/auth';

function cookie(name: string, value: string, path: string, seconds: number, secure: boolean): string {
  // Lax: the pages of another site cannot send it along with a request that changes something.
  const parts = [`${name}=${value}`, `Path=${path}`, `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax'];
  return (secure ? [...parts, 'Secure'] : parts).join('; ');
}

/** Gives the browser its tokens where no script can read them. */
export function setSessionCookies(reply: FastifyReply, signedIn: SignedIn, secure: boolean): void {
  void reply.header('set-cookie', [
    cookie(ACCESS_COOKIE, signedIn.accessToken, '/', ACCESS_TOKEN_SECONDS, secure),
    cookie(REFRESH_COOKIE, signedIn.refreshToken, REFRESH_PATH, REFRESH_TOKEN_SECONDS, secure),
  ]);
}

export function clearSessionCookies(reply: FastifyReply, secure: boolean): void {
  void reply.header('set-cookie', [
    cookie(ACCESS_COOKIE, '', '/', 0, secure),
    cookie(REFRESH_COOKIE, '', REFRESH_PATH, 0, secure),
  ]);
}
