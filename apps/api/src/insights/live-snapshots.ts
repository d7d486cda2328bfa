import { ApiError } from '@mallo/client';
import { type LiveSnapshot, liveRoutes } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '../settings.js';
import { TelemetryClient } from '../telemetry/telemetry.client.js';

const MOST_POINTS = 1_000;

/** Reads what runs reported of themselves. */
@Injectable()
export class LiveSnapshots {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly telemetry: TelemetryClient,
  ) {}

  /** The curves and the progress of a run of this person's; null when telemetry has none of it or does not answer. */
  async get(userId: string, runId: string): Promise<LiveSnapshot | null> {
    const request = { params: { runId }, query: { maxPoints: MOST_POINTS, logLines: 0 } };
    try {
      return await this.telemetry.call({ kind: 'user', userId }, liveRoutes.snapshot, request);
    } catch (error) {
      const isUnknown = error instanceof ApiError && error.code === 'run.not_found';
      if (!isUnknown) this.log.warn({ runId, err: error }, 'the curves of a run could not be read');
      return null;
    }
  }
}
