import { API_TOKEN_PREFIX, type Principal, type Tokens, type VerifyToken } from '@mallo/backend';
import { identityRoutes } from '@mallo/contracts';
import { LRUCache } from 'lru-cache';

const TIMEOUT_MS = 5_000;
/** A watcher asks often; a revoked token may go on for this long. */
const REMEMBER_MS = 60_000;
const MOST_REMEMBERED = 1_000;

/** Accepts Mallo's own JWTs, and the tokens that people make for programs by asking the api whose they are. */
export function verifyToken(tokens: Tokens, apiUrl: string | undefined): VerifyToken {
  const remembered = new LRUCache<string, Principal>({ max: MOST_REMEMBERED, ttl: REMEMBER_MS });

  return async (token) => {
    if (!token.startsWith(API_TOKEN_PREFIX)) return tokens.verify(token);
    const known = remembered.get(token);
    if (known || !apiUrl) return known ?? null;
    const answer = await fetch(new URL(identityRoutes.program.path, apiUrl), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => null);
    if (!answer?.ok) return null;
    const { userId, projectId } = identityRoutes.program.response.parse(await answer.json());
    const principal: Principal = { kind: 'user', userId, ...(projectId ? { projectId } : {}) };
    remembered.set(token, principal);
    return principal;
  };
}
