import { Tokens } from '@mallo/backend';
import { IngestAnswer, type LiveEvent, liveRoutes } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG, SETTINGS, type Settings } from '../settings.js';

const TIMEOUT_MS = 5_000;
const WRITER = 'api';

/**
 * Tells the pages that watch a run that its record changed. It is a hint to fetch the record: a page that
 * missed one fetches anyway when its connection comes back, so a hint that cannot be sent is dropped.
 */
@Injectable()
export class LivePublisher {
  /** The last hint of each run under way, so that a run's hints are sent in order. */
  private readonly sending = new Map<string, Promise<void>>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    private readonly tokens: Tokens,
  ) {}

  /** Says that a run's record changed; never fails and is not waited for. */
  changed(runId: string, status: string): void {
    const before = this.sending.get(runId) ?? Promise.resolve();
    const sent = before
      .then(() => this.send(runId, { type: 'run', timeMs: Date.now(), status }))
      .catch((error: unknown) => this.log.debug({ runId, err: error }, 'hint not sent'))
      .finally(() => {
        if (this.sending.get(runId) === sent) this.sending.delete(runId);
      });
    this.sending.set(runId, sent);
  }

  private async send(runId: string, event: LiveEvent): Promise<void> {
    const token = await this.tokens.sign({ kind: 'run', runId });
    const where = liveRoutes.position.path.replace(':runId', runId).replace(':writer', WRITER);
    const answer = await this.request('GET', where, token);
    if (!answer.ok) throw new Error(`telemetry answered ${answer.status}`);
    const { position } = IngestAnswer.parse(await answer.json());
    const path = liveRoutes.ingest.path.replace(':runId', runId);
    const batch = { writer: WRITER, from: position, to: position + 1, events: [event] };
    const response = await this.request('POST', path, token, batch);
    if (!response.ok) throw new Error(`telemetry answered ${response.status}`);
  }

  private request(method: string, path: string, token: string, body?: unknown): Promise<Response> {
    return fetch(new URL(path, this.settings.TELEMETRY_URL), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }
}
