import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@mallo/backend';
import { startTestPostgres } from '@mallo/backend/testing';
import { createClient } from '@mallo/client';
import { liveRoutes } from '@mallo/contracts';
import pg from 'pg';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startTelemetry, tokens, writerOf } from '../testing/telemetry.js';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const LINES = 25_000;

test('what runs reported to the Mallo of before is there after the upgrade', async () => {
  const postgres = await startTestPostgres();
  onTestFinished(() => postgres.stop());
  const folder = await mkdtemp(join(tmpdir(), 'mallo-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(MIGRATIONS, '0001_live.sql'), join(folder, '0001_live.sql'));
  await migrate(postgres.url, folder, 'telemetry', pino({ level: 'silent' }));

  const sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  const progress = { type: 'progress', timeMs: 3, epoch: 2, epochs: 2, batch: 3, batches: 3, step: 6 };
  await sql.query(
    `insert into telemetry.runs (run_id, owner_id, project_id, seq, progress)
     values ('run_1', 'usr_1', 'prj_1', $1, $2), ('run_2', 'usr_1', 'prj_1', 0, null)`,
    [LINES + 4, JSON.stringify({ ...progress, imagesPerSecond: 5 })],
  );
  await sql.query(`insert into telemetry.writers (run_id, writer, position) values ('run_1', 'stdout', 777)`);
  await sql.query(
    `insert into telemetry.events (run_id, seq, type, event)
     select 'run_1', n, 'log', json_build_object('type', 'log', 'stream', 'stdout', 'timeMs', n, 'line', 'line ' || n)
       from generate_series(1, $1::int) n`,
    [LINES],
  );
  await sql.query(
    `insert into telemetry.events (run_id, seq, type, event) values
       ('run_1', $1, 'notice', '{"type":"notice","timeMs":1,"level":"info","code":"resumed","message":"m"}'),
       ('run_1', $1 + 1, 'run', '{"type":"run","timeMs":1,"status":"running"}'),
       ('run_1', $1 + 2, 'metric', '{"type":"metric","key":"loss","step":1,"timeMs":1,"value":"NaN"}'),
       ('run_1', $1 + 3, 'metric', '{"type":"metric","key":"loss","step":2,"timeMs":2,"value":0.5}')`,
    [LINES + 1],
  );
  await sql.query(
    `insert into telemetry.metrics (run_id, key, step, value, time_ms)
     values ('run_1', 'loss', 1, 'NaN', 1), ('run_1', 'loss', 2, 0.5, 2)`,
  );
  await sql.query(
    `insert into telemetry.metrics (run_id, key, step, value, time_ms)
     select 'run_2', 'long', n, n / 3.0, n * 10 from generate_series(1, 150000) n`,
  );

  const telemetry = await startTelemetry(postgres.url);
  onTestFinished(() => telemetry.close());
  const accessToken = await tokens.sign({ kind: 'user', userId: 'usr_1' });
  const owner = createClient({ baseUrl: telemetry.url, accessToken });
  const query = { logLines: 3 };
  const snapshot = await owner.call(liveRoutes.snapshot, { params: { runId: 'run_1' }, query });
  expect(snapshot).toEqual({
    seq: LINES + 4,
    curves: [
      {
        key: 'loss',
        points: [
          [1, 'NaN', 1],
          [2, 0.5, 2],
        ],
      },
    ],
    logs: [2, 1, 0].map((back) => {
      const n = LINES - back;
      return { seq: n, stream: 'stdout', timeMs: n, line: `line ${n}` };
    }),
    progress: { ...progress, imagesPerSecond: 5 },
    notices: [{ type: 'notice', timeMs: 1, level: 'info', code: 'resumed', message: 'm' }],
  });
  const page = await telemetry.points.lines('run_1', { from: 1, limit: 3, search: '4999' });
  expect(page).toMatchObject({ total: LINES, lines: [{ number: 4999 }, { number: 14999 }, { number: 24999 }] });
  const { metrics } = await telemetry.points.metrics('run_2', { search: '', limit: 10 });
  expect(metrics).toMatchObject([{ key: 'long', count: 150_000, last: { step: 150_000, value: 50_000 }, max: 50_000 }]);
  const tables = await sql.query(`select to_regclass('telemetry.metrics_to_move') as old`);
  expect(tables.rows).toEqual([{ old: null }]);

  // The run goes on where its writer was.
  const { writer } = await writerOf(telemetry, 'run_1');
  const body = {
    writer: 'stdout',
    from: 777,
    to: 800,
    events: [{ type: 'metric' as const, key: 'loss', step: 2, timeMs: 9, value: 0.25 }],
  };
  await writer.call(liveRoutes.ingest, { params: { runId: 'run_1' }, body });
  const after = await owner.call(liveRoutes.snapshot, { params: { runId: 'run_1' }, query });
  expect(after.seq).toBe(LINES + 5);
  expect(after.curves[0]?.points.at(-1)).toEqual([2, 0.25, 9]);
  await sql.end();
});
