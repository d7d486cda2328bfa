import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { ErrorBody } from '@mallo/contracts';
import { afterEach, expect, test } from 'vitest';
import { Refusal } from '../sentences.js';
import { type FrontDoor, openFrontDoor, type Part } from './front-door.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Says which part it is, and what it was asked with. */
const echo =
  (part: string): Handler =>
  ({ url, headers }, response) =>
    response.end(JSON.stringify({ part, url, headers }));

async function part(name: string, handler: Handler = echo(name)): Promise<Part & { server: Server }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { name, up: true, port: (server.address() as AddressInfo).port, server };
}

async function door(handlers: Partial<Record<'api' | 'telemetry' | 'web', Handler>> = {}) {
  const parts = {
    api: await part('api', handlers.api),
    telemetry: await part('telemetry', handlers.telemetry),
    web: await part('web', handlers.web),
  };
  const opened: FrontDoor = await openFrontDoor('127.0.0.1', 0, () => parts);
  closing.push(() => opened.close());
  return { parts, port: opened.port, url: `http://127.0.0.1:${opened.port}` };
}

test.each([
  ['/api/v1/health', 'api'],
  ['/api', 'api'],
  ['/live/v1/runs/run_1?maxPoints=10', 'telemetry'],
  ['/live/socket.io/?EIO=4', 'telemetry'],
  ['/api/2.0/mlflow/runs/log-batch', 'telemetry'],
  ['/api/2.0/mlflow/experiments/get?experiment_id=0', 'telemetry'],
  ['/api/2.0/mlflow/metrics/get-history', 'telemetry'],
  ['/api/2.0/mlflow/logged-models', 'telemetry'],
  ['/api/3.0/mlflow/server-info', 'telemetry'],
  ['/api/2.0/mlflow/registered-models/get', 'api'],
  ['/api/2.0/mlflow/model-versions/get', 'api'],
  ['/api/2.0/mlflow/artifacts/list', 'api'],
  ['/api/2.0/mlflow-artifacts/artifacts/0/run_1/artifacts/x', 'api'],
  ['/api/2.0/mlflow/runsaway', 'api'],
  ['/', 'web'],
  ['/apiary', 'web'],
  ['/lively', 'web'],
  ['/models/mdl_1?version=1.0.0', 'web'],
])('brings %s to %s', async (path, name) => {
  const { url } = await door();
  expect(await (await fetch(url + path)).json()).toMatchObject({ part: name, url: path });
});

test('says itself where a request comes from, whatever the sender claims', async () => {
  const { url, port } = await door();
  const claims = {
    'x-forwarded-for': '8.8.8.8',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=8.8.8.8',
  };
  const { headers } = (await (await fetch(`${url}/api`, { headers: claims })).json()) as {
    headers: Record<string, string>;
  };
  expect(headers).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': `127.0.0.1:${port}`,
    'x-forwarded-proto': 'http',
    host: `127.0.0.1:${port}`,
  });
  expect(headers.forwarded).toBeUndefined();
});

test('refuses a request that came by the name of another site', async () => {
  const { port } = await door();
  const status = (host: string) =>
    new Promise((resolve, reject) =>
      request({ port, host: '127.0.0.1', headers: { host } }, (answer) => resolve(answer.resume().statusCode))
        .once('error', reject)
        .end(),
    );
  expect(await status(`rebound.example:${port}`)).toBe(403);
  expect(await status(`localhost:${port}`)).toBe(200);
  expect(await status('127.0.0.1')).toBe(200);
});

test('answers for a part that is away: an error with its name, or a page that asks again', async () => {
  const { parts, url } = await door();
  parts.telemetry.up = false;
  parts.web.up = false;
  const live = await fetch(`${url}/live/v1/runs/run_1`);
  expect(live.status).toBe(503);
  expect(ErrorBody.parse(await live.json()).error).toMatchObject({
    code: 'server.unavailable',
    params: { part: 'telemetry' },
  });
  const page = await fetch(`${url}/models`);
  expect(page.status).toBe(503);
  const html = await page.text();
  expect(html).toContain('http-equiv="refresh"');
  expect(html).toContain('시작하고 있습니다');
  expect(html).toContain('is starting');
  expect((await fetch(`${url}/api`)).status).toBe(200);
});

test('answers 503 when a part is gone that was just there', async () => {
  const { parts, url } = await door();
  parts.api.server.closeAllConnections();
  await new Promise((closed) => parts.api.server.close(closed));
  const answer = await fetch(`${url}/api/v1/projects`, { method: 'POST', body: 'x'.repeat(100_000) });
  expect(answer.status).toBe(503);
  expect(ErrorBody.parse(await answer.json()).error.code).toBe('server.unavailable');
});

test('asks a part over one connection as long as it lives, and over another once it was started again', async () => {
  const { parts, url } = await door();
  let connections = 0;
  const count = (server: Server) => server.on('connection', () => (connections += 1));
  count(parts.api.server);
  for (let asked = 0; asked < 5; asked += 1) await (await fetch(`${url}/api`)).text();
  expect(connections).toBe(1);
  parts.api.server.closeAllConnections();
  await new Promise((closed) => parts.api.server.close(closed));
  const again = createServer(echo('api')).listen(parts.api.port, '127.0.0.1');
  await once(count(again), 'listening');
  closing.push(() => again.close());
  expect((await fetch(`${url}/api`, { method: 'POST', body: 'x' })).status).toBe(200);
  expect(connections).toBe(2);
});

test('lets go of a connection before the part does, so that no request meets its end', async () => {
  const { parts, url } = await door();
  // What the part says of it; it waits a second longer than that itself.
  parts.api.server.keepAliveTimeout = 2000;
  const connected = once(parts.api.server, 'connection');
  await (await fetch(`${url}/api`)).text();
  const [connection] = (await connected) as [Socket];
  const whoEnds = [once(connection, 'end').then(() => 'the door'), once(connection, 'close').then(() => 'the part')];
  expect(await Promise.race(whoEnds)).toBe('the door');
});

test('keeps the connection of a program longer than the program does, whose next request meets no end of it', async () => {
  const { url } = await door();
  const { headers } = await fetch(url);
  expect(headers.get('keep-alive')).toBe('timeout=72');
});

test('brings every header of an answer, also those that come more than once', async () => {
  const { url } = await door({
    web: (_request, response) =>
      response.writeHead(200, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Length', '2']).end('ok'),
  });
  const { headers } = await fetch(url);
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(headers.get('content-length')).toBe('2');
});

test('does not show half an answer as a whole one', async () => {
  const { url } = await door({
    api: (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half');
      setImmediate(() => response.destroy());
    },
  });
  const answer = await fetch(`${url}/api`);
  await expect(answer.text()).rejects.toThrow();
});

test('streams a body of 50 MB: the part has the first bytes before the last are sent', async () => {
  const chunk = Buffer.alloc(1_000_000, 7);
  const firstArrived = Promise.withResolvers<void>();
  let received = 0;
  const { url } = await door({
    api: (incoming, response) => {
      incoming.on('data', (data: Buffer) => {
        received += data.length;
        firstArrived.resolve();
      });
      incoming.on('end', () => response.end(String(received)));
    },
  });
  const body = Readable.from(
    (async function* () {
      for (let sent = 0; sent < 50; sent += 1) {
        // Would wait for ever at a door that wants the whole body first.
        if (sent === 1) await firstArrived.promise;
        yield chunk;
      }
    })(),
  );
  const answer = await fetch(`${url}/api/upload`, {
    method: 'POST',
    body: Readable.toWeb(body),
    duplex: 'half',
  } as RequestInit);
  expect(await answer.text()).toBe('50000000');
});

test('holds the sender back when the part does not read', async () => {
  let paused: IncomingMessage | undefined;
  const { port } = await door({ api: (incoming) => (paused = incoming.pause()) });
  const upload = request({ port, host: '127.0.0.1', path: '/api', method: 'POST' });
  upload.on('error', () => undefined);
  let sent = 0;
  // What fits into buffers of sockets and streams is far below the 200 MB that are offered.
  while (sent < 200_000_000) {
    const taken = upload.write(Buffer.alloc(1_000_000));
    sent += 1_000_000;
    if (taken) continue;
    const drained = await Promise.race([
      once(upload, 'drain').then(() => true),
      new Promise((no) => setTimeout(no, 500)),
    ]);
    if (!drained) break;
  }
  expect(sent).toBeLessThan(50_000_000);
  expect(paused).toBeDefined();
  upload.destroy();
});

test('brings back the answer of a part that refuses a large body before reading it', async () => {
  const { url } = await door({
    api: (_incoming, response) => response.writeHead(413).end('too large'),
  });
  const answer = await fetch(`${url}/api`, { method: 'POST', body: Buffer.alloc(20_000_000) });
  expect(answer.status).toBe(413);
  expect(await answer.text()).toBe('too large');
});

test('passes a WebSocket through, both ways, and closes it with either side', async () => {
  const { parts, port } = await door();
  parts.telemetry.server.on('upgrade', (incoming, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n${incoming.headers['x-forwarded-for']} `,
    );
    socket.on('data', (data) => (String(data) === 'bye' ? socket.end() : socket.write(`heard ${data}`)));
  });
  const socket = connect(port, '127.0.0.1');
  let got = '';
  socket.setEncoding('utf8').on('data', (text) => {
    got += text;
  });
  socket.write(
    `GET /live/socket.io/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Forwarded-For: 8.8.8.8\r\n\r\n`,
  );
  await expect.poll(() => got).toContain('127.0.0.1 ');
  socket.write('hello');
  await expect.poll(() => got).toContain('heard hello');
  socket.write('bye');
  await once(socket, 'close');
  expect(got).toMatch(/^HTTP\/1.1 101/);
});

test('ends a WebSocket to a part that is away with 503', async () => {
  const { parts, port } = await door();
  parts.telemetry.up = false;
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /live/socket.io/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('503');
});

test('says in one sentence that the port is taken, or that the address is not of this machine', async () => {
  const { port } = await door();
  await expect(openFrontDoor('127.0.0.1', port, () => null)).rejects.toSatisfy(
    (error) => error instanceof Refusal && error.sentence.ko.startsWith(`다른 프로그램이 ${port} 포트를 쓰고 있습니다`),
  );
  await expect(openFrontDoor('203.0.113.1', 0, () => null)).rejects.toThrow('203.0.113.1');
});
