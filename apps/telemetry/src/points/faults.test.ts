import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '@mallo/backend';
import { startTestPostgres } from '@mallo/backend/testing';
import { startTestNetwork } from '@mallo/backend/testing/network';
import { mountSmallDisk, type SmallDisk } from '@mallo/backend/testing/small-disk';
import { createClient, type LinkState, watchProject, watchRun } from '@mallo/client';
import { retentionRoutes, type TrainingRecord } from '@mallo/contracts';
import pg from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { makeDatabaseClock } from '../testing/movable-database-clock.js';
import {
  logLine,
  MOVABLE_CLOCK,
  metric,
  type OpenRun,
  openRun,
  range,
  send,
  startTelemetry,
  startTelemetryProcess,
  tokenFor,
  writerOf,
} from '../testing/telemetry.js';
import { addTraining, type Project } from '../testing/trackings.js';
import { expectNothingLost, startWriters } from '../testing/writers.js';

/** `MALLO_KILLS=1000` takes an hour and a half on two busy cores. */
const KILLS = Number(process.env.MALLO_KILLS ?? 15);
const CUT_SECONDS = Number(process.env.MALLO_CUT_SECONDS ?? 10);
const DAY_MS = 86_400_000;
const WRITERS = ['one', 'two', 'three', 'four'];

test(
  `killed ${KILLS} times at any moment, nothing acknowledged is lost or doubled, and the order is kept`,
  async () => {
    const postgres = await startTestPostgres();
    onTestFinished(() => postgres.stop());
    const service = await startTelemetryProcess(postgres.url);
    onTestFinished(() => service.kill());
    // What is left of them is folded together when the service comes back.
    const runs = await Promise.all(range(1, 3).map(() => openRun(service)));
    const writing = runs.map((run) => startWriters(run, service.url, WRITERS));
    const acknowledged = () => writing.reduce((sum, one) => sum + one.acknowledged(), 0);
    for (let kills = 0; kills < KILLS; kills += 1) {
      const before = acknowledged();
      await vi.waitUntil(() => acknowledged() > before, { timeout: 60_000 });
      await wait(Math.random() * 300);
      await service.kill();
      await service.start();
    }
    await Promise.all(writing.map((one) => one.finish()));
    await service.kill();
    const telemetry = await startTelemetry(postgres.url);
    onTestFinished(() => telemetry.close());
    await telemetry.points.sweep();
    await service.start();
    for (const [at, run] of runs.entries()) {
      await expectNothingLost(telemetry.points, run, WRITERS, writing[at]?.acknowledged() ?? 0);
    }
  },
  120_000 + KILLS * 10_000,
);

test('PostgreSQL restarted and killed under ingest loses, doubles and reorders nothing', async () => {
  const postgres = await startTestPostgres();
  onTestFinished(() => postgres.stop());
  const telemetry = await startTelemetry(postgres.url);
  onTestFinished(() => telemetry.close());
  const run = await openRun(telemetry);
  const writing = startWriters(run, telemetry.url, WRITERS);
  for (let times = 0; times < 6; times += 1) {
    const before = writing.acknowledged();
    await vi.waitUntil(() => writing.acknowledged() > before, { timeout: 60_000 });
    await wait(Math.random() * 500);
    if (times % 2) await postgres.kill();
    await postgres.restart();
    telemetry.points.settle({ runId: run.runId }).catch(() => undefined);
  }
  await writing.finish();
  await expectNothingLost(telemetry.points, run, WRITERS, writing.acknowledged());
  await telemetry.points.settle({ runId: run.runId });
  await expectNothingLost(telemetry.points, run, WRITERS, writing.acknowledged());
}, 240_000);

test(
  `a network that breaks connections for ${CUT_SECONDS} s loses, doubles and reorders nothing`,
  async () => {
    const postgres = await startTestPostgres();
    onTestFinished(() => postgres.stop());
    const telemetry = await startTelemetry(postgres.url);
    onTestFinished(() => telemetry.close());
    const run = await openRun(telemetry);
    const network = await startTestNetwork(telemetry.url);
    onTestFinished(network.close);
    const writing = startWriters(run, network.url, WRITERS);
    const until = Date.now() + CUT_SECONDS * 1000;
    while (Date.now() < until) {
      await wait(Math.random() * 100);
      network.breakHalf();
    }
    await writing.finish();
    expect(writing.acknowledged()).toBeGreaterThan(0);
    await expectNothingLost(telemetry.points, run, WRITERS, writing.acknowledged());
  },
  120_000 + CUT_SECONDS * 2000,
);

test(
  `a network that is gone for ${CUT_SECONDS} s loses, doubles and reorders nothing, and viewers get what they missed`,
  async () => {
    const postgres = await startTestPostgres();
    onTestFinished(() => postgres.stop());
    const telemetry = await startTelemetry(postgres.url);
    onTestFinished(() => telemetry.close());
    const network = await startTestNetwork(telemetry.url);
    onTestFinished(network.close);
    const run = await openRun(telemetry);
    const writing = startWriters(run, network.url, WRITERS);
    // A run that is written to beside the service, so that there is something to miss.
    const watched = await openRun(telemetry);
    let lines = 0;
    const writeLine = async () => {
      lines = await send(watched, 'near', lines, [logLine(`line ${lines}`)]);
    };
    const viewers = range(1, 4).map(() => viewLines(network.url, watched));
    for (const viewer of viewers) onTestFinished(viewer.stop);
    await vi.waitUntil(() => viewers.every(({ link }) => link() === 'live'), 60_000);
    await writeLine();
    const seen = (count: number) => viewers.every((viewer) => viewer.lines.length === count);
    await vi.waitUntil(() => seen(1) && writing.acknowledged() > 1000, 60_000);

    network.goAway();
    // What was on its way in this machine is let arrive.
    await wait(500);
    const before = writing.acknowledged();
    const until = performance.now() + CUT_SECONDS * 1000;
    while (performance.now() < until) {
      await writeLine();
      await wait(50);
    }
    expect(writing.acknowledged()).toBe(before);
    expect(seen(1)).toBe(true);
    expect(lines).toBeGreaterThan(CUT_SECONDS);
    network.comeBack();

    await vi.waitUntil(() => seen(lines), 120_000);
    await vi.waitUntil(() => writing.acknowledged() > before + 1000, 120_000);
    await writeLine();
    await vi.waitUntil(() => seen(lines), 60_000);
    for (const viewer of viewers) expect(viewer.lines).toEqual(range(0, lines - 1).map((n) => `line ${n}`));
    // Some whose connection was broken came back by a new one.
    expect(viewers.map(({ link }) => link())).toEqual(viewers.map(() => 'live'));
    await writing.finish();
    await expectNothingLost(telemetry.points, run, WRITERS, writing.acknowledged());
  },
  400_000 + CUT_SECONDS * 2000,
);

test('clocks that jump lose, double and reorder nothing, and what is told, read and removed stays right', async () => {
  const postgres = await startTestPostgres();
  onTestFinished(() => postgres.stop());
  await startTelemetry(postgres.url).then(({ close }) => close());
  const moveDatabaseClock = await makeDatabaseClock(postgres.url);
  const service = await startTelemetryProcess(postgres.url, MOVABLE_CLOCK);
  onTestFinished(() => service.kill());
  // Another instance, whose own clock stands as it is: clocks differ, too.
  const beside = await startTelemetry(postgres.url);
  onTestFinished(() => beside.close());
  const project = await lastingProject(service.url);
  const open = async (change: Partial<TrainingRecord>): Promise<OpenRun> => {
    const runId = await addTraining(project, change);
    return { ...project, ...(await writerOf(service, runId)) };
  };
  const ended = await open({ status: 'completed', endedMs: Date.now() });
  await send(ended, 'stdout', 0, [logLine('kept'), metric('system/cpu_percent', 1, 5)]);
  const retention = { params: { projectId: project.projectId } };
  await project.owner.call(retentionRoutes.set, { ...retention, body: { deletedDays: 30, detailDays: 30 } });
  const run = await open({ status: 'running' });
  const watched = await open({ status: 'running' });
  const viewer = viewLines(service.url, watched);
  onTestFinished(viewer.stop);
  let joins = 0;
  const told = new Set<string>();
  onTestFinished(
    watchProject(project.owner, project.projectId, [], {
      onJoined: () => {
        joins += 1;
      },
      onRuns: (runs) => {
        for (const { id } of runs) told.add(id);
      },
    }),
  );
  await vi.waitUntil(() => viewer.link() === 'live' && joins > 0, 60_000);

  const writing = startWriters(run, service.url, WRITERS);
  let jumps = 0;
  const expectAllGoesOn = async () => {
    const before = writing.acknowledged();
    const added = await addTraining(project, { status: 'running' });
    await vi.waitUntil(() => told.has(added), 30_000);
    await send(watched, 'stdout', jumps, [logLine(`line ${jumps}`)]);
    jumps += 1;
    await vi.waitUntil(() => viewer.lines.length === jumps, 30_000);
    await vi.waitUntil(() => writing.acknowledged() > before + 500, 60_000);
    await beside.points.sweep();
    await project.owner.call(retentionRoutes.begin, retention);
    await vi.waitUntil(async () => {
      const { pass } = await project.owner.call(retentionRoutes.get, retention);
      return pass?.state === 'done';
    }, 60_000);
  };
  await expectAllGoesOn();
  for (const movedMs of [-DAY_MS, DAY_MS / 24, -DAY_MS / 12, 2 * DAY_MS, 0]) {
    await service.moveClock(movedMs);
    await expectAllGoesOn();
    await moveDatabaseClock(movedMs);
    await expectAllGoesOn();
  }
  await writing.finish();
  for (const span of await clockSpans(postgres.url)) expect(span).toBeGreaterThan(2 * DAY_MS);
  expect(viewer.lines).toEqual(range(0, jumps - 1).map((n) => `line ${n}`));
  await expectNothingLost(beside.points, run, WRITERS, writing.acknowledged());
  await beside.points.sweep();
  await expectNothingLost(beside.points, run, WRITERS, writing.acknowledged());
  const lines = await beside.points.lines(ended.runId, { from: 1, limit: 10, search: '' });
  expect(lines.lines.map(({ line }) => line)).toEqual(['kept']);
  const [cpu] = await beside.points.curves([{ runId: ended.runId, key: 'system/cpu_percent' }], { axis: 'step' }, 10);
  expect([...(cpu?.points.values ?? [])]).toEqual([5]);
}, 400_000);

const disk = mountSmallDisk(220);
describe.skipIf(!disk)('on a full disk (needs the right to mount a small one)', () => {
  test('nothing is acknowledged that has no room, and ingest goes on when there is some again', async () => {
    const { folder, remove } = disk as SmallDisk;
    onTestFinished(remove);
    const postgres = await startTestPostgres(folder);
    onTestFinished(() => postgres.stop());
    const telemetry = await startTelemetry(postgres.url);
    onTestFinished(() => telemetry.close());
    const run = await openRun(telemetry);
    const writing = startWriters(run, telemetry.url, WRITERS);
    await vi.waitUntil(() => writing.acknowledged() > 2000, { timeout: 60_000 });
    const ballast = join(folder, 'ballast');
    await fill(ballast);
    let stalled = writing.acknowledged();
    await vi.waitUntil(
      async () => {
        const before = stalled;
        await wait(500);
        stalled = writing.acknowledged();
        return stalled === before;
      },
      { timeout: 120_000 },
    );
    await rm(ballast);
    // Without room for its own log PostgreSQL ends; whoever runs it starts it again.
    await postgres.restart();
    await vi.waitUntil(() => writing.acknowledged() > stalled + 1000, { timeout: 60_000 });
    await writing.finish();
    await expectNothingLost(telemetry.points, run, WRITERS, writing.acknowledged());
  }, 300_000);
});

/** Writes zeros until there is no room left. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) await file.write(block);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    await file.close();
  }
}

/** A project whose owner's session outlasts the jumps of its clock. */
async function lastingProject(baseUrl: string): Promise<Project> {
  const [projectId, ownerId] = [newId('prj'), newId('usr')];
  const client = async (kind: 'user' | 'service', subject: string) =>
    createClient({ baseUrl, accessToken: await tokenFor(kind, subject, (30 * DAY_MS) / 1000) });
  return { projectId, ownerId, owner: await client('user', ownerId), service: await client('service', 'service') };
}

/** How far apart are the times that were given to runs, in milliseconds: when they changed, and when they were made. */
async function clockSpans(databaseUrl: string): Promise<number[]> {
  const sql = new pg.Client({ connectionString: databaseUrl });
  await sql.connect();
  const { rows } = await sql.query<{ changed: string; made: string }>(
    `select max(changed_ms) - min(changed_ms) as changed,
            extract(epoch from max(created_at) - min(created_at)) * 1000 as made from telemetry.runs`,
  );
  await sql.end();
  return rows.flatMap(({ changed, made }) => [Number(changed), Number(made)]);
}

/** Somebody who watches a run's log. @property lines all that were shown, in the order in which they came */
function viewLines(baseUrl: string, run: OpenRun) {
  const lines: string[] = [];
  let link: LinkState = 'connecting';
  let place = 0;
  const stop = watchRun(createClient({ baseUrl, accessToken: run.owner.accessToken ?? '' }), run.runId, {
    onView: ({ logs, seq }) => {
      lines.push(...logs.filter((line) => line.seq > place).map(({ line }) => line));
      place = seq;
    },
    onLink: (state) => {
      link = state;
    },
  });
  return { lines, stop, link: () => link };
}
