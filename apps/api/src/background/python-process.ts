import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type LocalText, MalloError } from '@mallo/contracts';
import { signalGroup } from '../compute/process-group.js';

const KEPT_OF_STDERR = 4_000;

export type PythonCall = {
  /** A module of the trainer, and its arguments. */
  args: [module: string, ...rest: string[]];
  /** Neither the environment nor the folder that it is started in has a say in what is imported. */
  isolated?: true;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Given up and killed after this. */
  limitSeconds: number;
  /** Ends the process too. */
  signal: AbortSignal;
  /** Gets each line of its output; the next one waits for it. */
  onLine?: (line: string) => Promise<void>;
};

export type PythonEnd = {
  code: number | null;
  killedBy: NodeJS.Signals | null;
  tookTooLong: boolean;
  /** The last line it said on stderr. */
  lastWords: string;
};

/** What a process had too little of, of what it was given; null where it ended for another reason. */
export function ranOutOf({ tookTooLong, killedBy, lastWords }: PythonEnd): 'time' | 'memory' | null {
  // The kernel ends it so when its processor time is used up.
  if (tookTooLong || killedBy === 'SIGKILL' || killedBy === 'SIGXCPU') return 'time';
  return /bad_alloc|MemoryError|allocate memory/.test(lastWords) ? 'memory' : null;
}

/** How a process ended that said nothing itself. */
export function endOf({ code, killedBy }: Pick<PythonEnd, 'code' | 'killedBy'>): LocalText {
  if (killedBy) return { en: `it was ended by ${killedBy}`, ko: `${killedBy} 신호로 끝남` };
  return { en: `it ended with exit code ${code}`, ko: `종료 코드 ${code}` };
}

/** Why a process was ended that needed more time than it was given. */
export function tookLongerThan(seconds: number): LocalText {
  return { en: `it took longer than ${seconds} s`, ko: `${seconds}초 넘게 걸림` };
}

/** A time as it is told where a limit is. */
export function secondsText(seconds: number): LocalText {
  return { en: `${seconds} s`, ko: `${seconds}초` };
}

/** The Python of the trainer. @throws MalloError training.python_missing */
export async function pythonOf(trainerFolder: string): Promise<string> {
  const python = join(trainerFolder, '.venv', 'bin', 'python');
  await access(python).catch((error: unknown) => {
    throw new MalloError('training.python_missing', {}, { cause: error });
  });
  return python;
}

/**
 * Runs the trainer's Python as a process group of its own, of which nothing is left when this returns, or when this
 * process is killed: it would else go on beside the one that begins anew.
 * @throws MalloError training.python_missing; whatever `onLine` throws, the process then being ended
 */
export async function runPython(trainerFolder: string, call: PythonCall): Promise<PythonEnd> {
  const { args, isolated, cwd, env, limitSeconds, signal, onLine } = call;
  const tied = [...(isolated ? ['-I'] : []), '-m', 'mallo_trainer.tied', String(process.pid), ...args];
  const child = spawn(await pythonOf(trainerFolder), tied, {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.pid && signalGroup(child.pid, 'SIGKILL');
  let tookTooLong = false;
  let stderr = '';
  const timer = setTimeout(() => {
    tookTooLong = true;
    kill();
  }, limitSeconds * 1000);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_OF_STDERR);
  });
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  // Looked at below; an `onLine` that throws must not leave it unhandled.
  closed.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: child.stdout })) await onLine?.(line);
    const [code, killedBy] = await closed;
    const lastWords = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
    return { code, killedBy, tookTooLong, lastWords };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    kill();
  }
}
