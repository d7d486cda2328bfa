import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '@mallo/backend';
import type {} from '@mallo/backend/testing/global-setup';
import { type LiveEvent, type Retention, type RetentionSettings, retentionRoutes as routes } from '@mallo/contracts';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { Database } from '../database.js';
import { batchOf } from '../points/batch.js';
import { logLine, metric, range, startTelemetry, startTelemetryProcess, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project } from '../testing/trackings.js';
import { ExperimentsRepository } from '../tracking/experiments.repository.js';
import { LoggedRunsRepository } from '../tracking/logged-runs.repository.js';

const database = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});
afterAll(async () => {
  await telemetry.close();
  await store.onApplicationShutdown();
  await database.end();
});

const LONG_AGO = 1_000_000;
const NEVER: RetentionSettings = { deletedDays: null, detailDays: null };

const store = new Database(inject('databaseUrl'), pino({ level: 'silent' }));
const experiments = new ExperimentsRepository(store);
const runs = new LoggedRunsRepository(store);

/** An experiment whose files are elsewhere, with so many runs. */
async function experimentOf({ projectId, ownerId }: Project, count: number) {
  const id = await experiments.create(projectId, 'elsewhere', 's3://bucket/there', []);
  const experiment = await experiments.find(projectId, id ?? '');
  const runIds = Array.from({ length: count }, () => newId('run'));
  const run = {
    ownerId,
    projectId,
    experimentKey: experiment?.key ?? 0,
    name: 'a',
    user: 'me',
    startedMs: 1,
    tags: [],
  };
  await Promise.all(runIds.map((runId) => runs.create({ ...run, runId })));
  return { experimentId: id ?? '', runIds };
}

const remove = (...runIds: string[]) => Promise.all(runIds.map((runId) => runs.setLifecycle(runId, 'deleted')));

/** A run of the project that logged a curve, one of the machine, and lines. */
async function log(runId: string): Promise<void> {
  const events = range(0, 2999).flatMap((step): LiveEvent[] => [
    metric('loss', step, Math.random()),
    metric('system/cpu_percent', step, Math.random()),
    logLine(`line ${step} ${Math.random()}`),
  ]);
  await telemetry.points.append(runId, batchOf(events));
}

const of = ({ owner, projectId }: Project) => ({
  set: (settings: Partial<RetentionSettings>) =>
    owner.call(routes.set, { params: { projectId }, body: { ...NEVER, ...settings } }),
  get: () => owner.call(routes.get, { params: { projectId } }),
  begin: () => owner.call(routes.begin, { params: { projectId } }),
  cancel: () => owner.call(routes.cancel, { params: { projectId } }),
});

/** Removes what is past its time. @returns how it ended */
async function pass(project: Project): Promise<Retention['pass']> {
  const { begin, get } = of(project);
  await begin();
  return vi.waitUntil(async () => {
    const { pass: now } = await get();
    return now?.state === 'running' ? undefined : now;
  }, 60_000);
}

const runsIn = async ({ projectId }: Project) =>
  (await database.query('select run_id from telemetry.runs where project_id = $1', [projectId])).rows.map(
    (row: { run_id: string }) => row.run_id,
  );
const ago = (runId: string, column: 'deleted_ms' | 'changed_ms', days: number) =>
  database.query(`update telemetry.runs set ${column} = $2 where run_id = $1`, [runId, Date.now() - days * 86_400_000]);

test('keeps everything until somebody says otherwise', async () => {
  const project = await newProject(telemetry);
  const runId = await addTraining(project, { status: 'completed', endedMs: LONG_AGO });
  await log(runId);
  expect(await of(project).get()).toEqual({ settings: NEVER, pass: null });
  await ago(runId, 'changed_ms', 3000);
  expect(await pass(project)).toMatchObject({ state: 'done', removed: 0, trimmed: 0, freedBytes: 0 });
  expect(await telemetry.points.lines(runId, { from: 1, limit: 10, search: '' })).toMatchObject({ total: 3000 });
});

test('removes runs that were deleted so many days ago, and no others', async () => {
  const project = await newProject(telemetry);
  await addTraining(project);
  const [old = '', late = '', kept = '', restored = ''] = (await experimentOf(project, 4)).runIds;
  await log(old);
  await remove(old, late, restored);
  await ago(old, 'deleted_ms', 31);
  await ago(restored, 'deleted_ms', 31);
  await runs.setLifecycle(restored, 'active');
  // Of one that is deleted already it says nothing new.
  await remove(restored, old);
  await of(project).set({ deletedDays: 30 });
  const ended = await pass(project);
  expect(ended).toMatchObject({ state: 'done', removed: 1 });
  expect(ended?.freedBytes).toBeGreaterThan(20_000);
  expect(await runsIn(project)).not.toContain(old);
  expect(await runsIn(project)).toEqual(expect.arrayContaining([late, kept, restored]));
  for (const table of ['chunks', 'log_chunks', 'latest_points', 'journal', 'folded', 'run_tags']) {
    expect((await database.query(`select from telemetry.${table} where run_id = $1`, [old])).rows).toEqual([]);
  }
});

test('never removes a deleted training that goes on', async () => {
  const project = await newProject(telemetry);
  const runId = await addTraining(project, { status: 'running' });
  await remove(runId);
  await ago(runId, 'deleted_ms', 31);
  await of(project).set({ deletedDays: 0, detailDays: 0 });
  expect(await pass(project)).toMatchObject({ state: 'done', removed: 0 });
  expect(await runsIn(project)).toContain(runId);
});

test('a deleted experiment goes once its runs have gone, and its name is free', async () => {
  const project = await newProject(telemetry);
  await addTraining(project);
  const { experimentId } = await experimentOf(project, 1);
  await experiments.setLifecycle(project.projectId, experimentId, 'deleted');
  await of(project).set({ deletedDays: 0 });
  expect(await pass(project)).toMatchObject({ state: 'done', removed: 1 });
  await experimentOf(project, 0);
});

test('removes log lines and curves of the machine of runs that ended long ago; other curves stay', async () => {
  const project = await newProject(telemetry);
  const ended = await addTraining(project, { status: 'completed', endedMs: LONG_AGO });
  const running = await addTraining(project, { status: 'running' });
  const recent = await addTraining(project, { status: 'failed', endedMs: LONG_AGO });
  for (const runId of [ended, running, recent]) {
    await log(runId);
    await ago(runId, 'changed_ms', runId === recent ? 1 : 8);
  }
  await of(project).set({ detailDays: 7 });
  const done = await pass(project);
  expect(done).toMatchObject({ state: 'done', removed: 0, trimmed: 1 });
  expect(done?.freedBytes).toBeGreaterThan(20_000);
  const metrics = async (runId: string) =>
    (await telemetry.points.metrics(runId, { search: '', limit: 10 })).metrics.map(({ key, count }) => [key, count]);
  expect(await metrics(ended)).toEqual([['loss', 3000]]);
  expect(await telemetry.points.lines(ended, { from: 1, limit: 10, search: '' })).toEqual({ total: 0, lines: [] });
  for (const runId of [running, recent]) {
    expect(await metrics(runId)).toHaveLength(2);
    expect((await telemetry.points.lines(runId, { from: 1, limit: 1, search: '' })).total).toBe(3000);
  }
  expect(await pass(project)).toMatchObject({ trimmed: 0, freedBytes: 0 });
  // A run that is gone on with afterwards has its new lines.
  await log(ended);
  await telemetry.points.settle({ runId: ended });
  const { total, lines } = await telemetry.points.lines(ended, { from: 1, limit: 1, search: '' });
  expect([total, lines[0]?.number]).toEqual([3000, 1]);
});

test('a pass can be cancelled; it ends after the run it is at, and another goes on', async () => {
  const project = await newProject(telemetry);
  await addTraining(project);
  const { runIds } = await experimentOf(project, 200);
  await remove(...runIds);
  const { set, begin, cancel, get } = of(project);
  await set({ deletedDays: 0 });
  await database.query(
    `update telemetry.runs set deleted_ms = place from unnest($1::text[]) with ordinality as given (id, place)
      where run_id = id`,
    [runIds],
  );
  // Whoever holds a run keeps the pass at it.
  const holder = await database.connect();
  onTestFinished(() => holder.release());
  await holder.query('begin');
  await holder.query('select from telemetry.runs where run_id = $1 for update', [runIds[100]]);
  await begin();
  await vi.waitUntil(async () => (await get()).pass?.removed === 100, 60_000);
  const cancelling = cancel();
  const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%update telemetry.retention%'`;
  await vi.waitUntil(async () => (await database.query(waits)).rows.length > 0, 20_000);
  await holder.query('rollback');
  const { pass: cancelled } = await cancelling;
  expect(cancelled?.state).toBe('cancelled');
  expect(cancelled?.removed).toBeLessThan(105);
  expect((await get()).pass).toEqual(cancelled);
  expect(await runsIn(project)).toHaveLength(201 - (cancelled?.removed ?? 0));
  expect(await pass(project)).toMatchObject({ state: 'done', removed: 200 - (cancelled?.removed ?? 0) });
});

test('killed at any moment, a pass is gone on with at the next start, and each run is counted once', async () => {
  const service = await startTelemetryProcess(inject('databaseUrl'));
  onTestFinished(() => service.kill());
  const project = await newProject(service);
  await addTraining(project);
  await remove(...(await experimentOf(project, 400)).runIds);
  const { set, begin, get } = of(project);
  await set({ deletedDays: 0 });
  await begin();
  let kills = 0;
  while ((await get()).pass?.state === 'running' && kills < 10) {
    await wait(Math.random() * 60);
    await service.kill();
    await service.start();
    kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  await vi.waitUntil(async () => (await get()).pass?.state === 'done', 60_000);
  expect((await get()).pass).toMatchObject({ removed: 400 });
  expect(await runsIn(project)).toHaveLength(1);
});

test('without the api files wait, and are asked for again by the next pass', async () => {
  const project = await newProject(telemetry);
  const runId = await addTraining(project, { status: 'completed', endedMs: 5 });
  await remove(runId);
  await of(project).set({ deletedDays: 0 });
  for (const removed of [1, 0]) {
    expect(await pass(project)).toMatchObject({ state: 'failed', removed });
    const { rows } = await database.query(
      'select folder, training_id from telemetry.removed_files where project_id = $1',
      [project.projectId],
    );
    expect(rows).toEqual([{ folder: `0/${runId}/artifacts`, training_id: runId }]);
  }
});

test('is its owner’s alone, and takes no days that are none', async () => {
  const project = await newProject(telemetry);
  await addTraining(project);
  const { owner } = await newProject(telemetry);
  const { projectId } = project;
  for (const route of [routes.get, routes.held, routes.begin, routes.cancel]) {
    await expect(owner.call(route, { params: { projectId } })).rejects.toMatchObject({ code: 'project.not_found' });
  }
  await expect(of({ ...project, owner }).set({ deletedDays: 1 })).rejects.toMatchObject({ code: 'project.not_found' });
  for (const deletedDays of [-1, 1.5, 40_000]) {
    await expect(of(project).set({ deletedDays })).rejects.toMatchObject({ code: 'request.invalid' });
  }
});
