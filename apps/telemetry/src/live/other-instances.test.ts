import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { OperatorMetrics } from '@mallo/backend';
import type {} from '@mallo/backend/testing/global-setup';
import { createClient, type RunView, watchProject, watchRun } from '@mallo/client';
import type { RunsFrame } from '@mallo/contracts';
import { HttpAdapterHost } from '@nestjs/core';
import { createProxyServer } from 'http-proxy-3';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { hasProgram, makeRedis, type Program } from '../testing/programs.js';
import {
  figure,
  logLine,
  metric,
  openRun,
  range,
  send,
  startTelemetryProcess,
  type TelemetryProcess,
  writerOf,
} from '../testing/telemetry.js';
import { addTraining, newProject } from '../testing/trackings.js';
import { OtherInstances, redisAt } from './other-instances.js';
import { Presence } from './presence.js';

const LIMIT_MS = 30_000;

describe.skipIf(!hasProgram('redis-server'))('two instances (need redis-server)', () => {
  let redis: Program;
  let redisUrl: string;
  let one: TelemetryProcess;
  let other: TelemetryProcess;

  beforeAll(async () => {
    redis = await makeRedis();
    redisUrl = `redis://127.0.0.1:${redis.port}`;
    redis.start();
    const start = () => startTelemetryProcess(inject('databaseUrl'), { REDIS_URL: redisUrl });
    one = await start();
    other = await start();
  });
  beforeEach(() => redisIs(1));
  afterAll(async () => {
    await one?.kill();
    await other?.kill();
    await redis.close();
  });

  const redisIs = (up: 0 | 1) =>
    vi.waitFor(async () => {
      for (const at of [one, other]) expect(await figure(at, 'mallo_telemetry_redis_up')).toBe(up);
    }, LIMIT_MS);

  /** Watches at one instance what anybody writes at any. */
  async function watch(at: { url: string }, run: { runId: string; owner: { accessToken: string | undefined } }) {
    const lines: string[] = [];
    const presence: number[] = [];
    let view: RunView | undefined;
    let isLive = false;
    const client = createClient({ baseUrl: at.url, accessToken: run.owner.accessToken });
    const stop = watchRun(client, run.runId, {
      onView: (next) => {
        const before = view?.seq ?? 0;
        lines.push(...next.logs.filter(({ seq }) => seq > before).map(({ line }) => line));
        view = next;
      },
      onLink: (link) => {
        isLive = link === 'live';
      },
      onPresence: (watchers) => presence.push(watchers),
    });
    onTestFinished(stop);
    await vi.waitFor(() => expect(isLive).toBe(true), LIMIT_MS);
    return { lines, presence };
  }

  test('show the same run everywhere, each event once and in order, wherever it is written', async () => {
    const run = await openRun(one);
    const watchers = [await watch(one, run), await watch(other, run)];
    const writers = [one, other].map(async (at, index) => {
      const writer = await writerOf(at, run.runId);
      for (let from = 0; from < 200; from += 4) {
        const lines = range(from, from + 3).map((n) => logLine(`${index} ${n}`));
        await send(writer, `writer-${index}`, from, lines);
      }
    });
    await Promise.all(writers);
    for (const { lines } of watchers) {
      await vi.waitFor(() => expect(lines).toHaveLength(400), LIMIT_MS);
      for (const writer of [0, 1]) {
        expect(lines.filter((line) => line.startsWith(`${writer} `))).toEqual(
          range(0, 199).map((n) => `${writer} ${n}`),
        );
      }
    }
    expect(watchers[1]?.lines).toEqual(watchers[0]?.lines);
    // One sign-in with a page at each.
    for (const { presence } of watchers) await vi.waitFor(() => expect(presence.at(-1)).toBe(1), LIMIT_MS);
  });

  test('tell whoever watches a project what moves at the other', async () => {
    const project = await newProject(one);
    const runId = await addTraining(project, { status: 'running' });
    const told: RunsFrame['runs'] = [];
    const joined = Promise.withResolvers<void>();
    const owner = createClient({ baseUrl: other.url, accessToken: project.owner.accessToken });
    const stop = watchProject(owner, project.projectId, ['loss'], {
      onJoined: joined.resolve,
      onRuns: (runs) => told.push(...runs),
    });
    onTestFinished(stop);
    await joined.promise;
    const writer = await writerOf(one, runId);
    let step = 0;
    await vi.waitFor(async () => {
      step += 1;
      await send(writer, 'stdout', step - 1, [metric('loss', step, 1 / step)]);
      expect(told.some(({ id, metrics }) => id === runId && metrics.loss !== undefined)).toBe(true);
    }, LIMIT_MS);
  });

  test('go on without Redis, a little later, and with it when it is back', async () => {
    const run = await openRun(one);
    const { lines } = await watch(other, run);
    await redis.stop();
    await send(run, 'stdout', 0, [logLine('away 1')]);
    await send(run, 'stdout', 1, [logLine('away 2')]);
    await vi.waitFor(() => expect(lines).toEqual(['away 1', 'away 2']), LIMIT_MS);
    await redisIs(0);
    redis.start();
    await redisIs(1);
    await send(run, 'stdout', 2, [logLine('back')]);
    await vi.waitFor(() => expect(lines).toEqual(['away 1', 'away 2', 'back']), LIMIT_MS);
  });

  test('behind a balancer are one: whoever was at a killed one goes on at the other', async () => {
    const door = createServer();
    const proxy = createProxyServer();
    const instances = [one, other];
    let next = 0;
    const target = () => ({ target: instances[next++ % instances.length]?.url ?? '' });
    proxy.on('error', (_error, _request, out) => out.destroy());
    door.on('request', (request, answer) => proxy.web(request, answer, target()));
    door.on('upgrade', (request, socket, head) => proxy.ws(request, socket as NetSocket, head, target()));
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    onTestFinished(() => {
      door.closeAllConnections();
      door.close();
    });
    const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
    const run = await openRun(one);
    const watchers = await Promise.all(range(1, 6).map(() => watch({ url }, run)));
    const writer = await writerOf(other, run.runId);
    const write = async (from: number, to: number) => {
      for (let at = from; at < to; at += 1) await send(writer, 'stdout', at, [logLine(`${at}`)]);
    };
    await write(0, 50);
    await one.kill();
    await write(50, 100);
    await one.start();
    await write(100, 120);
    for (const { lines } of watchers) {
      await vi.waitFor(() => expect(lines).toEqual(range(0, 119).map(String)), LIMIT_MS);
    }
  });

  test('count a sign-in once, wherever its pages are, and forget those who left', async () => {
    const log = pino({ level: 'silent' });
    const sidesOf = [1, 2].map(async () => {
      const others = new OtherInstances(await redisAt(redisUrl), new OperatorMetrics(new HttpAdapterHost()), log);
      const told: number[] = [];
      const presence = new Presence((_runId, watchers) => told.push(watchers), others);
      others.on({ stored: () => {}, missed: () => {}, watchersChanged: (runId) => presence.changedElsewhere(runId) });
      others.listen('prj_1', () => {});
      onTestFinished(() => {
        presence.close();
        others.onApplicationShutdown();
      });
      return { others, presence, told };
    });
    const sides = await Promise.all(sidesOf);
    const [left, right] = sides as [(typeof sides)[0], (typeof sides)[0]];
    await vi.waitFor(() => expect(sides.every(({ others }) => others.isUp)).toBe(true), LIMIT_MS);
    left.presence.joined('run_p', 'prj_1', 'fam_a');
    right.presence.joined('run_p', 'prj_1', 'fam_a');
    const leave = right.presence.joined('run_p', 'prj_1', 'fam_b');
    await vi.waitFor(() => expect(sides.map(({ told }) => told.at(-1))).toEqual([2, 2]), LIMIT_MS);
    leave();
    await vi.waitFor(() => expect(sides.map(({ told }) => told.at(-1))).toEqual([1, 1]), LIMIT_MS);
  });
});
