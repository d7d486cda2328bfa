import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@mallo/backend';
import { Job, MalloError } from '@mallo/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { BackgroundJobs, type Report } from './background-jobs.js';

const Input = z.strictObject({ name: z.string() });
const Details = z.strictObject({ said: z.string() });
type Work = (
  input: z.infer<typeof Input>,
  report: Report<z.infer<typeof Details>>,
  signal: AbortSignal,
) => Promise<void>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-jobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const jobsOf = (work: Work) => {
  const schema = Job.extend({ input: Input, details: Details });
  return new BackgroundJobs(folder, schema, { said: '' }, createLogger('test', 'silent'), work);
};
const ended = (jobs: ReturnType<typeof jobsOf>, id: string) =>
  vi.waitFor(async () => {
    const job = await jobs.get(id);
    expect(job?.state).not.toBe('running');
    return job;
  });

it('is null until it is begun, then running, then what came of it', async () => {
  const goOn = Promise.withResolvers<void>();
  const jobs = jobsOf(async ({ name }, report) => {
    await report({ step: 1, steps: 3, details: { said: `hello ${name}` } });
    await goOn.promise;
  });
  expect(await jobs.get('one')).toBeNull();
  expect(await jobs.start('one', { name: 'you' })).toMatchObject({ state: 'running', error: null });
  await vi.waitFor(async () => expect(await jobs.get('one')).toMatchObject({ state: 'running', step: 1, steps: 3 }));
  goOn.resolve();
  const done = { state: 'completed', step: 3, steps: 3, error: null, details: { said: 'hello you' } };
  expect(await ended(jobs, 'one')).toMatchObject(done);
  // Another process reads the same.
  expect(await jobsOf(async () => undefined).get('one')).toMatchObject(done);
});

it('begun twice is done once, and several are done one after the other', async () => {
  let atOnce = 0;
  const done: string[] = [];
  const jobs = jobsOf(async ({ name }) => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    await new Promise(setImmediate);
    done.push(name);
    atOnce -= 1;
  });
  await Promise.all([jobs.start('a', { name: 'a' }), jobs.start('a', { name: 'a' }), jobs.start('b', { name: 'b' })]);
  await ended(jobs, 'a');
  await ended(jobs, 'b');
  expect(done.toSorted()).toEqual(['a', 'b']);
});

it('keeps why it failed, and can be begun again', async () => {
  let tries = 0;
  const jobs = jobsOf(async () => {
    tries += 1;
    if (tries === 1) throw new MalloError('server.disk_full');
    if (tries === 2) throw new Error('a mistake of ours');
  });
  await jobs.start('one', { name: '' });
  expect(await ended(jobs, 'one')).toMatchObject({ state: 'failed', error: { code: 'server.disk_full' } });
  await jobs.start('one', { name: '' });
  expect(await ended(jobs, 'one')).toMatchObject({ state: 'failed', error: { code: 'server.unexpected' } });
  await jobs.start('one', { name: '' });
  expect(await ended(jobs, 'one')).toMatchObject({ state: 'completed', error: null });
});

it('that a process left is begun again by the next, with what was asked', async () => {
  const begun = Promise.withResolvers<void>();
  const jobs = jobsOf(async (_, __, signal) => {
    begun.resolve();
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));
  });
  await jobs.start('one', { name: 'left' });
  await begun.promise;
  jobs.end();
  const names: string[] = [];
  const next = jobsOf(async ({ name }) => void names.push(name));
  expect((await next.get('one'))?.state).toBe('running');
  await next.resume();
  expect(await ended(next, 'one')).toMatchObject({ state: 'completed' });
  expect(names).toEqual(['left']);
  // One that has ended is not.
  const third = jobsOf(async ({ name }) => void names.push(name));
  await third.resume();
  expect((await third.get('one'))?.state).toBe('completed');
  expect(names).toEqual(['left']);
});

/** Waits to be ended, and says what it did then. */
const waiting = (done: string[], begun = Promise.withResolvers<void>()) => ({
  begun: begun.promise,
  work: async ({ name }: { name: string }, _: unknown, signal: AbortSignal) => {
    begun.resolve();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    done.push(`${name} cleared`);
    signal.throwIfAborted();
  },
});
const closed = (jobs: ReturnType<typeof jobsOf>, id: string) =>
  vi.waitFor(async () => {
    const job = await jobs.get(id);
    expect(job?.state).not.toBe('cancelling');
    return job;
  });

it('is cancelled when nothing of it runs any more, and can be begun again', async () => {
  const cleared: string[] = [];
  const first = waiting(cleared);
  const jobs = jobsOf(first.work);
  expect(await jobs.cancel('one')).toBeNull();
  await jobs.start('one', { name: 'one' });
  await first.begun;
  expect(await jobs.cancel('one')).toMatchObject({ state: 'cancelling' });
  await jobs.cancel('one');
  expect(await closed(jobs, 'one')).toMatchObject({ state: 'cancelled', error: null });
  expect(cleared).toEqual(['one cleared']);
  expect(await jobs.cancel('one')).toMatchObject({ state: 'cancelled' });
  expect(await jobs.start('one', { name: 'again' })).toMatchObject({ state: 'running' });
  await jobs.cancel('one');
  await closed(jobs, 'one');
});

it('that waits for another is cancelled at once, and is not begun when its turn comes', async () => {
  const goOn = Promise.withResolvers<void>();
  const done: string[] = [];
  const jobs = jobsOf(async ({ name }, _, signal) => {
    if (name === 'first') await goOn.promise;
    signal.throwIfAborted();
    done.push(name);
  });
  await jobs.start('a', { name: 'first' });
  await jobs.start('b', { name: 'second' });
  await jobs.cancel('b');
  expect(await closed(jobs, 'b')).toMatchObject({ state: 'cancelled' });
  goOn.resolve();
  expect(await ended(jobs, 'a')).toMatchObject({ state: 'completed' });
  expect(done).toEqual(['first']);
});

it('that a process was cancelling is cleared away by the next, and not begun again', async () => {
  const left = waiting([]);
  const jobs = jobsOf(left.work);
  await jobs.start('one', { name: 'left' });
  await left.begun;
  const file = join(folder, 'one.json');
  const record = JSON.parse(await readFile(file, 'utf8')) as object;
  jobs.end();
  // As one that is killed before it says that it has ended.
  await writeFile(file, JSON.stringify({ ...record, state: 'cancelling' }));
  const cleared: string[] = [];
  const next = jobsOf(waiting(cleared).work);
  await next.resume();
  expect(await closed(next, 'one')).toMatchObject({ state: 'cancelled' });
  expect(cleared).toEqual(['left cleared']);
});

it('whose work was done when it was cancelled is completed', async () => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const jobs = jobsOf(async () => {
    begun.resolve();
    await goOn.promise;
  });
  await jobs.start('one', { name: '' });
  await begun.promise;
  await jobs.cancel('one');
  goOn.resolve();
  expect(await closed(jobs, 'one')).toMatchObject({ state: 'completed' });
});

it('of another form is none, and no id leads out of its folder', async () => {
  await writeFile(join(folder, 'old.json'), '{"state":"running"}');
  const jobs = jobsOf(async () => undefined);
  await jobs.resume();
  expect(await jobs.get('old')).toBeNull();
  await expect(jobs.get('../secret')).rejects.toMatchObject({ code: 'request.not_found' });
  await expect(jobs.start('a/b', { name: '' })).rejects.toMatchObject({ code: 'request.not_found' });
  expect(await readdir(folder)).toEqual(['old.json']);
  expect(await readFile(join(folder, 'old.json'), 'utf8')).toContain('running');
});
