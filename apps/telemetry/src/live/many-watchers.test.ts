import type {} from '@mallo/backend/testing/global-setup';
import { LIVE_SOCKET_PATH } from '@mallo/contracts';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import WebSocket from 'ws';
import { figure, logLine, metric, openRun, range, send, startTelemetryProcess } from '../testing/telemetry.js';

/** 1,000 in the acceptance run; fewer where two cores are shared with other tests. */
const VIEWERS = Number(process.env.MALLO_TEST_VIEWERS ?? 100);
const LIMIT_MS = 60_000;

type Viewer = { seen: number[]; socket: WebSocket };

/** A viewer as thin as can be; `seen` are the places of the events it was given. */
async function view(url: string, runId: string, token: string, seen: number[]): Promise<Viewer> {
  const address = `${url.replace('http', 'ws')}${LIVE_SOCKET_PATH}/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  const joined = Promise.withResolvers<void>();
  socket.on('error', joined.reject);
  socket.on('message', (data) => {
    const text = String(data);
    if (text === '2') socket.send('3');
    else if (text.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`);
    else if (text.startsWith('40')) socket.send(`420["join",${JSON.stringify({ runId, after: seen.at(-1) ?? 0 })}]`);
    else if (text.startsWith('430')) text.includes('"ok":true') ? joined.resolve() : joined.reject(new Error(text));
    else if (text.startsWith('42["events"')) {
      const [, frame] = JSON.parse(text.slice(2)) as [string, { events: { seq: number }[] }];
      seen.push(...frame.events.map(({ seq }) => seq));
    }
  });
  onTestFinished(() => socket.terminate());
  await joined.promise;
  return { seen, socket };
}

test(`${VIEWERS} viewers who all come back at once after a kill get exactly what they missed`, async () => {
  const service = await startTelemetryProcess(inject('databaseUrl'));
  onTestFinished(() => service.kill());
  const run = await openRun(service);
  const token = run.owner.accessToken ?? '';
  const join = (seen: number[]) => view(service.url, run.runId, token, seen);
  const points = (from: number, count: number) =>
    range(from, from + count - 1).map((step) => metric('loss', step, step));
  await send(run, 'stdout', 0, points(1, 100));
  const viewers: Viewer[] = [];
  // New ones come in small groups, so that all of them coming back together is what is tested.
  while (viewers.length < VIEWERS) viewers.push(...(await Promise.all(range(1, 20).map(() => join([])))));
  await vi.waitFor(() => expect(viewers.every(({ seen }) => seen.length === 100)).toBe(true), LIMIT_MS);

  await service.kill();
  await service.start();
  await send(run, 'stdout', 100, points(101, 700));
  const back = await Promise.all(viewers.map(({ seen }) => join(seen)));
  await send(run, 'stdout', 800, points(801, 5));
  await vi.waitFor(() => expect(back.every(({ seen }) => seen.length >= 805)).toBe(true), LIMIT_MS);
  for (const { seen } of back) expect(seen).toEqual(range(1, 805));
  expect(await figure(service, 'mallo_telemetry_watchers')).toBe(viewers.length);
});

test('a viewer who does not read costs no memory and holds up nobody, and gets everything once it reads', async () => {
  const service = await startTelemetryProcess(inject('databaseUrl'));
  onTestFinished(() => service.kill());
  const run = await openRun(service);
  const token = run.owner.accessToken ?? '';
  const [quick, slow] = [await view(service.url, run.runId, token, []), await view(service.url, run.runId, token, [])];
  await send(run, 'stdout', 0, [logLine('first')]);
  await vi.waitFor(() => expect(slow.seen).toEqual([1]), LIMIT_MS);
  slow.socket.pause();
  const line = 'x'.repeat(9_000);
  const lines = Array.from({ length: 500 }, () => logLine(line));
  const sendSome = async (from: number) => {
    await send(run, 'stdout', from, lines);
    await vi.waitFor(() => expect(quick.seen.at(-1)).toBe(from + 500), LIMIT_MS);
  };
  // 27 MB, which no buffer of the system holds; in the process there is at most one frame of it.
  for (let from = 1; from < 3000; from += 500) await sendSome(from);
  const waiting = await figure(service, 'mallo_telemetry_waiting_bytes');
  expect(waiting).toBeGreaterThan(0);
  expect(waiting).toBeLessThan(2e6);
  expect(await figure(service, 'mallo_telemetry_watchers_behind')).toBe(1);
  slow.socket.resume();
  await vi.waitFor(() => expect(slow.seen.at(-1)).toBe(3001), LIMIT_MS);
  expect(slow.seen).toEqual(range(1, 3001));
  expect(quick.seen).toEqual(range(1, 3001));
});
