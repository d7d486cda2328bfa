import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Attempt, Attempts } from './attempts.js';
import { groupProcessorTime } from './process-group.js';

let folder: string;
let attempts: Attempts;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-run-'));
  attempts = new Attempts(folder, join(folder, 'last.pth'));
});

afterEach(async () => {
  for (const attempt of await attempts.list()) await attempts.stop(attempt);
  await rm(folder, { recursive: true, force: true });
});

/** A program that has the run's folder in its command line, as a recipe has. */
function program(script: string): string[] {
  return [process.execPath, '-e', script, folder];
}

async function latest(): Promise<Attempt> {
  const attempt = (await attempts.list()).at(-1);
  if (!attempt) throw new Error('there is no attempt');
  return attempt;
}

async function whenEnded(): Promise<Attempt> {
  for (;;) {
    const attempt = await latest();
    if (!attempt.alive) return attempt;
  }
}

const FOREVER = 'setInterval(() => {}, 1000)';

test('keeps the output and the exit status of a program', async () => {
  await attempts.start(1, program('console.log("hello"); console.error("oh"); process.exit(3)'), process.env);
  expect(await whenEnded()).toMatchObject({ number: 1, exitCode: 3, stopped: false });
  expect(await readFile(join(folder, 'stdout.log'), 'utf8')).toBe('hello\n');
  expect(await readFile(join(folder, 'stderr.log'), 'utf8')).toBe('oh\n');
});

test('appends the output of the next attempt', async () => {
  await attempts.start(1, program('console.log("one")'), process.env);
  await whenEnded();
  await attempts.start(2, program('console.log("two")'), process.env);
  await whenEnded();
  expect(await readFile(join(folder, 'stdout.log'), 'utf8')).toBe('one\ntwo\n');
});

test('ends a line that a killed program left half printed', async () => {
  await attempts.start(1, program('process.stdout.write("half")'), process.env);
  await whenEnded();
  await attempts.start(2, program('console.log("whole")'), process.env);
  await whenEnded();
  expect(await readFile(join(folder, 'stdout.log'), 'utf8')).toBe('half\nwhole\n');
});

test('starts an attempt once, however often it is asked to', async () => {
  await attempts.start(1, program(FOREVER), process.env);
  const { leader } = await latest();
  await attempts.start(1, program(FOREVER), process.env);
  expect(await latest()).toMatchObject({ leader, alive: true });
});

test('passes arguments on as they are, whatever is in them', async () => {
  const nasty = '"; touch pwned; $(touch pwned) `touch pwned`';
  await attempts.start(1, [...program('console.log(process.argv.at(-1))'), nasty], process.env);
  await whenEnded();
  expect(await readFile(join(folder, 'stdout.log'), 'utf8')).toBe(`${nasty}\n`);
});

test('stops a program that ends on TERM, and remembers that it was on purpose', async () => {
  await attempts.start(1, program(FOREVER), process.env);
  await attempts.stop(await latest());
  expect(await whenEnded()).toMatchObject({ exitCode: 143, stopped: true });
});

test('stops a program that does not listen to TERM', async () => {
  await attempts.start(1, program(`process.on("SIGTERM", () => {}); console.log("deaf"); ${FOREVER}`), process.env);
  while (!(await readFile(join(folder, 'stdout.log'), 'utf8').catch(() => '')).includes('deaf'));
  await attempts.stop(await latest());
  expect(await whenEnded()).toMatchObject({ exitCode: null, stopped: true });
});

test('tells a killed program from one that was stopped', async () => {
  await attempts.start(1, program(FOREVER), process.env);
  process.kill(-((await latest()).leader as number), 'SIGKILL');
  expect(await whenEnded()).toMatchObject({ exitCode: null, stopped: false });
});

test('an attempt that nobody claimed never was, and a shell that is late gives up', async () => {
  await mkdir(join(folder, 'attempt-1'));
  expect(await latest()).toMatchObject({ alive: false, leader: null, stopped: true });
  await attempts.start(1, program('console.log("too late")'), process.env);
  expect(await latest()).toMatchObject({ alive: false, stopped: true });
  expect(await readFile(join(folder, 'stdout.log'), 'utf8').catch(() => '')).toBe('');
}, 20_000);

test('does not take another program that was given the same number for its own', async () => {
  await mkdir(join(folder, 'attempt-1', 'started'), { recursive: true });
  await writeFile(join(folder, 'attempt-1', 'pid'), `${process.ppid}\n`);
  expect(await latest()).toMatchObject({ alive: false });
});

test('a working program uses processor time, a sleeping one does not', async () => {
  await attempts.start(1, program('for (;;);'), process.env);
  const { leader } = await latest();
  const before = await groupProcessorTime(leader as number);
  while ((await groupProcessorTime(leader as number)) <= before);
  await attempts.stop(await latest());
  expect(await groupProcessorTime(leader as number)).toBe(0);
});
