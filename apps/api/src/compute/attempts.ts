import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { groupIsAlive, signalGroup, startGroup } from './process-group.js';

/** Between the claim of an attempt and the pid of its process lie a few system calls. */
const PID_WAIT_MS = 5_000;
const STOP_MS = 3_000;

export type Attempt = {
  number: number;
  folder: string;
  /** Of the process group; null when it never came to be. */
  leader: number | null;
  alive: boolean;
  /** Null when the process was killed before it could leave one. */
  exitCode: number | null;
  /** Whether it was stopped on purpose, or never came to be. */
  stopped: boolean;
  /** When the checkpoint it began from was written, epoch milliseconds; 0 for none. */
  beganFromMs: number;
};

async function modifiedMs(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}

async function readNumber(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : null;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A killed program may have left half a line, which the first line of the next must not be added to. */
async function endLine(path: string): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
    if (size > 0 && buffer.toString() !== '\n') await file.appendFile('\n');
  } finally {
    await file.close();
  }
}

/** The tries of one training, each in a folder `attempt-N` of the run's folder. */
export class Attempts {
  constructor(
    private readonly runFolder: string,
    private readonly checkpoint: string,
  ) {}

  /** All of them, the first one first. */
  async list(): Promise<Attempt[]> {
    const names = await readdir(this.runFolder);
    const numbers = names.map((name) => /^attempt-(\d+)$/.exec(name)?.[1]).filter((n) => n !== undefined);
    return Promise.all(
      numbers
        .map(Number)
        .sort((a, b) => a - b)
        .map((number) => this.look(number)),
    );
  }

  /** When the checkpoint was last written, epoch milliseconds; 0 for never. */
  checkpointMs(): Promise<number> {
    return modifiedMs(this.checkpoint);
  }

  /** Starts attempt `number`; does nothing when it was started before. */
  async start(number: number, command: string[], env: NodeJS.ProcessEnv): Promise<void> {
    const folder = this.folder(number);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'began-from'), String(Math.round(await this.checkpointMs())));
    if (await isThere(join(folder, 'started'))) return;
    for (const log of ['stdout.log', 'stderr.log']) await endLine(join(this.runFolder, log));
    startGroup(folder, command, env);
    await this.leader(folder);
  }

  /** Ends an attempt within seconds and remembers that it was on purpose. */
  async stop(attempt: Attempt): Promise<void> {
    if (!attempt.alive || attempt.leader === null) return;
    await writeFile(join(attempt.folder, 'stopped'), '');
    signalGroup(attempt.leader, 'SIGTERM');
    const deadline = Date.now() + STOP_MS;
    while (Date.now() < deadline) {
      if (!(await groupIsAlive(attempt.leader, this.runFolder))) return;
      await wait(50);
    }
    signalGroup(attempt.leader, 'SIGKILL');
  }

  private folder(number: number): string {
    return join(this.runFolder, `attempt-${number}`);
  }

  private async look(number: number): Promise<Attempt> {
    const folder = this.folder(number);
    // Claimed here if nobody did: then a shell that is still on its way gives up, and the attempt never was.
    const abandoned = await mkdir(join(folder, 'started')).then(
      () => true,
      () => false,
    );
    const known = abandoned || (await isThere(join(folder, 'stopped')));
    const leader = known ? await readNumber(join(folder, 'pid')) : await this.leader(folder);
    if (leader === null && !(await isThere(join(folder, 'stopped')))) await writeFile(join(folder, 'stopped'), '');
    const exitCode = await readNumber(join(folder, 'exit'));
    return {
      number,
      folder,
      leader,
      alive: leader !== null && exitCode === null && (await groupIsAlive(leader, this.runFolder)),
      exitCode,
      stopped: leader === null || (await isThere(join(folder, 'stopped'))),
      beganFromMs: (await readNumber(join(folder, 'began-from'))) ?? 0,
    };
  }

  private async leader(folder: string): Promise<number | null> {
    const deadline = Date.now() + PID_WAIT_MS;
    for (;;) {
      const leader = await readNumber(join(folder, 'pid'));
      if (leader !== null || Date.now() > deadline) return leader;
      await wait(20);
    }
  }
}
