import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { OtlpRunsRepository } from './otlp-runs.repository.js';

/** Exporters send every minute, unless they are told otherwise. */
const QUIET_MS = 10 * 60 * 1000;
const LOOK_EVERY_MS = 60 * 1000;

/** Ends runs of OTLP once nothing came for long: the protocol has no word for the end of a program. */
export class QuietRuns implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly runs: OtlpRunsRepository,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.look();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private look(): void {
    this.looking = this.runs.endQuiet(QUIET_MS).then(
      () => undefined,
      (error: unknown) => this.log.warn({ err: error }, 'runs of which nothing comes are not known'),
    );
  }
}
