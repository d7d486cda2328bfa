import type {} from '@mallo/backend/testing/global-setup';
import { trackingRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { logLine, metric, type OpenRun, openRun, send, startTelemetry, type Telemetry } from '../testing/telemetry.js';

let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});
afterAll(() => telemetry.close());

const params = ({ runId }: OpenRun) => ({ runId });

test('pages through 12,000 metric names, and finds some of them', async () => {
  const run = await openRun(telemetry);
  const names = Array.from({ length: 12_000 }, (_, at) => `layer/${String(at).padStart(5, '0')}/grad`);
  for (let from = 0; from < names.length; from += 4_000) {
    const part = names.slice(from, from + 4_000);
    await send(
      run,
      'stdout',
      from,
      part.map((name, at) => metric(name, 1, from + at)),
    );
  }
  await send(run, 'stdout', 12_000, [metric(names[7] ?? '', 2, 'NaN')]);
  const seen: string[] = [];
  for (let after: string | undefined; ; ) {
    const query = { search: '', limit: 1000, ...(after === undefined ? {} : { after }) };
    const page = await run.owner.call(trackingRoutes.metrics, { params: params(run), query });
    expect(page.total).toBe(12_000);
    seen.push(...page.metrics.map(({ key }) => key));
    if (page.metrics.length < 1000) break;
    after = page.metrics.at(-1)?.key;
  }
  expect(seen).toEqual(names);
  const found = await run.owner.call(trackingRoutes.metrics, {
    params: params(run),
    query: { search: 'LAYER/00007', limit: 10 },
  });
  const last = { value: 'NaN', step: 2, timeMs: 1002 };
  expect(found).toEqual({ metrics: [{ key: names[7], count: 2, last, min: 7, max: 7 }], total: 1 });
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
