import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import { trainerEnvironment } from './trainer-environment.js';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;
/** A card is shown without knowing the machine rather than later than this. */
const MEASURE_WAIT_MS = 3_000;

/** What `mallo_trainer.machine` prints. */
const Measured = z.object({
  torch: z.string(),
  gpus: z.array(z.object({ name: z.string(), memoryBytes: z.int() })),
  /** Whether the GPU computes in bf16; absent where an older Mallo measured. */
  bf16: z.boolean().default(false),
  /** Billions of multiply-adds of forward passes a second, while training: the time of the gradients is in it. */
  gflopsPerSecond: z.number().positive(),
});
type Measured = z.infer<typeof Measured>;

/** What this machine trains with. It is measured once, when somebody first needs it, and remembered. */
@Injectable()
export class MachineService implements OnModuleDestroy {
  private known: Measured | null = null;
  private measuring: Promise<void> | null = null;
  private readonly ends = new AbortController();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onModuleDestroy(): void {
    this.ends.abort();
  }

  /** Begins to measure, unless that was done; takes some seconds, which nobody needs to wait for. */
  getReady(): Promise<void> {
    this.measuring ??= this.measure().catch((error: unknown) => {
      this.measuring = null;
      if (this.ends.signal.aborted) return;
      this.log.warn({ err: error }, 'the machine could not be measured');
    });
    return this.measuring;
  }

  describe(): { cpuCount: number; memoryBytes: number; torch?: string; gpus: Measured['gpus'] } {
    void this.getReady();
    return {
      cpuCount: availableParallelism(),
      memoryBytes: ramBytes(),
      ...(this.known ? { torch: this.known.torch } : {}),
      gpus: this.known?.gpus ?? [],
    };
  }

  /** Where a training here computes, and all memory of that; of the first GPU where there is one. */
  async trainsWith(): Promise<{ device: 'cpu' | 'gpu'; memoryBytes: number; bf16: boolean }> {
    const enough = new AbortController();
    const waited = wait(MEASURE_WAIT_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([this.getReady(), waited]);
    enough.abort();
    const gpu = this.known?.gpus[0];
    if (gpu) return { device: 'gpu', memoryBytes: gpu.memoryBytes, bf16: this.known?.bf16 ?? false };
    return { device: 'cpu', memoryBytes: ramBytes(), bf16: false };
  }

  /** Billions of multiply-adds of forward passes that a training here does a second; null while that is not known. */
  throughput(): number | null {
    return this.known?.gflopsPerSecond ?? null;
  }

  private async measure(): Promise<void> {
    const place = join(this.settings.MALLO_HOME, 'machine.json');
    const remembered = await readFile(place, 'utf8').catch(() => null);
    const parsed = remembered ? Measured.safeParse(JSON.parse(remembered)) : null;
    if (parsed?.success) {
      this.known = parsed.data;
      return;
    }
    const python = join(this.settings.TRAINER_FOLDER, '.venv', 'bin', 'python');
    const options = { env: trainerEnvironment(), timeout: TIMEOUT_MS, signal: this.ends.signal };
    const { stdout } = await run(python, ['-m', 'mallo_trainer.machine'], options);
    this.known = Measured.parse(JSON.parse(stdout));
    await mkdir(this.settings.MALLO_HOME, { recursive: true });
    await writeFile(`${place}.new`, JSON.stringify(this.known));
    await rename(`${place}.new`, place);
  }
}

/** A container often gets less memory than the machine has. */
function ramBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
