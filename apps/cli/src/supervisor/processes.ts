import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process lives whose command line has this in it: a pid alone may have been given to another program. */
export async function isRunning(pid: number, inCommand: string): Promise<boolean> {
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) && (await commandOf(pid)).includes(inCommand);
}

/** Resolves with whether it has ended within that time. */
export async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; isAlive(pid); await delay(50)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}

async function commandOf(pid: number): Promise<string> {
  // Small Linux images have no `ps`; other systems have no /proc.
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (line !== null) return line;
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout;
}
