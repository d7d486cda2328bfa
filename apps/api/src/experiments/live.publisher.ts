import { type LiveEvent, liveRoutes } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '../settings.js';
import { TelemetryClient } from '../telemetry/telemetry.client.js';

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
    @Inject(LOG) private readonly log: Logger,
    private readonly telemetry: TelemetryClient,
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
    const as = { kind: 'run', runId } as const;
    const { position } = await this.telemetry.call(as, liveRoutes.position, { params: { runId, writer: WRITER } });
    const body = { writer: WRITER, from: position, to: position + 1, events: [event] };
    await this.telemetry.call(as, liveRoutes.ingest, { params: { runId }, body });
  }
}
