import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {} from '@mallo/backend/testing/global-setup';
import { exportRoutes as routes } from '@mallo/contracts';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { Database } from '../database.js';
import { BatchWriter, batchOf } from '../points/batch.js';
import { logLine, startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project } from '../testing/trackings.js';
import { LoggedRunsRepository } from '../tracking/logged-runs.repository.js';

let telemetry: Telemetry;
let project: Project;
let runId: string;
beforeAll(async () => {
  // Of its own, as other tests export at the same time.
  vi.stubEnv('TMPDIR', await mkdtemp(join(tmpdir(), 'mallo-query-test-')));
  telemetry = await startTelemetry(inject('databaseUrl'));
  project = await newProject(telemetry);
  runId = await addTraining(project, { params: { lr: '0.1' }, status: 'completed', startedMs: 1_700_000_000_000 });
  const writer = new BatchWriter();
  for (let step = 0; step < 10_000; step += 1) {
    writer.point('loss', step, 1_700_000_000_000 + step, step / 4);
    writer.point('acc', step, 1_700_000_000_000 + step, Math.sin(step));
  }
  writer.point('odd', 0, 1_700_000_000_000, Number.NaN);
  await telemetry.points.append(runId, writer.finish());
  await telemetry.points.append(runId, batchOf([logLine('first'), logLine('둘째 줄')]));
  const stranger = await newProject(telemetry);
  const other = await addTraining(stranger);
  await telemetry.points.append(other, batchOf([logLine('secret')]));
});
afterAll(async () => {
  await telemetry.close();
  await rm(tmpdir(), { recursive: true });
  vi.unstubAllEnvs();
});

const ask = (sql: string, who = project, signal?: AbortSignal) =>
  who.owner.call(routes.query, { params: { projectId: project.projectId }, body: { sql } }, { signal });
const rows = async (sql: string) => (await ask(sql)).rows;
const folders = () => readdir(tmpdir());

test('answers with the names and types of columns, and with rows', async () => {
  expect(await ask('SELECT key, max(value) AS highest, count(*) FROM points GROUP BY key ORDER BY key;')).toEqual({
    columns: [
      { name: 'key', type: 'VARCHAR' },
      { name: 'highest', type: 'DOUBLE' },
      { name: 'count_star()', type: 'BIGINT' },
    ],
    rows: [
      ['acc', expect.closeTo(1, 4), 10_000],
      ['loss', 2499.75, 10_000],
      ['odd', 'NaN', 1],
    ],
    isCut: false,
  });
});

test('has runs, params, tags, metrics and logs beside points, of runs that are not deleted', async () => {
  const named = await rows(
    `select r.name, r.status, r.started::text, p.value, m.points, l.text from runs r join params p using (run_id)
       join metrics m using (run_id) join logs l using (run_id) where m.key = 'loss' order by l.line`,
  );
  expect(named).toEqual([
    ['pets-resnet18', 'completed', '2023-11-14 22:13:20', '0.1', 10_000, 'first'],
    ['pets-resnet18', 'completed', '2023-11-14 22:13:20', '0.1', 10_000, '둘째 줄'],
  ]);
  expect(await rows(`select value from tags where key = 'mlflow.runName'`)).toEqual([['pets-resnet18']]);
  const deleted = await addTraining(project, { name: 'gone' });
  expect(await rows(`select count(*) from runs where name = 'gone'`)).toEqual([[1]]);
  const database = new Database(inject('databaseUrl'), pino({ level: 'silent' }));
  await new LoggedRunsRepository(database).setLifecycle(deleted, 'deleted');
  await database.onApplicationShutdown();
  expect(await rows(`select count(*) from runs where name = 'gone'`)).toEqual([[0]]);
});

test('sees what was acknowledged a moment ago', async () => {
  const { total } = await telemetry.points.lines(runId, { from: 1, limit: 1, search: '' });
  await telemetry.points.append(runId, batchOf([logLine('now')]));
  expect(await rows(`select count(*) from logs where run_id = '${runId}'`)).toEqual([[total + 1]]);
});

test('cuts a table after a thousand rows, and gives all of them as a file', async () => {
  const table = await ask('select step from points order by step -- all');
  expect([table.rows.length, table.isCut]).toEqual([1000, true]);
  const answer = await project.owner.download(routes.queryFile, {
    params: { projectId: project.projectId },
    query: { format: 'csv' },
    body: { sql: `select step, value from points where key = 'loss' order by step\n-- all of them` },
  });
  const lines = (await answer.text()).trim().split('\n');
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([10_001, 'step,value', '9999,2499.75']);
  await vi.waitFor(async () => expect(await folders()).toEqual([]), 20_000);
});

test('whatever JSON has no form for is text', async () => {
  expect(
    await rows(
      `select true, null, 'Infinity'::double, 9007199254740993, [1, 2], date '2026-01-02', 1.5::decimal(4, 2)`,
    ),
  ).toEqual([[true, null, 'Infinity', '9007199254740993', '[1, 2]', '2026-01-02', '1.50']]);
});

test('nobody asks about someone else’s project, nor finds it in their own', async () => {
  const stranger = await newProject(telemetry);
  await expect(ask('select 1', stranger)).rejects.toMatchObject({ code: 'project.not_found' });
  expect(await rows(`select count(*) from logs where text = 'secret'`)).toEqual([[0]]);
});

describe('a query that would do harm', () => {
  test.each([
    `select * from read_text('/etc/passwd')`,
    `select * from '/etc/passwd'`,
    `select * from read_csv('/etc/passwd')`,
    `select * from glob('/*')`,
    `select * from read_blob('http://127.0.0.1:1/x')`,
    `select * from read_parquet('s3://bucket/x')`,
    `select * from duckdb_extensions()`,
    `copy points to '/tmp/mallo-harm.csv'`,
    `copy (select 1) to '/tmp/mallo-harm.csv'`,
    `attach '/tmp/mallo-harm.duckdb' as harm`,
    `install httpfs`,
    `load httpfs`,
    `set enable_external_access = true`,
    `set memory_limit = '100GB'`,
    `reset lock_configuration`,
    `pragma enable_profiling`,
    `create table x as select 1`,
    `create temp table x as select 1`,
    `insert into curves values (1, 'a', 'b')`,
    `drop view points`,
    `export database '/tmp/mallo-harm'`,
    `call pragma_version()`,
    `select 1; select 2`,
    `select 1) to '/tmp/mallo-harm.csv' (format csv); --`,
    `select 1 /*`,
    `select`,
    `-- nothing`,
    `select getenv('HOME')`,
    `select * from nothing`,
    `from query('copy points to ''/tmp/mallo-harm.csv''')`,
  ])('%s is refused', async (sql) => {
    await expect(ask(sql)).rejects.toMatchObject({ code: 'query.invalid', params: { problem: expect.any(String) } });
    const asked = { params: { projectId: project.projectId }, query: { format: 'csv' as const }, body: { sql } };
    await expect(project.owner.download(routes.queryFile, asked)).rejects.toMatchObject({ code: 'query.invalid' });
    expect((await readdir('/tmp')).filter((name) => name.startsWith('mallo-harm'))).toEqual([]);
  });

  test.each([`select list(repeat('a', 1000)) from range(10000000)`, `select repeat('a', 3000000) from range(2000)`])(
    '%s ends with its own process',
    async (sql) => {
      await expect(ask(sql)).rejects.toMatchObject({ code: 'query.too_large' });
      expect(await rows('select 1')).toEqual([[1]]);
    },
  );

  test('does not hold up who logs, and ends when nobody waits for it any more', async () => {
    const leaving = new AbortController();
    const endless = ask('select count(*) from range(1000000000000) where hash(range) = 1', project, leaving.signal);
    endless.catch(() => undefined);
    await vi.waitFor(async () => expect(await folders()).toHaveLength(1), 20_000);
    const begun = performance.now();
    for (let nth = 0; nth < 20; nth += 1) await telemetry.points.append(runId, batchOf([logLine('meanwhile')]));
    expect(performance.now() - begun).toBeLessThan(10_000);
    leaving.abort();
    await expect(endless).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(async () => expect(await folders()).toEqual([]), 20_000);
  });

  test('two at once are enough', async () => {
    const leaving = new AbortController();
    const endless = [1, 2].map(() =>
      ask('select count(*) from range(1000000000000) where hash(range) = 1', project, leaving.signal),
    );
    for (const one of endless) one.catch(() => undefined);
    await vi.waitFor(async () => expect(await folders()).toHaveLength(2), 20_000);
    await expect(ask('select 1')).rejects.toMatchObject({ code: 'request.too_many' });
    leaving.abort();
    await Promise.allSettled(endless);
    await vi.waitFor(async () => expect(await rows('select 1')).toEqual([[1]]), 20_000);
  });
});
