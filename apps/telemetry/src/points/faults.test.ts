import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startTestPostgres } from '@mallo/backend/testing';
import { mountSmallDisk, type SmallDisk } from '@mallo/backend/testing/small-disk';
import pg from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openRun, range, startTelemetry, startTelemetryProcess } from '../testing/telemetry.js';
import { expectNothingLost, startWriters } from '../testing/writers.js';

/** `MALLO_KILLS=1000 vitest run src/points/faults.test.ts` takes half an hour. */
const KILLS = Number(process.env.MALLO_KILLS ?? 15);
const CUT_SECONDS = Number(process.env.MALLO_CUT_SECONDS ?? 10);
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
  `a network that cuts connections for ${CUT_SECONDS} s loses, doubles and reorders nothing`,
  async () => {
    const postgres = await startTestPostgres();
    onTestFinished(() => postgres.stop());
    const telemetry = await startTelemetry(postgres.url);
    onTestFinished(() => telemetry.close());
    const run = await openRun(telemetry);
    const network = await unreliableNetwork(Number(new URL(telemetry.url).port));
    onTestFinished(() => network.close());
    const writing = startWriters(run, network.url, WRITERS);
    const until = Date.now() + CUT_SECONDS * 1000;
    while (Date.now() < until) {
      await wait(Math.random() * 100);
      network.cut();
    }
    await writing.finish();
    expect(writing.acknowledged()).toBeGreaterThan(0);
    await expectNothingLost(telemetry.points, run, WRITERS, writing.acknowledged());
  },
  120_000 + CUT_SECONDS * 2000,
);

test('a clock set back drops nothing from the journal and mixes nothing up', async () => {
  const postgres = await startTestPostgres();
  onTestFinished(() => postgres.stop());
  const telemetry = await startTelemetry(postgres.url);
  onTestFinished(() => telemetry.close());
  const sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  const run = await openRun(telemetry);
  const writing = startWriters(run, telemetry.url, WRITERS);
  for (const shift of ["+ interval '1 day'", "- interval '1 day'", "+ interval '1 hour'"]) {
    const before = writing.acknowledged();
    await vi.waitUntil(() => writing.acknowledged() > before + 500, { timeout: 60_000 });
    // Rows that were written before the clock jumped.
    await sql.query(`update telemetry.journal set at = at ${shift}`);
    await telemetry.points.sweep();
  }
  await writing.finish();
  await sql.end();
  await expectNothingLost(telemetry.points, run, WRITERS, writing.acknowledged());
}, 120_000);

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

/** A way to a port of this machine that `cut` breaks in the middle of whatever is under way. */
async function unreliableNetwork(port: number) {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  };
  const server = createServer((client) => {
    const service = connect(port, '127.0.0.1');
    track(client);
    track(service);
    client.pipe(service).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port is free');
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut: () => {
      for (const socket of sockets) if (Math.random() < 0.5) socket.resetAndDestroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
