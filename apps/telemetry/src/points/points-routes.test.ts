import type {} from '@mallo/backend/testing/global-setup';
import { trackingRoutes } from '@mallo/contracts';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { logLine, metric, type OpenRun, openRun, send, startTelemetry, type Telemetry } from '../testing/telemetry.js';

const sql = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});
afterAll(async () => {
  await telemetry.close();
  await sql.end();
});

const params = ({ runId }: OpenRun) => ({ runId });

const METRICS = 12_000;
const namesOfMetrics = () => Array.from({ length: METRICS }, (_, at) => `layer/${String(at).padStart(5, '0')}/grad`);

/** Logs some names, each with its place as the value. */
async function sendNames(run: OpenRun, names: readonly string[], from: number): Promise<void> {
  const events = names.map((name, at) => metric(name, 1, from + at));
  for (let at = 0; at < events.length; at += 4_000) await send(run, 'stdout', from + at, events.slice(at, at + 4_000));
}

async function pagedNames(run: OpenRun): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | undefined; ; ) {
    const query = { search: '', limit: 1000, ...(after === undefined ? {} : { after }) };
    const page = await run.owner.call(trackingRoutes.metrics, { params: params(run), query });
    expect(page.total).toBe(METRICS);
    seen.push(...page.metrics.map(({ key }) => key));
    if (page.metrics.length < 1000) return seen;
    after = page.metrics.at(-1)?.key;
  }
}

test('pages through 12,000 metric names, and finds some of them', async () => {
  const run = await openRun(telemetry);
  const names = namesOfMetrics();
  await sendNames(run, names, 0);
  await send(run, 'stdout', METRICS, [metric(names[7] ?? '', 2, 'NaN')]);
  expect(await pagedNames(run)).toEqual(names);
  const query = { search: 'LAYER/00007', limit: 10 };
  const found = await run.owner.call(trackingRoutes.metrics, { params: params(run), query });
  const last = { value: 'NaN', step: 2, timeMs: 1002 };
  expect(found).toEqual({ metrics: [{ key: names[7], count: 2, last, min: 7, max: 7 }], total: 1 });
});

test('pages through metric names of which some are in chunks and some in the journal without waiting to fold them', async () => {
  const run = await openRun(telemetry);
  const names = namesOfMetrics();
  const [first, rest] = [names.slice(0, 5_000), names.slice(5_000)];
  await sendNames(run, first, 0);
  await telemetry.points.settle(run);
  await sendNames(run, rest, first.length);
  const folding = await sql.connect();
  try {
    await folding.query('begin');
    await folding.query('select 1 from telemetry.folded where run_id = $1 for update', [run.runId]);
    expect(await pagedNames(run)).toEqual(names);
    expect(await run.owner.call(trackingRoutes.run, { params: params(run) })).toMatchObject({ metricCount: METRICS });
  } finally {
    await folding.query('rollback');
    folding.release();
  }
});

test('gives curves of several runs with NaN and infinities, in the order in which they were asked for', async () => {
  const [one, two] = [await openRun(telemetry), await openRun(telemetry)];
  await send(one, 'stdout', 0, [metric('loss', 1, 0.5), metric('loss', 2, 'NaN'), metric('loss', 3, '-Infinity')]);
  const body = {
    curves: ['loss', 'none'].map((key) => ({ runId: one.runId, key })),
    maxPoints: 1000,
    axis: 'step' as const,
  };
  expect(await one.owner.call(trackingRoutes.curves, { body })).toEqual([
    {
      runId: one.runId,
      key: 'loss',
      total: 3,
      steps: [1, 2, 3],
      timesMs: [1001, 1002, 1003],
      values: [0.5, 'NaN', '-Infinity'],
    },
    { runId: one.runId, key: 'none', total: 0, steps: [], timesMs: [], values: [] },
  ]);
  const foreign = { ...body, curves: [...body.curves, { runId: two.runId, key: 'loss' }] };
  await expect(one.owner.call(trackingRoutes.curves, { body: foreign })).rejects.toMatchObject({
    code: 'run.not_found',
  });
});

test('gives log lines by number and by what they hold, to the owner only', async () => {
  const [run, other] = [await openRun(telemetry), await openRun(telemetry)];
  await send(run, 'stdout', 0, ['하나', 'two', 'Two again'].map(logLine));
  const query = { from: 2, limit: 10, search: 'two' };
  const logs = await run.owner.call(trackingRoutes.logs, { params: params(run), query });
  expect(logs).toMatchObject({ total: 3, lines: [{ number: 2 }, { number: 3, stream: 'stdout', line: 'Two again' }] });
  for (const route of [trackingRoutes.logs, trackingRoutes.metrics]) {
    const asked = other.owner.call(route, { params: params(run), query: { limit: 10, search: '' } as never });
    await expect(asked).rejects.toMatchObject({ code: 'run.not_found' });
  }
});
