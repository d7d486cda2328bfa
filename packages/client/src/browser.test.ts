import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { identityRoutes, MalloError } from '@mallo/contracts';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver, type Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from './index.js';

/** The packages as a browser can import them, without a bundler. */
const PACKAGES: Record<string, { folder: string; entry: string }> = {
  '@mallo/client': { folder: join(import.meta.dirname, '../dist'), entry: 'index.js' },
  '@mallo/contracts': { folder: join(import.meta.dirname, '../node_modules/@mallo/contracts/dist'), entry: 'index.js' },
  zod: { folder: join(import.meta.dirname, '../node_modules/zod'), entry: 'index.js' },
  'socket.io-client': {
    folder: join(import.meta.dirname, '../node_modules/socket.io-client/dist'),
    entry: 'socket.io.esm.min.js',
  },
};
const IMPORTS = Object.fromEntries(
  Object.entries(PACKAGES).map(([name, { entry }]) => [name, `/packages/${name}/${entry}`]),
);
const PAGE = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
  import { createClient } from '@mallo/client';
  import * as contracts from '@mallo/contracts';
  Object.assign(window, { client: createClient({ baseUrl: '' }), contracts });
</script>`;

declare global {
  interface Window {
    client: Client;
    contracts: typeof import('@mallo/contracts');
  }
}

let browser: Browser;
let server: Server;
let url: string;
let session: { generation: number; expired: boolean; reused: number };
let received: number;

beforeEach(async () => {
  // One each: this build of Chromium lets cookies of one context be seen in the next.
  browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args, '--no-sandbox'],
    headless: true,
  });
  session = { generation: 1, expired: false, reused: 0 };
  received = 0;
  server = createServer((request, answer) => void serve(request, answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

/** Pages, packages, and an api whose session is kept in cookies; each refresh cookie is taken once. */
async function serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const path = new URL(String(request.url), 'http://page').pathname;
  const cookies = request.headers.cookie ?? '';
  if (path === '/') {
    answer.setHeader('set-cookie', [`access=${session.generation}; Path=/`, `refresh=${session.generation}; Path=/`]);
    return void answer.setHeader('content-type', 'text/html').end(PAGE);
  }
  const name = Object.keys(PACKAGES).find((one) => path.startsWith(`/packages/${one}/`));
  const found = name && PACKAGES[name];
  if (found) {
    const file = join(found.folder, normalize(path.slice(`/packages/${name}/`.length)));
    if (extname(file) !== '.js') return void answer.writeHead(404).end();
    return void answer.setHeader('content-type', 'text/javascript').end(await readFile(file));
  }
  for await (const chunk of request) received += chunk.length;
  if (path === identityRoutes.refresh.path) {
    if (!cookies.includes(`refresh=${session.generation}`)) session.reused += 1;
    session = { ...session, generation: session.generation + 1, expired: false };
    answer.setHeader('set-cookie', [`access=${session.generation}; Path=/`, `refresh=${session.generation}; Path=/`]);
    return void answer.setHeader('content-type', 'application/json').end('{}');
  }
  if (session.expired || !cookies.includes(`access=${session.generation}`)) {
    const error = new MalloError('auth.required');
    return void answer.writeHead(401).end(JSON.stringify({ error: { ...error.toProblem(), traceId: 'x' } }));
  }
  answer.setHeader('content-type', 'application/json').end(JSON.stringify({ path }));
}

async function open(pages: number): Promise<Page[]> {
  const context = await browser.newContext();
  const tabs = await Promise.all(Array.from({ length: pages }, () => context.newPage()));
  for (const tab of tabs) {
    await tab.goto(url);
    await tab.waitForFunction(() => 'client' in window);
  }
  return tabs;
}

test('three tabs that find their session expired at the same time renew it once', async () => {
  const tabs = await open(3);
  session.expired = true;
  const answers = await Promise.all(
    tabs.map((tab) =>
      tab.evaluate(() => Promise.all([1, 2, 3, 4].map(() => window.client.call(window.contracts.identityRoutes.me)))),
    ),
  );
  expect(answers.flat()).toHaveLength(12);
  expect(session.generation).toBe(2);
  expect(session.reused).toBe(0);
});

test('a session that expires again is renewed again, by whichever tab', async () => {
  const [one, two] = await open(2);
  for (const tab of [one, two, one]) {
    session.expired = true;
    await tab?.evaluate(() => window.client.call(window.contracts.identityRoutes.me));
  }
  expect(session).toMatchObject({ generation: 4, reused: 0 });
});

test('an upload tells its progress, renews the session, and ends when it is given up', async () => {
  const [tab] = await open(1);
  session.expired = true;
  const sent = await tab?.evaluate(async () => {
    const progress: number[] = [];
    const request = { params: { projectId: 'prj_1' }, query: { name: '고양이' } };
    const bytes = new Blob([new Uint8Array(5_000_000)]);
    const { upload } = window.contracts.datasetRoutes;
    await window.client.upload(upload, request, bytes, { onProgress: (done) => progress.push(done) });
    const abort = new AbortController();
    const given = await window.client
      .upload(upload, request, bytes, { signal: abort.signal, onProgress: () => abort.abort() })
      .catch((error: Error) => error.name);
    return { last: progress.at(-1), given };
  });
  expect(sent).toEqual({ last: 5_000_000, given: 'AbortError' });
  expect(session.generation).toBe(2);
  expect(received).toBeGreaterThanOrEqual(10_000_000);
});
