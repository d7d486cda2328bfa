import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@mallo/backend/testing';

/** Whether a program is there to be tested with. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
}

export type Program = { port: number; start: () => void; stop: () => Promise<void>; close: () => Promise<void> };

/** A program of the machine on a free port, its data in a folder of its own; begun by `start`, again after `stop`. */
export async function makeProgram(
  name: string,
  args: (at: { port: number; folder: string }) => string[],
): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-program-'));
  const port = await freePort();
  let child: ReturnType<typeof spawn> | undefined;
  const stop = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    port,
    start: () => {
      child = spawn(name, args({ port, folder }), { stdio: 'ignore', cwd: folder });
    },
    stop,
    close: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A Redis that keeps nothing. */
export function makeRedis(): Promise<Program> {
  return makeProgram('redis-server', ({ port }) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  ]);
}
