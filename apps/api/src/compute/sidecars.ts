import { type ChildProcess, spawn } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import { trainerEnvironment } from './trainer-environment.js';

/** A sidecar that ends at once is not started again before this. */
const AGAIN_AFTER_MS = 5_000;

/** Keeps a sidecar beside each training that has something to deliver. Two of one run exclude each other. */
@Injectable()
export class Sidecars {
  private readonly running = new Map<string, ChildProcess>();
  private readonly startedMs = new Map<string, number>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Whether everything of the run was delivered. */
  async isDone(runFolder: string): Promise<boolean> {
    return stat(join(runFolder, 'sidecar.done')).then(
      () => true,
      () => false,
    );
  }

  /** Starts the run's sidecar unless it is running, done, or was started a moment ago. */
  async ensure(runFolder: string): Promise<void> {
    const soon = (this.startedMs.get(runFolder) ?? 0) + AGAIN_AFTER_MS;
    if (this.running.has(runFolder) || Date.now() < soon || (await this.isDone(runFolder))) return;
    this.startedMs.set(runFolder, Date.now());
    const output = await open(join(runFolder, 'sidecar.log'), 'a');
    try {
      const child = spawn(process.execPath, [this.settings.SIDECAR_MAIN, runFolder], {
        env: trainerEnvironment(),
        detached: true,
        stdio: ['ignore', output.fd, output.fd],
      });
      this.running.set(runFolder, child);
      child.once('error', (error) => this.log.error({ err: error, runFolder }, 'sidecar cannot be started'));
      child.once('close', (code) => {
        this.running.delete(runFolder);
        this.log.info({ runFolder, code }, 'sidecar ended');
      });
      child.unref();
    } finally {
      await output.close();
    }
  }

  /** Ends them; what they have not delivered yet they deliver when they are started again. */
  stopAll(): void {
    for (const child of this.running.values()) child.kill('SIGTERM');
  }
}
