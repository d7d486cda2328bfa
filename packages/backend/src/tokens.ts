import { type JWTPayload, jwtVerify, SignJWT } from 'jose';

/**
 * Who a request comes from. `run` may only write to that run; `service` is another process of Mallo. A person's program
 * has, with its token, one project that it works in where it names none; a browser has the sign-in that all its tabs and
 * renewed tokens share.
 */
export type Principal =
  | { kind: 'user'; userId: string; projectId?: string; signInId?: string }
  | { kind: 'run'; runId: string }
  | { kind: 'service' };

export const ACCESS_TOKEN_SECONDS = 60 * 60;
/** Longer than the longest training (24 h) with its queueing and retries. */
export const RUN_TOKEN_SECONDS = 7 * 24 * 60 * 60;
const SERVICE_TOKEN_SECONDS = 5 * 60;

const ISSUER = 'mallo';
/** Far more than send requests at the same time. */
const MOST_KNOWN = 1_000;

/** How the tokens begin that people make for programs; only the api knows whose they are. */
export const API_TOKEN_PREFIX = 'mallo_';

/** Signs and verifies the JWTs (HS256, RFC 7519) that processes of one Mallo accept from each other. */
export class Tokens {
  private readonly key: Uint8Array;
  /** Tokens whose signature was found right, until they expire: a program sends the same one with every request. */
  private readonly known = new Map<string, { principal: Principal; expiresMs: number }>();

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
    return new SignJWT(claimsOf(principal))
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(this.key);
  }

  /** The principal of a valid token; null for any other text. */
  async verify(token: string): Promise<Principal | null> {
    const known = this.known.get(token);
    if (known && known.expiresMs > Date.now()) return known.principal;
    this.known.delete(token);
    try {
      const { payload } = await jwtVerify(token, this.key, { issuer: ISSUER, algorithms: ['HS256'] });
      const principal = principalOf(payload);
      if (principal && payload.exp) this.remember(token, principal, payload.exp * 1000);
      return principal;
    } catch {
      return null;
    }
  }

  private remember(token: string, principal: Principal, expiresMs: number): void {
    // The oldest goes; it is verified again when it comes back.
    const [oldest] = this.known.keys();
    if (this.known.size >= MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
    this.known.set(token, { principal, expiresMs });
  }
}

function claimsOf(principal: Principal): JWTPayload {
  if (principal.kind !== 'user') return { kind: principal.kind };
  const { kind, projectId, signInId } = principal;
  return { kind, ...(projectId ? { project: projectId } : {}), ...(signInId ? { sid: signInId } : {}) };
}

function principalOf({ sub, kind, project, sid }: JWTPayload): Principal | null {
  if (!sub) return null;
  if (kind === 'user') {
    return {
      kind,
      userId: sub,
      ...(typeof project === 'string' ? { projectId: project } : {}),
      ...(typeof sid === 'string' ? { signInId: sid } : {}),
    };
  }
  if (kind === 'run') return { kind, runId: sub };
  return kind === 'service' ? { kind } : null;
}
