import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type PythonCall, runPython } from './python-process.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-python-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A real program in Python's place. */
async function program(lines: string): Promise<void> {
  const bin = join(folder, '.venv', 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'python'), `#!/bin/sh\n${lines}\n`);
  await chmod(join(bin, 'python'), 0o755);
}

const run = (change: Partial<PythonCall> = {}) =>
  runPython(folder, {
    ...{
      args: ['mallo_trainer.convert'],
      cwd: folder,
      env: {},
      limitSeconds: 30,
      signal: new AbortController().signal,
    },
    ...change,
  });

/** Starts another process, which holds its output open, and waits for it. */
const WITH_CHILD = 'sleep 60 & wait';

it('is refused with what to do where it is missing', async () => {
  await expect(run()).rejects.toMatchObject({ code: 'training.python_missing' });
});

it('tells its lines one by one, its end, and its last words', async () => {
  await program('echo one; echo two; echo first >&2; echo last >&2; exit 3');
  const lines: string[] = [];
  const end = await run({ onLine: async (line) => void lines.push(line) });
  expect(lines).toEqual(['one', 'two']);
  expect(end).toEqual({ code: 3, killedBy: null, tookTooLong: false, lastWords: 'last' });
});

it('gets only the environment it is given', async () => {
  await program('/usr/bin/env');
  const lines: string[] = [];
  await run({ env: { GIVEN: 'yes' }, onLine: async (line) => void lines.push(line) });
  expect(lines).toContain('GIVEN=yes');
  expect(lines.filter((line) => /^(MALLO|DATABASE|NODE|HOME)/.test(line))).toEqual([]);
});

// Its output ends when the last process that holds it does, so that these return is what they prove.
it('is ended with all it started when it takes too long', { timeout: 30_000 }, async () => {
  await program(WITH_CHILD);
  expect(await run({ limitSeconds: 0.5 })).toMatchObject({ killedBy: 'SIGKILL', tookTooLong: true });
});

it('is ended with all it started when we end', { timeout: 30_000 }, async () => {
  await program(`echo begun; ${WITH_CHILD}`);
  const ends = new AbortController();
  const end = await run({ signal: ends.signal, onLine: async () => ends.abort() });
  expect(end).toMatchObject({ killedBy: 'SIGKILL', tookTooLong: false });
});

it('is ended when what it says is refused', { timeout: 30_000 }, async () => {
  await program(`echo begun; ${WITH_CHILD}`);
  const refuse = () => Promise.reject(new Error('not that'));
  await expect(run({ onLine: refuse })).rejects.toThrow('not that');
});
