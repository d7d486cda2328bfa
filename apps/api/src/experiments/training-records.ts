import { setTimeout as wait } from 'node:timers/promises';
import { ApiError } from '@mallo/client';
import { liveRoutes } from '@mallo/contracts';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '../settings.js';
import { TelemetryClient } from '../telemetry/telemetry.client.js';
import { TrainingRecordsRepository } from './training-records.repository.js';

const AGAIN_MS = 2_000;

/**
 * Keeps what the tracking service shows of the trainings true. Each change sends the training's whole record, read
 * when it is sent; what was told is noted, so that after a crash of either side the next start tells the rest.
 */
@Injectable()
export class TrainingRecords implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly waiting = new Set<string>();
  private readonly ends = new AbortController();
  private telling: Promise<void> | undefined;

  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly telemetry: TelemetryClient,
    private readonly records: TrainingRecordsRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const id of await this.records.untold()) this.changed(id);
  }

  async onModuleDestroy(): Promise<void> {
    this.ends.abort();
    await this.telling;
  }

  /** Says that a training changed; never fails and is not waited for. */
  changed(runId: string): void {
    this.waiting.add(runId);
    this.telling ??= this.tellAll().finally(() => {
      this.telling = undefined;
    });
  }

  /** Tells how a training stands now. @throws Error when the tracking service does not take it */
  async tell(runId: string): Promise<void> {
    const record = await this.records.get(runId);
    if (!record) return;
    const { status, ...body } = record;
    await this.telemetry.call({ kind: 'service' }, liveRoutes.open, { params: { runId }, body });
    await this.records.noteTold(runId, status);
  }

  private async tellAll(): Promise<void> {
    const { signal } = this.ends;
    while (!signal.aborted) {
      const [runId] = this.waiting;
      if (runId === undefined) return;
      // Before it is read: what changes from now on is told again.
      this.waiting.delete(runId);
      try {
        await this.tell(runId);
      } catch (error) {
        if (error instanceof ApiError && error.status < 500 && error.status !== 401) {
          this.log.error({ runId, err: error }, 'the tracking service refuses a training');
          continue;
        }
        this.log.debug({ runId, err: error }, 'the tracking service is not told yet');
        this.waiting.add(runId);
        await wait(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
