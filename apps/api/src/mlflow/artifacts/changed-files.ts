import { setTimeout as wait } from 'node:timers/promises';
import { type ArtifactPlace, liveRoutes, runOf } from '@mallo/contracts';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '../../settings.js';
import { TelemetryClient } from '../../telemetry/telemetry.client.js';

/** Programs log files one after another; who watches the run is told of those of so long at once. */
const TOGETHER_MS = 500;

/**
 * Tells the tracking service which runs have other files now, for whoever watches them. Whoever looks anew sees the files
 * themselves, so that what is not told, as the service is away or this process ends, is not told later.
 */
@Injectable()
export class ChangedFiles implements OnModuleDestroy {
  private waiting = new Map<string, { projectId: string; runId: string }>();
  private readonly ends = new AbortController();
  private telling: Promise<void> | undefined;

  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly telemetry: TelemetryClient,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.ends.abort();
    await this.telling;
  }

  /** Says that a file came to a place, or went; never fails and is not waited for. */
  changed(projectId: string, place: ArtifactPlace): void {
    const runId = runOf(place);
    if (!runId) return;
    this.waiting.set(`${projectId} ${runId}`, { projectId, runId });
    this.telling ??= this.tell()
      .catch((error: unknown) => this.log.debug({ err: error }, 'the tracking service is not told of files'))
      .finally(() => {
        this.telling = undefined;
      });
  }

  private async tell(): Promise<void> {
    const { signal } = this.ends;
    while (this.waiting.size > 0) {
      await wait(TOGETHER_MS, undefined, { signal });
      const runs = [...this.waiting.values()];
      this.waiting = new Map();
      for (const params of runs) await this.telemetry.call({ kind: 'service' }, liveRoutes.filesChanged, { params });
    }
  }
}
