import { OperatorMetrics } from '@mallo/backend';
import type {} from '@mallo/backend/testing/global-setup';
import type { LiveEvent } from '@mallo/contracts';
import { HttpAdapterHost } from '@nestjs/core';
import fc from 'fast-check';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { Database } from '../database.js';
import { logLine, startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project } from '../testing/trackings.js';
import { type Batch, BatchWriter, batchOf, type Point } from './batch.js';
import type { CurveKind } from './columns.js';
import { foldOnce } from './fold.js';
import { PointStore } from './point-store.js';
import { EventsGone } from './read-events.js';
import type { PlaceInCurve } from './read-history.js';
import { StoreMetrics } from './store.metrics.js';

const sql = new pg.Pool({ connectionString: inject('databaseUrl') });
const database = new Database(inject('databaseUrl'), pino({ level: 'silent' }));
let telemetry: Telemetry;
let store: PointStore;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
  store = telemetry.points;
});
afterAll(async () => {
  await telemetry.close();
  await database.onApplicationShutdown();
  await sql.end();
});

async function newRun(kind: CurveKind, project?: Project): Promise<string> {
  const runId = await addTraining(project ?? (await newProject(telemetry)));
  await sql.query('update telemetry.runs set kind = $2 where run_id = $1', [runId, kind]);
  return runId;
}

function pointsOf(points: Iterable<Point>): Batch {
  const writer = new BatchWriter();
  for (const { key, step, timeMs, value } of points) writer.point(key, step, timeMs, value);
  return writer.finish();
}

async function wholeHistory(runId: string, key: string, page: number): Promise<PlaceInCurve[]> {
  const all: PlaceInCurve[] = [];
  let after: PlaceInCurve | null = null;
  do {
    const { points, next } = await store.history({ runId, key }, after, page);
    expect(points.length).toBeLessThanOrEqual(page);
    all.push(...points);
    after = next;
  } while (after);
  return all;
}

async function wholeCurve(runId: string, key: string): Promise<{ total: number; points: PlaceInCurve[] }> {
  const [curve] = await store.curves([{ runId, key }], { axis: 'step' }, 1_000_000);
  const { steps, timesMs, values } = curve?.points ?? { steps: [], timesMs: [], values: [] };
  const points = Array.from(steps, (step, at) => ({ step, timeMs: timesMs[at] ?? 0, value: values[at] ?? 0 }));
  return { total: curve?.total ?? 0, points };
}

/** What a curve has to be: `training` one point a step, the last that came; `logged` all but exact repeats. */
function expected(kind: CurveKind, points: readonly Point[]): PlaceInCurve[] {
  const kept = new Map<string, PlaceInCurve>();
  for (const { step, timeMs, value } of points) {
    kept.set(kind === 'training' ? `${step}` : `${step} ${timeMs} ${value}`, { step, timeMs, value });
  }
  const rank = (value: number) => (Number.isNaN(value) ? [1, 0] : [0, value]);
  return [...kept.values()].sort((a, b) => {
    const [aNaN, aValue] = rank(a.value) as [number, number];
    const [bNaN, bValue] = rank(b.value) as [number, number];
    return a.step - b.step || a.timeMs - b.timeMs || aNaN - bNaN || (aValue < bValue ? -1 : Number(aValue > bValue));
  });
}

const anyPoint: fc.Arbitrary<Point> = fc.record({
  key: fc.constantFrom('loss', '정확도', 'lr'),
  step: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.maxSafeInteger()),
  timeMs: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.maxSafeNat()),
  value: fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  ),
});
/** Batches as they come, `fold` in between. */
const anyLife = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.array(anyPoint, { maxLength: 30 }) }, fc.constant('fold')),
  {
    maxLength: 12,
  },
);

test.each(['training', 'logged'] as const)(
  'a %s run’s curves are the points that were appended, wherever the journal was folded meanwhile',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(anyLife, fc.integer({ min: 1, max: 40 }), async (life, page) => {
        const runId = await newRun(kind);
        const all: Point[] = [];
        for (const happening of life) {
          if (typeof happening === 'string') {
            await store.settle({ runId });
          } else {
            await store.append(runId, pointsOf(happening));
            all.push(...happening);
          }
        }
        const keys = [...new Set(all.map(({ key }) => key))].sort((a, b) => (a < b ? -1 : 1));
        const curves = new Map(
          keys.map((key) => [
            key,
            expected(
              kind,
              all.filter((point) => point.key === key),
            ),
          ]),
        );
        const standings = [...curves].map(([key, curve]) => {
          const finite = curve.map(({ value }) => value).filter(Number.isFinite);
          const last = curve.at(-1) as PlaceInCurve;
          const value = Number.isFinite(last.value) ? last.value : String(last.value);
          return {
            key,
            count: curve.length,
            last: { ...last, value },
            min: finite.length ? Math.min(...finite) : null,
            max: finite.length ? Math.max(...finite) : null,
          };
        });
        // Before anything but this life has it folded: some curves are in the journal alone, some in both.
        expect(await store.counts(runId)).toEqual({ metrics: keys.length, lines: 0 });
        expect(await store.metrics(runId, { search: '', limit: 1000 })).toEqual({
          metrics: standings,
          total: keys.length,
        });
        for (const [key, curve] of curves) {
          expect(await wholeCurve(runId, key)).toEqual({ total: curve.length, points: curve });
          expect(await wholeHistory(runId, key, page)).toEqual(curve);
        }
        expect((await store.metrics(runId, { search: '', limit: 1000 })).metrics).toEqual(standings);
      }),
      { numRuns: 60 },
    );
  },
);

test('of more curves than are folded at once each is whole, folded once and again', async () => {
  const keys = Array.from({ length: 600 }, (_, at) => `k${String(at).padStart(3, '0')}`);
  for (const kind of ['training', 'logged'] as const) {
    const runId = await newRun(kind);
    for (const step of [1, 2, 3]) {
      await store.append(runId, pointsOf(keys.map((key, at) => ({ key, step, timeMs: step, value: at }))));
      await store.settle({ runId });
    }
    const { metrics } = await store.metrics(runId, { search: '', limit: 1000 });
    expect(metrics).toEqual(
      keys.map((key, at) => ({ key, count: 3, last: { step: 3, timeMs: 3, value: at }, min: at, max: at })),
    );
    const curves = await store.curves(
      keys.map((key) => ({ runId, key })),
      { axis: 'step' },
      100,
    );
    expect(curves.map(({ points }) => [...points.steps])).toEqual(keys.map(() => [1, 2, 3]));
    expect(curves.map(({ points }) => [...points.values])).toEqual(keys.map((_, at) => [at, at, at]));
  }
});

test('a long curve comes whole whatever order it was written in, and only chunks that change are written again', async () => {
  for (const kind of ['training', 'logged'] as const) {
    const runId = await newRun(kind);
    const points = Array.from(
      { length: 30_000 },
      (_, at): Point => ({
        key: 'x',
        // Every step 0 in a `logged` run, as programs that give no step do.
        step: kind === 'training' ? at : 0,
        timeMs: 1_700_000_000_000 + at * 7,
        value: Math.sin(at / 100),
      }),
    );
    const [first, late, second] = [points.slice(0, 9_000), points.slice(9_000, 10_000), points.slice(10_000)];
    for (const part of [first, second]) {
      await store.append(runId, pointsOf(part));
      await store.settle({ runId });
    }
    const chunks = () =>
      sql.query('select ctid::text, step_to, last_time, points from telemetry.chunks where run_id = $1', [runId]);
    const before = new Set((await chunks()).rows.map(({ ctid }) => ctid));
    await store.append(runId, pointsOf(late));
    const curve = expected(kind, points);
    expect(await wholeCurve(runId, 'x')).toEqual({ total: 30_000, points: curve });
    await store.settle({ runId });
    expect(await wholeCurve(runId, 'x')).toEqual({ total: 30_000, points: curve });
    expect(await wholeHistory(runId, 'x', 9_999)).toEqual(curve);
    const after = (await chunks()).rows;
    expect(after.filter(({ ctid }) => !before.has(ctid)).length).toBeLessThanOrEqual(2);
    expect(Math.max(...after.map((chunk) => chunk.points))).toBeLessThanOrEqual(4096);
  }
});

test('draws a very long curve from summaries with its ends, extremes and holes, and a stretch of it exactly', async () => {
  const runId = await newRun('logged');
  const spikes = new Map([
    [77, 99],
    [123_456, -99],
    [150_000, Number.NaN],
    [199_000, Number.POSITIVE_INFINITY],
  ]);
  for (let from = 0; from < 200_000; from += 10_000) {
    const points = Array.from({ length: 10_000 }, (_, at) => from + at);
    await store.append(
      runId,
      pointsOf(
        points.map((step) => ({ key: 'x', step, timeMs: step * 10, value: spikes.get(step) ?? Math.sin(step) })),
      ),
    );
  }
  const read = async (stretch: Parameters<PointStore['curves']>[1], most: number) => {
    const [curve] = await store.curves([{ runId, key: 'x' }], stretch, most);
    return { total: curve?.total, steps: [...(curve?.points.steps ?? [])], values: [...(curve?.points.values ?? [])] };
  };
  for (const settled of [false, true]) {
    if (settled) await store.settle({ runId });
    for (const axis of ['step', 'time'] as const) {
      const curve = await read({ axis }, 500);
      expect(curve.total).toBe(200_000);
      expect(curve.steps.length).toBeGreaterThan(300);
      expect(curve.steps.length).toBeLessThanOrEqual(500);
      expect([curve.steps[0], curve.steps.at(-1)]).toEqual([0, 199_999]);
      expect(curve.steps).toEqual(curve.steps.toSorted((a, b) => a - b));
      for (const [step, value] of spikes) expect(curve.values[curve.steps.indexOf(step)]).toBe(value);
    }
    const [from, to] = [123_400, 123_499];
    const steps = Array.from({ length: 100 }, (_, at) => from + at);
    expect(await read({ axis: 'step', from, to }, 1000)).toMatchObject({ total: 100, steps });
    expect(await read({ axis: 'time', from: from * 10, to: to * 10 }, 1000)).toMatchObject({ total: 100, steps });
    expect(await read({ axis: 'step', from: 10_001, to: 190_000 }, 500)).toMatchObject({ total: 180_000 });
    expect(await read({ axis: 'step', from: 300_000 }, 500)).toMatchObject({ total: 0, steps: [] });
  }
});

test('a clock set back loses nothing, and by time the curve is in the order of time', async () => {
  const runId = await newRun('logged');
  const times = [100, 200, 300, 50, 60, 70];
  await store.append(runId, pointsOf(times.map((timeMs, step) => ({ key: 'x', step, timeMs, value: step }))));
  const [byStep] = await store.curves([{ runId, key: 'x' }], { axis: 'step' }, 100);
  expect([...(byStep?.points.timesMs ?? [])]).toEqual(times);
  const [byTime] = await store.curves([{ runId, key: 'x' }], { axis: 'time', from: 60, to: 200 }, 100);
  expect([...(byTime?.points.timesMs ?? [])]).toEqual([60, 70, 100, 200]);
});

test('numbers lines from 1, and finds them by number or by what they hold, folded or not', async () => {
  const runId = await newRun('training');
  const lines = Array.from({ length: 9_000 }, (_, at) =>
    at % 1000 === 500 ? `Error ${at}: 메모리 부족` : `step ${at}`,
  );
  for (const [from, to] of [
    [0, 5_000],
    [5_000, 8_990],
    [8_990, 9_000],
  ] as const) {
    await store.append(runId, batchOf(lines.slice(from, to).map(logLine)));
    const read = await store.lines(runId, { from: 4_990, limit: 20, search: '' });
    expect(read.total).toBe(to);
    expect(read.lines.map(({ number, line }) => [number, line])).toEqual(
      lines.slice(4_989, Math.min(to, 5_009)).map((line, at) => [4_990 + at, line]),
    );
    await store.settle({ runId });
    await store.append(runId, batchOf([]));
  }
  const found = await store.lines(runId, { from: 1, limit: 5, search: 'ERROR' });
  expect(found.lines.map(({ number }) => number)).toEqual([501, 1501, 2501, 3501, 4501]);
  const more = await store.lines(runId, { from: 4502, limit: 5, search: '메모리' });
  expect(more.lines.map(({ number, line }) => [number, line])).toEqual(
    [5501, 6501, 7501, 8501].map((number) => [number, lines[number - 1]]),
  );
  expect(await store.lines(runId, { from: 9_001, limit: 5, search: '' })).toEqual({ total: 9_000, lines: [] });
  const before = async (before: number, limit: number, search: string) =>
    (await store.lines(runId, { from: 1, before, limit, search })).lines.map(({ number }) => number);
  expect(await before(9_001, 2, 'error')).toEqual([7501, 8501]);
  expect(await before(8_501, 1, 'ERROR')).toEqual([7501]);
  expect(await before(501, 5, 'error')).toEqual([]);
  // From what is not in chunks yet into what is.
  await store.append(runId, batchOf(['an error', 'the end'].map(logLine)));
  expect(await before(9_003, 3, 'error')).toEqual([7501, 8501, 9001]);
  expect(await before(9_002, 3, '')).toEqual([8999, 9000, 9001]);
});

test('writes more in the transaction of a batch, all or nothing', async () => {
  const runId = await newRun('logged');
  const batch = pointsOf([{ key: 'x', step: 1, timeMs: 1, value: 1 }]);
  await expect(
    store.append(runId, batch, {
      with: async (client) => {
        await client.query('insert into telemetry.writers (run_id, writer, position) values ($1, $2, 7)', [runId, 'w']);
        throw new Error('refused');
      },
    }),
  ).rejects.toThrow('refused');
  expect(await wholeCurve(runId, 'x')).toMatchObject({ total: 0 });
  expect((await sql.query('select 1 from telemetry.writers where run_id = $1', [runId])).rows).toEqual([]);
  await store.append(runId, batch, {
    with: async (client) => {
      await client.query('insert into telemetry.writers (run_id, writer, position) values ($1, $2, 7)', [runId, 'w']);
    },
  });
  expect(await wholeCurve(runId, 'x')).toMatchObject({ total: 1 });
  expect((await sql.query('select 1 from telemetry.writers where run_id = $1', [runId])).rows).toHaveLength(1);
  expect(await store.append('run_none', batch)).toBeNull();
  const foreign = store.append(runId, batch, {
    projectId: 'prj_other',
    with: async (client) => {
      await client.query('update telemetry.writers set position = 8 where run_id = $1', [runId]);
    },
  });
  expect(await foreign).toBeNull();
  const { rows } = await sql.query('select position from telemetry.writers where run_id = $1', [runId]);
  expect(rows).toEqual([{ position: '7' }]);
  const { rows: runs } = await sql.query('select project_id from telemetry.runs where run_id = $1', [runId]);
  const projectId = runs[0].project_id;
  expect(await store.append(runId, batch, { projectId })).toMatchObject({ outcome: 'stored' });
  await sql.query(`update telemetry.runs set lifecycle_stage = 'deleted' where run_id = $1`, [runId]);
  expect(await store.append(runId, batch, { projectId })).toBeNull();
});

test('keeps the last 20,000 events of a run one by one, and says so when older ones are asked for', async () => {
  const runId = await newRun('training');
  const events = Array.from({ length: 30_000 }, (_, at): LiveEvent => logLine(`${at}`));
  for (let from = 0; from < events.length; from += 5_000) {
    await store.append(runId, batchOf(events.slice(from, from + 5_000)));
  }
  expect((await store.events(runId, 0, 10))[0]).toEqual({ seq: 1, event: events[0] });
  await store.settle({ runId });
  await expect(store.events(runId, 9_999, 10)).rejects.toThrow(EventsGone);
  const after = await store.events(runId, 10_000, 25_000);
  expect(after.map(({ seq }) => seq)).toEqual(Array.from({ length: 20_000 }, (_, at) => 10_001 + at));
  await sql.query(`update telemetry.journal set at = now() - interval '1 hour' where run_id = $1`, [runId]);
  await store.sweep();
  await expect(store.events(runId, 29_999, 10)).rejects.toThrow(EventsGone);
  expect(await store.events(runId, 30_000, 10)).toEqual([]);
  expect((await store.lines(runId, { from: 1, limit: 1, search: '' })).total).toBe(30_000);
});

test('batches of a writer that does not wait for its answers stay in order, whatever others write meanwhile', async () => {
  const project = await newProject(telemetry);
  const [runId, ...others] = (await Promise.all(Array.from({ length: 6 }, () => newRun('training', project)))) as [
    string,
    ...string[],
  ];
  // Short ones would overtake the long.
  const long = Array.from({ length: 200 }, () => logLine('x'.repeat(5000)));
  const appending: ReturnType<PointStore['append']>[] = [];
  for (let at = 0; at < 20; at += 1) {
    const batch = batchOf(at % 2 ? [logLine(`${at}`)] : long);
    appending.push(store.append(runId, batch, { place: { writer: 'w', from: at, to: at + 1 } }));
    for (const other of others) appending.push(store.append(other, batchOf([logLine('x')])));
    // More come while these are on their way to the disk.
    await new Promise(setImmediate);
  }
  for (const appended of await Promise.all(appending)) expect(appended).toMatchObject({ outcome: 'stored' });
});

test('settles a whole project, also what another process appended', async () => {
  const project = await newProject(telemetry);
  const { projectId } = project;
  const runs = await Promise.all(Array.from({ length: 5 }, () => newRun('logged', project)));
  const operator = new OperatorMetrics(new HttpAdapterHost());
  const other = new PointStore(database, new StoreMetrics(operator), pino({ level: 'silent' }));
  for (const runId of runs) await other.append(runId, pointsOf([{ key: 'x', step: 3, timeMs: 5, value: 1 }]));
  await store.settle({ projectId });
  const { rows } = await sql.query(
    'select step, value from telemetry.latest_points join telemetry.runs using (run_id) where project_id = $1',
    [projectId],
  );
  expect(rows).toEqual(runs.map(() => ({ step: '3', value: 1 })));
  await other.beforeApplicationShutdown();
});

/** What is told of a run but its points: a line, how far it is, or a notice, each with a number of its own. */
const anyEvent: fc.Arbitrary<LiveEvent> = fc
  .nat(1000)
  .chain((at) =>
    fc.constantFrom<LiveEvent>(
      logLine(`line ${at}`),
      { type: 'progress', epoch: 1, epochs: 9, batch: at, batches: 1000, step: at, imagesPerSecond: null, timeMs: at },
      { type: 'notice', level: 'warning', code: 'x', message: `notice ${at}`, timeMs: at },
    ),
  );

test('runs that are folded together are each as if it were folded alone', async () => {
  const happening = fc.record({
    run: fc.nat(4),
    points: fc.array(anyPoint, { maxLength: 8 }),
    events: fc.array(anyEvent, { maxLength: 4 }),
  });
  const lives = fc.array(fc.oneof({ weight: 4, arbitrary: happening }, fc.constant('fold' as const)), {
    maxLength: 25,
  });
  await fc.assert(
    fc.asyncProperty(lives, async (life) => {
      const project = await newProject(telemetry);
      const kinds = ['training', 'logged', 'training', 'logged', 'logged'] as const;
      const runs: string[] = [];
      for (const kind of kinds) runs.push(await newRun(kind, project));
      const told = runs.map(() => ({ points: [] as Point[], events: [] as LiveEvent[] }));
      for (const what of [...life, 'fold' as const]) {
        if (what === 'fold') {
          await store.settle({ projectId: project.projectId });
          continue;
        }
        const writer = new BatchWriter();
        for (const { key, step, timeMs, value } of what.points) writer.point(key, step, timeMs, value);
        for (const event of what.events) writer.event(event);
        await store.append(runs[what.run] as string, writer.finish());
        told[what.run]?.points.push(...what.points);
        told[what.run]?.events.push(...what.events);
      }
      for (const [at, runId] of runs.entries()) {
        const { points, events } = told[at] as (typeof told)[number];
        for (const key of new Set(points.map((point) => point.key))) {
          const curve = expected(
            kinds[at] as CurveKind,
            points.filter((point) => point.key === key),
          );
          expect(await wholeCurve(runId, key)).toEqual({ total: curve.length, points: curve });
        }
        const { metrics } = await store.metrics(runId, { search: '', limit: 1000 });
        expect(metrics.map(({ key }) => key)).toEqual([...new Set(points.map(({ key }) => key))].sort());
        const { lines } = await store.lines(runId, { from: 1, limit: 1000, search: '' });
        expect(lines.map(({ number, line }) => [number, line])).toEqual(
          events.flatMap((event) => (event.type === 'log' ? event.line : [])).map((line, index) => [index + 1, line]),
        );
        const { progress, notices } = await store.snapshot(runId, 10, 0);
        expect(progress).toEqual(events.findLast(({ type }) => type === 'progress') ?? null);
        const messages = events.flatMap((event) => (event.type === 'notice' ? event.message : []));
        expect(notices.map(({ message }) => message)).toEqual([...new Set(messages.reverse())].reverse());
      }
    }),
    { numRuns: 40 },
  );
});

test('a folding of many runs that is cut between any two of its steps changes nothing, and comes right the next time', async () => {
  const project = await newProject(telemetry);
  const runs = [await newRun('training', project), await newRun('logged', project)];
  const toFold = runs.map((runId) => ({ runId, keepEvents: 0 }));
  const all: Point[] = [];
  const append = async (round: number) => {
    const points = [1, 2, 3].map((at) => ({ key: 'x', step: round * 10 + at, timeMs: round, value: at }));
    for (const runId of runs) {
      await store.append(runId, pointsOf(points));
      await store.append(runId, batchOf([logLine(`line ${round}`)]));
    }
    all.push(...points);
  };
  const checkAll = async (lines: number) => {
    for (const [at, runId] of runs.entries()) {
      const curve = expected(at === 0 ? 'training' : 'logged', all);
      expect(await wholeCurve(runId, 'x')).toEqual({ total: curve.length, points: curve });
      expect((await store.lines(runId, { from: 1, limit: 100, search: '' })).total).toBe(lines);
    }
  };
  await append(0);
  await database.transaction((client) => foldOnce(client, toFold));
  await append(1);
  // Until it comes to its end without being cut.
  for (let cutAt = 0, isCut = true; isCut; cutAt += 1) {
    isCut = false;
    const folding = database.transaction(async (client) => {
      let steps = 0;
      const cutting = new Proxy(client, {
        get: (target, name) => {
          if (name !== 'query') return Reflect.get(target, name);
          return async (text: string, values: unknown[]) => {
            if (steps++ === cutAt) {
              isCut = true;
              await sql.query('select pg_terminate_backend($1)', [
                (await target.query('select pg_backend_pid() as pid')).rows[0].pid,
              ]);
            }
            return target.query(text, values);
          };
        },
      });
      return foldOnce(cutting, toFold);
    });
    if (
      await folding.then(
        () => false,
        () => true,
      )
    )
      await checkAll(2);
    else expect(cutAt).toBeGreaterThan(8);
  }
  await checkAll(2);
  await append(2);
  await store.settle({ projectId: project.projectId });
  await checkAll(3);
});

test('a run that cannot be folded holds up no other', async () => {
  const project = await newProject(telemetry);
  const runs = await Promise.all(Array.from({ length: 5 }, () => newRun('logged', project)));
  for (const runId of runs) await store.append(runId, pointsOf([{ key: 'x', step: 1, timeMs: 1, value: 1 }]));
  const [broken, ...others] = runs as [string, ...string[]];
  await sql.query(`update telemetry.journal set payload = '\\xff' where run_id = $1`, [broken]);
  await expect(store.settle({ projectId: project.projectId })).rejects.toThrow(RangeError);
  for (const runId of others) {
    await expect(store.metrics(runId, { search: '', limit: 1 })).resolves.toMatchObject({ total: 1 });
  }
  await sql.query('delete from telemetry.journal where run_id = $1', [broken]);
});

test('journals of a thousand runs are folded before anybody asks', async () => {
  const { ownerId, projectId } = await newProject(telemetry).then(async (project) => {
    await newRun('logged', project);
    return project;
  });
  const { rows } = await sql.query(
    `insert into telemetry.runs (run_id, owner_id, project_id, experiment_id, kind)
     select 'run_' || $2 || i, $1, $2, (select experiment_id from telemetry.experiments where project_id = $2), 'logged'
       from generate_series(1, 1100) i returning run_id`,
    [ownerId, projectId],
  );
  const batch = pointsOf([{ key: 'x', step: 1, timeMs: 1, value: 1 }]);
  await Promise.all(rows.map(({ run_id: runId }) => store.append(runId, batch)));
  const begunMs = performance.now();
  await vi.waitUntil(
    async () => {
      const { rows: folded } = await sql.query(
        'select count(*)::int as count from telemetry.latest_points join telemetry.runs using (run_id) where project_id = $1',
        [projectId],
      );
      return folded[0].count >= 1000;
    },
    { timeout: 60_000, interval: 50 },
  );
  // A sweep of its own comes every 15 s.
  expect(performance.now() - begunMs).toBeLessThan(10_000);
});

test('who appends to a run does not wait for the folding of it', async () => {
  const runId = await newRun('logged');
  const batch = pointsOf([{ key: 'x', step: 1, timeMs: 1, value: 1 }]);
  await store.append(runId, batch);
  const appended = await database.transaction(async (client) => {
    await foldOnce(client, [{ runId, keepEvents: 0 }]);
    const waited = new Promise((resolve) => setTimeout(resolve, 10_000, 'waited'));
    return Promise.race([store.append(runId, batch), waited]);
  });
  expect(appended).toEqual({ outcome: 'stored', seqBefore: 1 });
});

test('takes less than 16 bytes a point', async () => {
  const runId = await newRun('logged');
  for (let from = 0; from < 100_000; from += 1_000) {
    const steps = Array.from({ length: 1_000 }, (_, at) => from + at);
    await store.append(
      runId,
      pointsOf(
        steps.map((step) => ({
          key: `k${step % 10}`,
          step: Math.floor(step / 10),
          timeMs: 1_700_000_000_000 + step * 10 + Math.round(Math.random() * 9),
          value: Math.random(),
        })),
      ),
    );
  }
  await store.settle({ runId });
  const { rows } = await sql.query(
    `select sum(length(payload) + coalesce(length(summary), 0) + 200) / 100000.0 as bytes
       from telemetry.chunks where run_id = $1`,
    [runId],
  );
  expect(Number(rows[0].bytes)).toBeLessThan(16);
});
