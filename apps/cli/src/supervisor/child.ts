import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDiskFull } from '../home/disk-space.js';
import { Refusal, refusals } from '../sentences.js';

export type ChildSpec = {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Its output; kept to two files of about ten megabytes. */
  log: string;
  /** Resolves once the child can be used. Absent: it says so itself, `{ready: true}` over IPC. */
  ready?: (stopped: AbortSignal) => Promise<void>;
};

const LOG_MAX_BYTES = 10_000_000;
/** A life shorter than this counts as a failed start. */
const QUICK_MS = 10_000;
const QUICK_DEATHS = 5;
/** Migrations of a large database, or a slow disk. */
const READY_MS = 120_000;

/** One process of Mallo: started, started again when it dies, stopped in good order. */
export class Child {
  private process: ChildProcess | null = null;
  private readonly stopping = new AbortController();
  private usable = false;
  private finished: Promise<void> = Promise.resolve();

  constructor(
    private readonly spec: ChildSpec,
    private readonly tell: {
      started(name: string, pid: number): void;
      restarting(name: string): void;
      gaveUp(problem: Refusal): void;
    },
  ) {}

  /** Whether it can answer now. */
  get up(): boolean {
    return this.usable;
  }

  /**
   * Starts it and keeps it running; resolves when it can be used for the first time.
   * @throws Refusal when it died several times in a row before that (afterwards `gaveUp` is told), and
   * AbortError when it was stopped before that.
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      let started = false;
      const firstReady = () => {
        started = true;
        resolve();
      };
      this.finished = this.keepRunning(firstReady).then(
        () => reject(new DOMException('stopped', 'AbortError')),
        (problem: Refusal) => (started ? this.tell.gaveUp(problem) : reject(problem)),
      );
    });
  }

  /** Asks it to end, and ends it when it has not after `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.stopping.abort();
    this.process?.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), patienceMs);
    await this.finished;
    clearTimeout(timer);
  }

  /** Ends it and all it started, at once, for good. */
  kill(): void {
    this.stopping.abort();
    if (this.process) killGroup(this.process);
  }

  private async keepRunning(onReady: () => void): Promise<void> {
    let quickDeaths = 0;
    while (!this.stopping.signal.aborted) {
      const began = Date.now();
      await this.liveOnce(onReady);
      if (this.stopping.signal.aborted) return;
      quickDeaths = Date.now() - began < QUICK_MS ? quickDeaths + 1 : 0;
      if (quickDeaths >= QUICK_DEATHS) throw await this.whyGivenUp();
      this.tell.restarting(this.spec.name);
      await delay(125 * 2 ** quickDeaths, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async whyGivenUp(): Promise<Refusal> {
    const { name, log } = this.spec;
    const folder = dirname(log);
    // Whatever the part said of it.
    if (await isDiskFull(folder).catch(() => false)) return new Refusal(refusals.diskFull(folder));
    return new Refusal(refusals.partGaveUp(name, log));
  }

  /** From its start to its end. */
  private async liveOnce(onReady: () => void): Promise<void> {
    await this.rotateLog();
    if (this.stopping.signal.aborted) return;
    // The child writes to the file itself: nothing of it is lost or held up when the supervisor is gone.
    const log = openSync(this.spec.log, 'a', 0o600);
    const child = spawn(this.spec.command, this.spec.args, {
      cwd: this.spec.cwd,
      env: { ...this.spec.env, MALLO_CHILD: this.spec.name },
      stdio: ['ignore', log, log, 'ipc'],
      // A group of its own: Ctrl-C in the terminal reaches the supervisor only, which then closes in order.
      detached: true,
    });
    closeSync(log);
    this.process = child;
    if (child.pid) this.tell.started(this.spec.name, child.pid);
    const ended = new AbortController();
    const exit = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const ready = this.becomesReady(child, ended.signal).then(
      () => {
        this.usable = !ended.signal.aborted;
        if (this.usable) onReady();
      },
      // Either it has ended, or it took too long and is no use.
      () => killGroup(child),
    );
    await exit;
    ended.abort();
    this.usable = false;
    this.process = null;
    await ready;
  }

  private async becomesReady(child: ChildProcess, ended: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([ended, AbortSignal.timeout(READY_MS)]);
    if (this.spec.ready) return this.spec.ready(signal);
    for (;;) {
      const [message] = (await once(child, 'message', { signal })) as [unknown];
      if (typeof message === 'object' && message !== null && 'ready' in message) return;
    }
  }

  private async rotateLog(): Promise<void> {
    try {
      const { size } = await stat(this.spec.log);
      if (size > LOG_MAX_BYTES) await rename(this.spec.log, `${this.spec.log}.1`);
    } catch {
      // There is no log yet.
    }
  }
}

/** A child leads a process group of its own, with all it started. */
function killGroup(child: ChildProcess): void {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
