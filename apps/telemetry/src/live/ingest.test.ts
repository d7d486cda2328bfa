import type {} from '@mallo/backend/testing/global-setup';
import { ApiError, createClient } from '@mallo/client';
import { type LiveEvent, liveRoutes, type SequencedEvent } from '@mallo/contracts';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  logLine,
  metric,
  type OpenRun,
  openRun,
  send,
  startTelemetry,
  startTelemetryProcess,
  storedEvents,
  type Telemetry,
  tokens,
} from '../testing/telemetry.js';

const database = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});

afterAll(async () => {
  await telemetry.close();
  await database.end();
});

function stored(runId: string): Promise<SequencedEvent[]> {
  return storedEvents(inject('databaseUrl'), runId);
}

async function position(run: OpenRun, writer: string): Promise<number> {
  return (await run.writer.call(liveRoutes.position, { params: { runId: run.runId, writer } })).position;
}

test('stores a batch once, however often it is sent', async () => {
  const run = await openRun(telemetry);
  const events = [logLine('a'), metric('loss', 1, 2.5)];
  const answers = await Promise.all([1, 2, 3, 4].map(() => send(run, 'stdout', 0, events)));
  expect(answers).toEqual([2, 2, 2, 2]);
  expect(await stored(run.runId)).toEqual([
    { seq: 1, event: events[0] },
    { seq: 2, event: events[1] },
  ]);
});

test('refuses a batch after a hole, or across the position, and says where to go on', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('a'), logLine('b')]);
  const refusal = { code: 'run.writer_elsewhere', params: { position: 2 } };
  await expect(send(run, 'stdout', 3, [logLine('d')])).rejects.toMatchObject(refusal);
  await expect(send(run, 'stdout', 1, [logLine('b'), logLine('c')])).rejects.toMatchObject(refusal);
  expect(await position(run, 'stdout')).toBe(2);
  expect(await position(run, 'stderr')).toBe(0);
  expect(await stored(run.runId)).toHaveLength(2);
});

test('refuses events that do not move the writer on', async () => {
  const run = await openRun(telemetry);
  const body = { writer: 'stdout', from: 0, to: 0, events: [logLine('a')] };
  const params = { runId: run.runId };
  await expect(run.writer.call(liveRoutes.ingest, { params, body })).rejects.toMatchObject({ code: 'request.invalid' });
  await run.writer.call(liveRoutes.ingest, { params, body: { ...body, to: 7, events: [] } });
  expect(await position(run, 'stdout')).toBe(7);
});

test('keeps what a program prints: NUL, half a surrogate pair, Hangul, quotes', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('nul \0 half \ud83d 한글 "\\u0000" \x1b[31m')]);
  expect((await stored(run.runId))[0]?.event).toMatchObject({ line: 'nul \ufffd half \ufffd 한글 "\\u0000" \x1b[31m' });
  await run.owner.call(liveRoutes.snapshot, { params: { runId: run.runId } });
});

test('answers for a run nobody opened that there is none', async () => {
  const run = await openRun(telemetry);
  await database.query('delete from telemetry.runs where run_id = $1', [run.runId]);
  await expect(send(run, 'stdout', 0, [logLine('a')])).rejects.toMatchObject({ code: 'run.not_found', status: 404 });
  await expect(position(run, 'stdout')).rejects.toMatchObject({ code: 'run.not_found' });
});

test('lets only the run itself write, and only its owner look', async () => {
  const [run, other] = [await openRun(telemetry), await openRun(telemetry)];
  const foreign = { ...run, writer: other.writer };
  await expect(send(foreign, 'stdout', 0, [logLine('a')])).rejects.toMatchObject({ code: 'auth.forbidden' });
  await expect(send({ ...run, writer: run.owner }, 'stdout', 0, [])).rejects.toMatchObject({ status: 403 });
  const params = { runId: run.runId };
  await expect(other.owner.call(liveRoutes.snapshot, { params })).rejects.toMatchObject({ code: 'run.not_found' });
  const nobody = await fetch(`${telemetry.url}/live/v1/runs/${run.runId}`);
  expect(nobody.status).toBe(401);
});

test('opening a run again changes nothing, not even who may watch it', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('a')]);
  const service = createClient({ baseUrl: telemetry.url, accessToken: await tokens.sign({ kind: 'service' }) });
  const params = { runId: run.runId };
  await service.call(liveRoutes.open, { params, body: { ownerId: 'usr_thief', projectId: 'prj_1' } });
  expect(await run.owner.call(liveRoutes.snapshot, { params })).toMatchObject({ seq: 1 });
});

/** Sends everything, in pieces of any size, each up to three times at once, giving up on answers now and then. */
async function sendAll(
  run: OpenRun,
  writer: string,
  events: LiveEvent[],
  reachedPlace: (at: number) => void,
): Promise<void> {
  let at = 0;
  while (at < events.length) {
    const piece = events.slice(at, at + 1 + Math.floor(Math.random() * 60));
    const tries = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => {
      const signal = Math.random() < 0.3 ? AbortSignal.timeout(Math.floor(Math.random() * 20)) : undefined;
      return send(run, writer, at, piece, signal).then(
        (reached) => reached,
        (error: unknown) => {
          // A try whose answer was given up may be stored later, and then the pieces no longer meet.
          if (error instanceof ApiError && error.code === 'run.writer_elsewhere') return Number(error.params.position);
          if (error instanceof ApiError && error.status < 500) throw error;
          return null;
        },
      );
    });
    const answers = await Promise.all(tries);
    const reached = answers.filter((answer) => answer !== null);
    at = reached.length > 0 ? Math.max(...reached) : await position(run, writer).catch(() => at);
    reachedPlace(at);
  }
}

test('every event is stored once and in its writer’s order, though batches repeat and the service is killed', async () => {
  const service = await startTelemetryProcess(inject('databaseUrl'));
  try {
    const run = await openRun(service);
    const writers = ['stdout', 'stderr', 'machine'].map((name) => ({
      name,
      events: Array.from({ length: 1500 }, (_, index) =>
        index % 3 ? logLine(`${name} ${index}`) : metric(`${name}/x`, index, Math.random()),
      ),
    }));
    // By what was stored and not by the clock, so that it is killed as often on a fast machine as on a slow one.
    const places = new Map<string, number>();
    let kills = 0;
    let killing: Promise<void> = Promise.resolve();
    const reachedPlace = (name: string) => (at: number) => {
      places.set(name, at);
      const sum = [...places.values()].reduce((total, place) => total + place, 0);
      if (sum <= 700 * (kills + 1) || kills >= 5) return;
      kills += 1;
      // In the middle of what the others are sending.
      killing = killing.then(async () => {
        await service.kill();
        await service.start();
      });
    };
    await Promise.all(writers.map(({ name, events }) => sendAll(run, name, events, reachedPlace(name))));
    await killing;
    expect(kills).toBe(5);

    const all = await stored(run.runId);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 4500 }, (_, index) => index + 1));
    for (const { name, events } of writers) {
      const mine = all.map(({ event }) => event).filter((event) => JSON.stringify(event).match(`"${name}[ /]`));
      expect(mine).toEqual(events);
    }
    const { curves } = await run.owner.call(liveRoutes.snapshot, { params: { runId: run.runId }, query: {} });
    expect(curves.map(({ points }) => points.length)).toEqual([500, 500, 500]);
  } finally {
    await service.kill();
  }
});
