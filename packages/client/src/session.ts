import { identityRoutes, type Session } from '@mallo/contracts';
import { errorOfAnswer, UnreachableError } from './errors.js';
import { addressOf } from './request.js';

/** Where requests take their right from. */
export type Credentials = {
  /** Of a program; without one the browser's cookies are used. */
  accessToken?: string;
  /** Lets an expired access token be renewed; in a browser the cookie does that. */
  refreshToken?: string;
  /** Told of the new tokens, to keep them. */
  onRenewed?: (session: Session) => void;
};

const LOCK = 'mallo.renew';

/** Renews an expired session once, however many requests (and tabs) found it expired at the same time. */
export class SessionKeeper {
  private renewing: Promise<void> | null = null;
  private renewedAtMs = 0;

  constructor(
    private readonly baseUrl: string,
    private readonly credentials: Credentials,
  ) {}

  get accessToken(): string | undefined {
    return this.credentials.accessToken;
  }

  get canRenew(): boolean {
    return !this.credentials.accessToken || Boolean(this.credentials.refreshToken);
  }

  /**
   * @param sentAtMs when the refused request was sent: a renewal since then is enough.
   * @throws ApiError when the session has ended for good.
   */
  renew(sentAtMs: number): Promise<void> {
    this.renewing ??= this.inOneTab(async () => {
      if (this.lastRenewalMs() <= sentAtMs) await this.exchange();
    }).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  /** A refresh token used twice ends the session (a sign of theft), so tabs, which share it, take turns. */
  private inOneTab(work: () => Promise<void>): Promise<void> {
    const locks = this.sharesCookies ? globalThis.navigator?.locks : undefined;
    return locks ? locks.request(LOCK, work) : work();
  }

  private get sharesCookies(): boolean {
    return !this.credentials.accessToken && 'localStorage' in globalThis && 'document' in globalThis;
  }

  private lastRenewalMs(): number {
    return this.sharesCookies ? Number(localStorage.getItem(LOCK) ?? 0) : this.renewedAtMs;
  }

  private async exchange(): Promise<void> {
    const { refreshToken } = this.credentials;
    const answer = await fetch(addressOf(this.baseUrl, identityRoutes.refresh), {
      method: identityRoutes.refresh.method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(refreshToken ? { refreshToken } : {}),
    }).catch((cause: unknown) => {
      throw new UnreachableError({ cause });
    });
    if (!answer.ok) throw errorOfAnswer(answer.status, await answer.text());
    const session = (await answer.json()) as Session;
    if (refreshToken) {
      this.credentials.accessToken = session.accessToken;
      this.credentials.refreshToken = session.refreshToken;
      this.credentials.onRenewed?.(session);
    }
    this.renewedAtMs = Date.now();
    if (this.sharesCookies) localStorage.setItem(LOCK, String(this.renewedAtMs));
  }
}
