import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIVE_SOCKET_PATH, type LiveSnapshot } from '@mallo/contracts';
import { Server } from 'socket.io';
import { expect, test, vi } from 'vitest';
import { type ApiError, createClient, type LinkState, watchRun } from './index.js';

const EMPTY: LiveSnapshot = { seq: 0, curves: [], logs: [], progress: null, notices: [] };

async function serveSnapshots() {
  const http = createServer((_, answer) => {
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(EMPTY));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { http, client: createClient({ baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }) };
}

test('says in whole sentences that the stream does not take what is asked', async () => {
  const { http, client } = await serveSnapshots();
  const live = new Server(http, { path: LIVE_SOCKET_PATH });
  live.on('connection', (socket) => socket.on('join', (_, answer) => answer({ ok: false, code: 'request.invalid' })));
  const error = await new Promise<ApiError>((onError) => watchRun(client, 'run_1', { onView: () => {}, onError }));
  expect(error.messages.en).toContain('The request is not of the expected form: the live stream takes');
  expect(error.messages.ko).toContain('요청 형식이 올바르지 않습니다: 실시간 스트림이');
  await live.close();
});

test('says that it reconnects when the state came but the connection never did', async () => {
  const { http, client } = await serveSnapshots();
  const refuseAll = (_: unknown, socket: { destroy(): void }) => socket.destroy();
  http.on('upgrade', refuseAll);
  const links: LinkState[] = [];
  const stop = watchRun(client, 'run_1', { onView: () => {}, onLink: (link) => links.push(link) });

  await vi.waitFor(() => expect(links).toEqual(['reconnecting']), 20_000);

  http.off('upgrade', refuseAll);
  const live = new Server(http, { path: LIVE_SOCKET_PATH });
  live.on('connection', (socket) => socket.on('join', (_, answer) => answer({ ok: true, seq: 0 })));
  await vi.waitFor(() => expect(links).toEqual(['reconnecting', 'live']), 20_000);
  stop();
  await live.close();
});
