import { Tokens } from '@mallo/backend';
import { ApiError, createClient } from '@mallo/client';
import { type LiveSnapshot, liveRoutes } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG, SETTINGS, type Settings } from '../settings.js';

const TIMEOUT_MS = 5_000;
const MOST_POINTS = 1_000;

/** Reads what runs reported of themselves. */
@Injectable()
export class TelemetryClient {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    private readonly tokens: Tokens,
  ) {}

  /** The curves and the progress of a run of this person's; null when telemetry has none of it or does not answer. */
  async snapshot(userId: string, runId: string): Promise<LiveSnapshot | null> {
    const accessToken = await this.tokens.sign({ kind: 'user', userId });
    const client = createClient({ baseUrl: this.settings.TELEMETRY_URL, accessToken });
    try {
      return await client.call(
        liveRoutes.snapshot,
        { params: { runId }, query: { maxPoints: MOST_POINTS, logLines: 0 } },
        { signal: AbortSignal.timeout(TIMEOUT_MS) },
      );
    } catch (error) {
      const isUnknown = error instanceof ApiError && error.code === 'run.not_found';
      if (!isUnknown) this.log.warn({ runId, err: error }, 'the curves of a run could not be read');
      return null;
    }
  }
}
