import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

/** What waits to be sent, in bytes: hours of a few hundred series. Beyond it the oldest goes. */
const QUEUE_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export type Request = { body: Buffer; samples: number };
/** What became of samples: `refused` by the receiver for good, `dropped` here because too much waits. */
export type Outcome = 'sent' | 'refused' | 'dropped';

/**
 * Sends requests one after the other, so that the samples of a series stay in order, and again until the receiver
 * takes or refuses them. Whoever puts one in never waits.
 */
export class Sender {
  private readonly waiting: Request[] = [];
  private waitingBytes = 0;
  private sending: Promise<void> | null = null;
  private readonly stopped = new AbortController();
  private readonly url: URL;
  private readonly headers: Record<string, string>;

  constructor(
    url: string,
    private readonly count: (outcome: Outcome, samples: number) => void,
    private readonly log: Logger,
  ) {
    this.url = new URL(url);
    this.headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': 'mallo-telemetry',
      ...basicAuthorization(this.url),
    };
    // fetch refuses addresses that hold a password.
    this.url.username = '';
    this.url.password = '';
  }

  get waitingSamples(): number {
    return this.waiting.reduce((sum, { samples }) => sum + samples, 0);
  }

  put(request: Request): void {
    this.waiting.push(request);
    this.waitingBytes += request.body.length;
    while (this.waitingBytes > QUEUE_BYTES && this.waiting.length > 1) this.dropOldest();
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
  }

  /** Gives what waits one more chance of `patienceMs`, then gives it up. */
  async close(patienceMs: number): Promise<void> {
    const giveUp = setTimeout(() => this.stopped.abort(), patienceMs);
    await this.sending;
    clearTimeout(giveUp);
    this.stopped.abort();
  }

  private async sendAll(): Promise<void> {
    for (let failures = 0; !this.stopped.signal.aborted; ) {
      const [request] = this.waiting;
      if (!request) return;
      const answer = await this.post(request).catch((error: unknown) => error);
      if (answer instanceof Response && answer.status < 500 && answer.status !== 429) {
        failures = 0;
        this.waiting.shift();
        this.waitingBytes -= request.body.length;
        this.count(answer.ok ? 'sent' : 'refused', request.samples);
        if (!answer.ok) this.log.warn({ status: answer.status }, 'the receiver of remote write refused samples');
        continue;
      }
      if (failures === 0) this.log.warn({ err: answer }, 'remote write waits for its receiver');
      const pause = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
      failures += 1;
      await delay(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  private async post({ body }: Request): Promise<Response> {
    const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const headers = this.headers;
    const answer = await fetch(this.url, { method: 'POST', headers, body: new Uint8Array(body), signal });
    await answer.arrayBuffer();
    return answer;
  }

  /** Of those behind the first, which is under way: giving that up would not take it back. */
  private dropOldest(): void {
    const [request] = this.waiting.splice(1, 1);
    if (!request) return;
    this.waitingBytes -= request.body.length;
    this.count('dropped', request.samples);
  }
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (!username) return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
