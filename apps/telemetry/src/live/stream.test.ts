import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import type {} from '@mallo/backend/testing/global-setup';
import { createClient, type LinkState, type RunView, watchPresence, watchRun } from '@mallo/client';
import {
  type EventsFrame,
  identityRoutes,
  type JoinAnswer,
  LIVE_SOCKET_PATH,
  type SequencedEvent,
} from '@mallo/contracts';
import { createProxyServer } from 'http-proxy-3';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import {
  logLine,
  metric,
  type OpenRun,
  openRun,
  range,
  send,
  startTelemetry,
  startTelemetryProcess,
  type Telemetry,
  tokenFor,
  tokens,
  writerOf,
} from '../testing/telemetry.js';
import { startTokenApi } from '../testing/token-api.js';
import { addTraining, newProject } from '../testing/trackings.js';

let telemetry: Telemetry;
const sockets: Socket[] = [];

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => telemetry.close());

type Options = { token?: string; headers?: Record<string, string> };

async function connect({ token, headers }: Options): Promise<Socket> {
  const socket = io(telemetry.url, {
    path: LIVE_SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    auth: token ? { token } : {},
    extraHeaders: headers,
    reconnection: false,
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Joins, and collects what is pushed. */
async function watch(socket: Socket, runId: string, after: number) {
  const events: SequencedEvent[] = [];
  const frames: number[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.on('events', (frame: EventsFrame) => {
    if (frame.runId !== runId) return;
    events.push(...frame.events);
    frames.push(frame.events.length);
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  const answer = (await socket.emitWithAck('join', { runId, after })) as JoinAnswer;
  const until = async (seq: number) => {
    while ((events.at(-1)?.seq ?? 0) < seq) await arrived.promise;
  };
  return { events, frames, answer, until };
}

/** Watches as a page does, and keeps all that it is told. */
function watchViews(run: OpenRun) {
  const views: RunView[] = [];
  const links: LinkState[] = [];
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const stop = watchRun(run.owner, run.runId, {
    onView: (view) => {
      views.push(view);
      tell();
    },
    onLink: (link) => {
      links.push(link);
      tell();
    },
  });
  const until = async (is: () => boolean) => {
    while (!is()) await changed.promise;
  };
  return { views, links, until, stop };
}

test('replays what came after the given place in frames of 500, then goes on live', async () => {
  const run = await openRun(telemetry);
  const lines = range(1, 1700).map((n) => logLine(`line ${n}`));
  await send(run, 'stdout', 0, lines);
  const socket = await connect({ token: run.owner.accessToken });
  const watched = await watch(socket, run.runId, 200);
  expect(watched.answer).toEqual({ ok: true, seq: 1700 });
  await watched.until(1700);
  expect(watched.frames).toEqual([500, 500, 500]);
  await send(run, 'stdout', 1700, [logLine('live')]);
  await watched.until(1701);
  expect(watched.events.map(({ seq }) => seq)).toEqual(range(201, 1701));
  expect(watched.events.at(-1)?.event).toEqual(logLine('live'));
});

test('neither loses nor repeats anything where history meets the live stream, for watchers joining at any moment', async () => {
  const run = await openRun(telemetry);
  const total = 3 * 1500;
  const first = await watch(await connect({ token: run.owner.accessToken }), run.runId, 0);
  const writers = ['a', 'b', 'c'].map(async (writer) => {
    for (let from = 0; from < 1500; from += 15) {
      await send(
        run,
        writer,
        from,
        range(from, from + 14).map((n) => metric(`${writer}`, n, n)),
      );
    }
  });
  const watchers = range(0, 19).map(async (index) => {
    const own = await connect({ token: run.owner.accessToken });
    // Joins are spread over the writing by waiting for an event of the stream itself.
    const after = index % 4 ? 0 : index * 20;
    await first.until(index * 200 + 1);
    const watched = await watch(own, run.runId, after);
    await watched.until(total);
    expect(watched.events.map(({ seq }) => seq)).toEqual(range(after + 1, total));
  });
  await Promise.all([...writers, ...watchers, first.until(total)]);
  expect(first.events.map(({ seq }) => seq)).toEqual(range(1, total));
});

test('joining again begins again at the new place', async () => {
  const run = await openRun(telemetry);
  await send(
    run,
    'stdout',
    0,
    range(1, 10).map((n) => logLine(`${n}`)),
  );
  const socket = await connect({ token: run.owner.accessToken });
  const watched = await watch(socket, run.runId, 8);
  await watched.until(10);
  await socket.emitWithAck('join', { runId: run.runId, after: 9 });
  await send(run, 'stdout', 10, [logLine('11')]);
  await watched.until(11);
  expect(watched.events.map(({ seq }) => seq)).toEqual([9, 10, 10, 11]);
});

test('lets nobody in without a token, nor with one of somebody else or of another kind', async () => {
  const run = await openRun(telemetry);
  const request = { runId: run.runId, after: 0 };
  const join = async (options: Options) => (await connect(options)).emitWithAck('join', request);
  expect(await join({})).toEqual({ ok: false, code: 'auth.required' });
  expect(await join({ token: 'nonsense' })).toEqual({ ok: false, code: 'auth.required' });
  expect(await join({ token: run.writer.accessToken })).toEqual({ ok: false, code: 'auth.required' });
  const stranger = await tokens.sign({ kind: 'user', userId: 'usr_stranger' });
  expect(await join({ token: stranger })).toEqual({ ok: false, code: 'run.not_found' });
  const owner = await connect({ token: run.owner.accessToken });
  expect(await owner.emitWithAck('join', { runId: 'run_none', after: 0 })).toMatchObject({ code: 'run.not_found' });
  expect(await owner.emitWithAck('join', { runId: run.runId })).toMatchObject({ code: 'request.invalid' });
  owner.emit('join', null);
  owner.emit('leave', null);
  expect(await owner.emitWithAck('join', request)).toMatchObject({ ok: true });
});

test('takes a browser’s cookie from our own pages, and refuses the socket of another site', async () => {
  const run = await openRun(telemetry);
  const cookie = `a=b; mallo_access=${run.owner.accessToken}`;
  const own = await connect({ headers: { cookie, origin: 'http://mallo.test' } });
  expect(await own.emitWithAck('join', { runId: run.runId, after: 0 })).toMatchObject({ ok: true });
  await expect(connect({ headers: { cookie, origin: 'https://evil.example' } })).rejects.toThrow();
});

test('ends the connection when the token expires', async () => {
  const run = await openRun(telemetry);
  const expiring = await tokenFor('user', run.ownerId, 2);
  const socket = await connect({ token: expiring });
  const watched = await watch(socket, run.runId, 0);
  expect(watched.answer).toMatchObject({ ok: true });
  const [reason] = await once(socket as never, 'disconnect');
  expect(reason).toBe('io server disconnect');
});

test('a watcher sees everything once through a kill of the service, and is told of the link apart', async () => {
  const service = await startTelemetryProcess(inject('databaseUrl'));
  try {
    const run = await openRun(service);
    await send(run, 'stdout', 0, [logLine('1'), metric('loss', 1, 3)]);
    const { views, links, until, stop } = watchViews(run);
    await until(() => links.at(-1) === 'live');
    await send(run, 'stdout', 2, [logLine('2'), metric('loss', 2, 2)]);
    await until(() => views.at(-1)?.seq === 4);
    await service.kill();
    await until(() => links.at(-1) === 'reconnecting');
    await service.start();
    await send(run, 'stdout', 4, [logLine('3'), metric('loss', 3, 1)]);
    await until(() => links.at(-1) === 'live' && views.at(-1)?.seq === 6);
    stop();
    expect(links).toEqual(['live', 'reconnecting', 'live']);
    expect(views.at(-1)?.logs.map(({ line }) => line)).toEqual(['1', '2', '3']);
    expect(views.at(-1)?.curves.loss?.map(([step, value]) => [step, value])).toEqual([
      [1, 3],
      [2, 2],
      [3, 1],
    ]);
    expect(views.map(({ seq }) => seq)).toEqual(views.map(({ seq }) => seq).toSorted((a, b) => a - b));
  } finally {
    await service.kill();
  }
});

test('a watcher who was away for more than is kept one by one begins anew with all there is', async () => {
  const service = await startTelemetryProcess(inject('databaseUrl'));
  try {
    const run = await openRun(service);
    await send(run, 'stdout', 0, [metric('loss', 0, 3)]);
    const { views, links, until, stop } = watchViews(run);
    await until(() => links.at(-1) === 'live');
    await service.kill();
    const elsewhere = await writerOf(telemetry, run.runId);
    for (let from = 1; from < 25_001; from += 5_000) {
      const lines = range(from, from + 4_999).map((n) => metric('loss', n, 3 + n));
      await send(elsewhere, 'stdout', from, lines);
    }
    await telemetry.points.settle({ runId: run.runId });
    await service.start();
    await until(() => links.at(-1) === 'live' && views.at(-1)?.seq === 25_001);
    await send(run, 'stdout', 25_001, [metric('loss', 25_001, 0)]);
    await until(() => views.at(-1)?.seq === 25_002);
    stop();
    const seen = views.at(-1)?.curves.loss ?? [];
    expect([seen[0], seen.at(-1)].map((point) => point?.slice(0, 2))).toEqual([
      [0, 3],
      [25_001, 0],
    ]);
    const socket = await connect({ token: run.owner.accessToken });
    const answer = await socket.emitWithAck('join', { runId: run.runId, after: 1 });
    expect(answer).toEqual({ ok: false, code: 'events.gone' });
  } finally {
    await service.kill();
  }
});

test('counts the tabs of a browser once, and the telephone of the same person beside it', async () => {
  const run = await openRun(telemetry);
  const watching = async (signInId: string, told: number[]) => {
    const accessToken = await tokens.sign({ kind: 'user', userId: run.ownerId, signInId });
    const client = createClient({ baseUrl: telemetry.url, accessToken });
    return watchRun(client, run.runId, { onView: () => {}, onPresence: (watchers) => told.push(watchers) });
  };
  const tabs: number[][] = [[], []];
  const stops = await Promise.all(tabs.map((told) => watching('fam_laptop', told)));
  await vi.waitFor(() => expect(tabs.every((told) => told.length > 0)).toBe(true), 20_000);
  expect(tabs.flat().every((watchers) => watchers === 1)).toBe(true);
  const telephone: number[] = [];
  stops.push(await watching('fam_telephone', telephone));
  for (const told of [...tabs, telephone]) await vi.waitFor(() => expect(told.at(-1)).toBe(2), 20_000);
  stops.shift()?.();
  stops.pop()?.();
  await vi.waitFor(() => expect(tabs[1]?.at(-1)).toBe(1), 20_000);
  for (const stop of stops) stop();
});

test('counts a program that watches with its token beside the browser', async () => {
  const api = await startTokenApi();
  onTestFinished(api.close);
  const service = await startTelemetry(inject('databaseUrl'), { API_URL: api.url });
  onTestFinished(() => service.close());
  const project = await newProject(service, api);
  const browser = await tokens.sign({ kind: 'user', userId: project.ownerId, signInId: 'fam_1' });
  const runId = await addTraining(project);
  const counts: number[][] = [[], []];
  const stops = [browser, api.authorization.slice('Bearer '.length)].map((accessToken, at) =>
    watchPresence(createClient({ baseUrl: service.url, accessToken }), runId, {
      onPresence: (watchers) => counts[at]?.push(watchers),
    }),
  );
  for (const told of counts) await vi.waitFor(() => expect(told.at(-1)).toBe(2), 20_000);
  for (const stop of stops) stop();
});

test('counts who only looks, and sends them nothing of what the run reports', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('before')]);
  const socket = await connect({ token: await tokens.sign({ kind: 'user', userId: run.ownerId }) });
  const frames: EventsFrame[] = [];
  socket.on('events', (frame) => frames.push(frame));
  expect(await socket.emitWithAck('join', { runId: run.runId, after: null })).toEqual({ ok: true, seq: 1 });
  const counts: number[] = [];
  const stop = watchPresence(run.owner, run.runId, { onPresence: (watchers) => counts.push(watchers) });
  await vi.waitFor(() => expect(counts).toContain(1), 20_000);
  // Somebody else is told of it, so it went out.
  const told = Promise.withResolvers<void>();
  const end = watchRun(run.owner, run.runId, { onView: (view) => view.seq === 2 && told.resolve() });
  await send(run, 'stdout', 1, [logLine('after')]);
  await told.promise;
  expect(frames).toEqual([]);
  stop();
  end();
});

test('tells a watcher who may not watch, and ends', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('secret')]);
  const refused = Promise.withResolvers<string>();
  const views: RunView[] = [];
  watchRun(run.writer, run.runId, { onView: (view) => views.push(view), onError: ({ code }) => refused.resolve(code) });
  expect(await refused.promise).toBe('auth.forbidden');
  expect(views).toEqual([]);
});

test('a watcher goes on with a new token when the old one expires', async () => {
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('1')]);
  const expiring = await tokenFor('user', run.ownerId, 2);
  // A front door: telemetry, and of the api the one route that gives a new token for the refresh token.
  const renewals: string[] = [];
  const proxy = createProxyServer({ target: telemetry.url, ws: true });
  const door = createServer(async (request, answer) => {
    if (request.url !== identityRoutes.refresh.path) return proxy.web(request, answer);
    renewals.push(request.url);
    const accessToken = await tokens.sign({ kind: 'user', userId: run.ownerId });
    answer.setHeader('content-type', 'application/json').end(JSON.stringify({ accessToken, refreshToken: 'next' }));
  });
  door.on('upgrade', (request, socket, head) => proxy.ws(request, socket as NetSocket, head));
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const baseUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const last = Promise.withResolvers<RunView>();
  const stop = watchRun(createClient({ baseUrl, accessToken: expiring, refreshToken: 'first' }), run.runId, {
    onView: (view) => view.seq === 2 && last.resolve(view),
    onLink: (link) => link === 'live' && renewals.length > 0 && void send(run, 'stdout', 1, [logLine('2')]),
    onError: last.reject,
  });
  expect((await last.promise).logs.map(({ line }) => line)).toEqual(['1', '2']);
  expect(renewals).toEqual(['/api/v1/auth/refresh']);
  stop();
  door.closeAllConnections();
  door.close();
});
