import { readFile } from 'node:fs/promises';
import { byteSize } from '@mallo/client';
import { MalloError } from '@mallo/contracts';
import type { OnModuleDestroy } from '@nestjs/common';
import { Runner } from './runner.js';
import type { AnswerOf, Job, OpenRequest } from './runner.messages.js';

export type RunnerLimits = {
  /** What all models that are held together may take. */
  memoryBytes: number;
  /** One that nobody asks is let go after this. */
  idleMs: number;
  /** For opening a model, and for one answer. */
  timeoutMs: number;
};

/** A model as the pool finds it again and opens it. */
export type Loadable = {
  key: string;
  sizeBytes: number;
  /** Calls `use` while its files are there to be opened. */
  open: (use: (request: OpenRequest) => Promise<void>) => Promise<void>;
};

/** What a process takes before it has a model. */
const PROCESS_BYTES = 150_000_000;
/** onnxruntime keeps weights in the form it computes with, beside those it has read. */
const PER_FILE_BYTE = 2;
const WATCH_MS = 250;
const PAGE_BYTES = 4096;

type Held = {
  runner: Runner | null;
  opened: Promise<void>;
  /** What was set aside for it, until it says itself what it holds. */
  reservedBytes: number;
  asked: number;
  idle: NodeJS.Timeout | undefined;
};

/**
 * The models that are held ready, each in its own process: what one does, nobody else notices. Those that were not asked
 * for longest make room for others.
 */
export class RunnerPool implements OnModuleDestroy {
  /** The one asked last is the last. */
  private readonly held = new Map<string, Held>();
  private change = Promise.withResolvers<void>();
  private watch: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(private readonly limits: RunnerLimits) {}

  /**
   * Asks a model, which is opened when it is not held.
   * @throws MalloError model.too_large, model.timeout, model.broken, and what `Runner` throws
   */
  async run<J extends Job>(model: Loadable, job: J): Promise<AnswerOf<J>> {
    const held = this.heldNow(model) ?? this.hold(model);
    clearTimeout(held.idle);
    held.asked += 1;
    this.watch ??= setInterval(() => void this.lookAtMemory(), WATCH_MS);
    try {
      await held.opened;
      if (!held.runner)
        throw new MalloError('model.broken', {
          problem: { en: 'its process is gone', ko: '실행하던 프로세스가 없어졌습니다' },
        });
      return await held.runner.ask(job);
    } finally {
      held.asked -= 1;
      this.letGo(model.key, held);
    }
  }

  onModuleDestroy(): void {
    this.ended = true;
    clearInterval(this.watch);
    for (const [key, held] of this.held) this.drop(key, held);
  }

  /** The model as it is held; it becomes the last to make room. */
  private heldNow({ key }: Loadable): Held | undefined {
    const held = this.held.get(key);
    if (held) {
      this.held.delete(key);
      this.held.set(key, held);
    }
    return held;
  }

  private hold(model: Loadable): Held {
    const held: Held = { runner: null, opened: Promise.resolve(), reservedBytes: 0, asked: 0, idle: undefined };
    this.held.set(model.key, held);
    held.opened = this.open(model, held);
    return held;
  }

  private async open(model: Loadable, held: Held): Promise<void> {
    try {
      await this.makeRoom(held, PROCESS_BYTES + PER_FILE_BYTE * model.sizeBytes);
      await model.open(async (request) => {
        held.runner = new Runner(this.limits.timeoutMs, () => {
          held.runner = null;
          if (this.held.get(model.key) === held) this.held.delete(model.key);
          this.changed();
        });
        await held.runner.open(request);
      });
      // From here on it is known what it really holds.
      held.reservedBytes = 0;
    } catch (error) {
      this.drop(model.key, held);
      throw error;
    }
  }

  /** Waits until there is room beside what is being asked, letting go of what is not. */
  private async makeRoom(held: Held, neededBytes: number): Promise<void> {
    if (neededBytes > this.limits.memoryBytes) throw this.tooLarge();
    while (this.heldBytes() + neededBytes > this.limits.memoryBytes) {
      if (this.ended) throw new MalloError('server.unavailable', { part: 'inference' });
      if (!this.dropIdle()) await this.change.promise;
    }
    // At once, before another that waits looks how much is left.
    held.reservedBytes = neededBytes;
  }

  private heldBytes(): number {
    return [...this.held.values()].reduce((sum, held) => sum + bytesOf(held), 0);
  }

  /** Lets go of the one that was not asked for longest. */
  private dropIdle(): boolean {
    const idle = [...this.held].find(([, { asked, runner }]) => asked === 0 && runner);
    if (idle) this.drop(...idle);
    return idle !== undefined;
  }

  private drop(
    key: string,
    held: Held,
    why = new MalloError('model.broken', { problem: { en: 'it was let go', ko: '메모리에서 내려갔습니다' } }),
  ): void {
    clearTimeout(held.idle);
    if (this.held.get(key) === held) this.held.delete(key);
    held.runner?.stop(why);
    this.changed();
  }

  /** After an answer: keeps it for a while, when there is room. */
  private letGo(key: string, held: Held): void {
    if (held.asked === 0 && held.runner) {
      held.idle = setTimeout(() => this.drop(key, held), this.limits.idleMs).unref();
    }
    while (this.heldBytes() > this.limits.memoryBytes && this.dropIdle());
    if ([...this.held.values()].every(({ asked }) => asked === 0)) {
      clearInterval(this.watch);
      this.watch = undefined;
    }
    this.changed();
  }

  /** While models compute they say nothing, and may take more and more. */
  private async lookAtMemory(): Promise<void> {
    await Promise.all(
      [...this.held.values()].map(async ({ runner }) => {
        const bytes = runner?.pid === undefined ? null : await residentBytes(runner.pid);
        if (runner && bytes !== null) runner.memoryBytes = bytes;
      }),
    );
    while (this.heldBytes() > this.limits.memoryBytes && this.dropIdle());
    if (this.heldBytes() <= this.limits.memoryBytes) return;
    const [largest] = [...this.held].sort(([, a], [, b]) => bytesOf(b) - bytesOf(a));
    if (largest) this.drop(...largest, this.tooLarge());
  }

  private tooLarge(): MalloError {
    return new MalloError('model.too_large', { limit: byteSize(this.limits.memoryBytes) });
  }

  private changed(): void {
    this.change.resolve();
    this.change = Promise.withResolvers();
  }
}

function bytesOf({ runner, reservedBytes }: Held): number {
  return Math.max(runner?.memoryBytes ?? 0, reservedBytes);
}

/** What a process holds in memory, on Linux; null elsewhere, and when it is gone. */
async function residentBytes(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  const pages = Number(text.split(' ')[1]);
  return Number.isFinite(pages) ? pages * PAGE_BYTES : null;
}
