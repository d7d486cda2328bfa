import { jwtVerify, SignJWT } from 'jose';

/** Who a request comes from. `run` may only write to that run; `service` is another process of Mallo. */
export type Principal = { kind: 'user'; userId: string } | { kind: 'run'; runId: string } | { kind: 'service' };

export const ACCESS_TOKEN_SECONDS = 60 * 60;
/** Longer than the longest training (24 h) with its queueing and retries. */
export const RUN_TOKEN_SECONDS = 7 * 24 * 60 * 60;
const SERVICE_TOKEN_SECONDS = 5 * 60;

const ISSUER = 'mallo';

/** How the tokens begin that people make for programs; only the api knows whose they are. */
export const API_TOKEN_PREFIX = 'mallo_';

/** Signs and verifies the JWTs (HS256, RFC 7519) that processes of one Mallo accept from each other. */
export class Tokens {
  private readonly key: Uint8Array;

  constructor(secret: string) {
    this.key = new TextEncoder().encode(secret);
  }

  sign(principal: Principal): Promise<string> {
    const [subject, seconds] =
      principal.kind === 'user'
        ? [principal.userId, ACCESS_TOKEN_SECONDS]
        : principal.kind === 'run'
          ? [principal.runId, RUN_TOKEN_SECONDS]
          : ['service', SERVICE_TOKEN_SECONDS];
    return new SignJWT({ kind: principal.kind })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(this.key);
  }

  /** The principal of a valid token; null for any other text. */
  async verify(token: string): Promise<Principal | null> {
    try {
      const { payload } = await jwtVerify(token, this.key, { issuer: ISSUER, algorithms: ['HS256'] });
      if (!payload.sub) return null;
      if (payload.kind === 'user') return { kind: 'user', userId: payload.sub };
      if (payload.kind === 'run') return { kind: 'run', runId: payload.sub };
      if (payload.kind === 'service') return { kind: 'service' };
      return null;
    } catch {
      return null;
    }
  }
}
