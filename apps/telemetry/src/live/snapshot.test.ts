import type {} from '@mallo/backend/testing/global-setup';
import { applyEvents, viewOfSnapshot } from '@mallo/client';
import { BATCH_MAX_EVENTS, type LiveEvent, type LiveSnapshot, liveRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  logLine,
  metric,
  type OpenRun,
  openRun,
  send,
  startTelemetry,
  storedEvents,
  type Telemetry,
} from '../testing/telemetry.js';

let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});

afterAll(async () => {
  await telemetry.close();
});

function snapshotOf(run: OpenRun, query: { maxPoints?: number; logLines?: number } = {}): Promise<LiveSnapshot> {
  return run.owner.call(liveRoutes.snapshot, { params: { runId: run.runId }, query });
}

test('shows an empty run', async () => {
  const run = await openRun(telemetry);
  expect(await snapshotOf(run)).toEqual({ seq: 0, curves: [], logs: [], progress: null, notices: [] });
});

test('shows curves by step with the later value of a repeated step, the last lines, progress and notices', async () => {
  const run = await openRun(telemetry);
  const progress = { type: 'progress', timeMs: 5, epoch: 1, epochs: 2, batch: 3, batches: 9, step: 3 } as const;
  const notice = { type: 'notice', timeMs: 6, level: 'warning', code: 'weights', message: '없음' } as const;
  await send(run, 'stdout', 0, [
    metric('loss', 2, 0.25),
    metric('loss', 1, 1 / 3),
    logLine('one'),
    { ...progress, imagesPerSecond: null },
    notice,
    metric('loss', 2, 'NaN'),
    metric('accuracy', 1, '-Infinity'),
    logLine('two'),
    logLine('three'),
    { ...progress, batch: 4, imagesPerSecond: 31.5 },
    { ...notice, timeMs: 7 },
    { type: 'run', timeMs: 8, status: 'running' },
  ]);
  expect(await snapshotOf(run, { logLines: 2 })).toEqual({
    seq: 12,
    curves: [
      { key: 'accuracy', points: [[1, '-Infinity', 1001]] },
      {
        key: 'loss',
        points: [
          [1, 1 / 3, 1001],
          [2, 'NaN', 1002],
        ],
      },
    ],
    logs: [
      { seq: 8, stream: 'stdout', timeMs: 1, line: 'two' },
      { seq: 9, stream: 'stdout', timeMs: 1, line: 'three' },
    ],
    progress: { ...progress, batch: 4, imagesPerSecond: 31.5 },
    notices: [{ ...notice, timeMs: 7 }],
  });
});

test('thins a long curve on the server, keeping its ends and every spike, and leaves a short one whole', async () => {
  const run = await openRun(telemetry);
  const spikes = new Map([
    [1234, 99],
    [7000, -99],
    [9999, Number.POSITIVE_INFINITY],
  ]);
  const points = Array.from({ length: 20_000 }, (_, step) => {
    const value = spikes.get(step) ?? Math.sin(step / 500);
    return metric('loss', step, value === Number.POSITIVE_INFINITY ? 'Infinity' : value);
  });
  for (let from = 0; from < points.length; from += BATCH_MAX_EVENTS) {
    await send(run, 'stdout', from, points.slice(from, from + BATCH_MAX_EVENTS));
  }
  await send(run, 'stderr', 0, [metric('short', 1, 1), metric('short', 2, 2)]);
  const { curves } = await snapshotOf(run, { maxPoints: 200 });
  const loss = curves.find(({ key }) => key === 'loss')?.points ?? [];
  expect(loss.length).toBeLessThanOrEqual(200);
  expect(loss.length).toBeGreaterThan(150);
  expect([loss[0]?.[0], loss.at(-1)?.[0]]).toEqual([0, 19_999]);
  for (const [step, value] of spikes) {
    expect(Number(loss.find((point) => point[0] === step)?.[1])).toBe(value);
  }
  expect(loss.map(([step]) => step)).toEqual(loss.map(([step]) => step).toSorted((a, b) => a - b));
  expect(curves.find(({ key }) => key === 'short')?.points).toHaveLength(2);
});

test('is one moment of a run that is being written: the events up to its seq, no more and no less', async () => {
  const run = await openRun(telemetry);
  const writers = ['stdout', 'stderr'].map(async (writer) => {
    for (let from = 0; from < 2000; from += 20) {
      const events = Array.from({ length: 20 }, (_, index): LiveEvent => {
        const at = from + index;
        return at % 2 ? logLine(`${writer} ${at}`) : metric(`${writer}/${at % 6}`, at % 97, at);
      });
      await send(run, writer, from, events);
    }
  });
  const snapshots: LiveSnapshot[] = [];
  const taking = (async () => {
    while ((snapshots.at(-1)?.seq ?? 0) < 4000) snapshots.push(await snapshotOf(run, { logLines: 100 }));
  })();
  await Promise.all([...writers, taking]);

  const events = await storedEvents(inject('databaseUrl'), run.runId);
  const empty = viewOfSnapshot({ seq: 0, curves: [], logs: [], progress: null, notices: [] });
  expect(snapshots.length).toBeGreaterThan(5);
  for (const snapshot of snapshots) {
    const replayed = applyEvents(empty, events.slice(0, snapshot.seq));
    expect(viewOfSnapshot(snapshot)).toEqual({ ...replayed, logs: replayed.logs.slice(-100) });
  }
});
