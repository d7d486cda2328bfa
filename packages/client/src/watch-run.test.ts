import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIVE_SOCKET_PATH, type LiveSnapshot } from '@mallo/contracts';
import { Server } from 'socket.io';
import { expect, test, vi } from 'vitest';
import { createClient, type LinkState, watchRun } from './index.js';

const EMPTY: LiveSnapshot = { seq: 0, curves: [], logs: [], progress: null, notices: [] };

test('says that it reconnects when the state came but the connection never did', async () => {
  const http = createServer((_, answer) => {
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(EMPTY));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const refuseAll = (_: unknown, socket: { destroy(): void }) => socket.destroy();
  http.on('upgrade', refuseAll);
  const client = createClient({ baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
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
