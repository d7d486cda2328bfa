import { API_TOKEN_PREFIX, type Tokens, type VerifyToken } from '@mallo/backend';
import type { ApiTokensRepository } from './api-tokens.repository.js';
import { hashSecret } from './secret.js';

/** Accepts the JWTs of Mallo's own sessions, runs and services, and the tokens that people make for programs. */
export function verifyToken(tokens: Tokens, apiTokens: ApiTokensRepository): VerifyToken {
  return async (token) => {
    if (!token.startsWith(API_TOKEN_PREFIX)) return tokens.verify(token);
    const used = await apiTokens.use(hashSecret(token));
    if (!used) return null;
    const { userId, projectId } = used;
    return { kind: 'user', userId, ...(projectId ? { projectId } : {}) };
  };
}
