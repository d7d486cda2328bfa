import { execFile, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a command so that everything about it can be read from its folder by any later process: `started` (a
 * folder, so that making it is the claim), `pid` of the group's leader, `exit` with the status. Nothing of the
 * command is ever part of the script. The shell catches TERM to be there when the command has ended from it.
 */
const SCRIPT = `
mkdir started || exit 125
trap : TERM
echo $$ > pid.new && mv pid.new pid
"$@" >> ../stdout.log 2>> ../stderr.log < /dev/null
echo $? > exit.new && mv exit.new exit
`;

/** Starts a command as the leader of a process group that outlives this process. */
export function startGroup(folder: string, command: string[], env: NodeJS.ProcessEnv): void {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'trainer', ...command], {
    cwd: folder,
    env,
    detached: true,
    stdio: 'ignore',
  });
  // Seen by the absence of `started`, like a crash at this point.
  child.on('error', () => undefined);
  child.unref();
}

function exists(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function commandLine(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => null,
  );
}

/**
 * Whether any process of the group is alive. Numbers are given again to other processes, so the leader must have
 * `mark` in its command line.
 */
export async function groupIsAlive(leader: number, mark: string): Promise<boolean> {
  if (!exists(-leader)) return false;
  const command = await commandLine(leader);
  return !command || command.includes(mark);
}

export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Processor time that the processes of a group have used, in the system's own unit; it only matters that it grows. */
export async function groupProcessorTime(leader: number): Promise<number> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-A', '-o', 'pgid=,time=']);
    const times = stdout.split('\n').filter((line) => Number.parseInt(line, 10) === leader);
    return Number(times.join('').replace(/\D/g, ''));
  }
  let ticks = 0;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    // proc(5): after the name in brackets come state, ppid, pgrp …; utime and stime are the 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[2]) === leader) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks;
}
