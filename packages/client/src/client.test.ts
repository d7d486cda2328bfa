import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  conversationRoutes,
  datasetRoutes,
  identityRoutes,
  MalloError,
  projectRoutes,
  registryRoutes,
  runRoutes,
} from '@mallo/contracts';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, createClient, UnreachableError } from './index.js';

type Handler = (request: IncomingMessage, answer: ServerResponse, body: Buffer) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    handler(request, answer, Buffer.concat(chunks));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(answer: ServerResponse, status: number, body: unknown): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(answer: ServerResponse, error: MalloError): void {
  json(answer, error.status, { error: { ...error.toProblem(), traceId: 'abc123' } });
}

const MESSAGE = { params: { conversationId: 'cnv_1' }, body: { text: 'hi', clientId: 'client-1' } };
const ME = { id: 'usr_1', email: null, name: 'Kim', locale: 'ko' };

/** An api whose access tokens are `access-1`, `access-2` …; each refresh token is taken once. */
async function serveSessions(): Promise<{ baseUrl: string; renewals: () => number; expire: () => void }> {
  let current = 1;
  let valid = true;
  const baseUrl = await serve((request, answer, body) => {
    if (request.url === identityRoutes.refresh.path) {
      const { refreshToken } = JSON.parse(String(body)) as { refreshToken: string };
      if (refreshToken !== `refresh-${current}`) return refuse(answer, new MalloError('auth.session_reused'));
      current += 1;
      valid = true;
      return json(answer, 200, {
        user: ME,
        accessToken: `access-${current}`,
        refreshToken: `refresh-${current}`,
        accessExpiresAt: new Date().toISOString(),
      });
    }
    if (!valid || request.headers.authorization !== `Bearer access-${current}`) {
      return refuse(answer, new MalloError('auth.required'));
    }
    json(answer, 200, ME);
  });
  return {
    baseUrl,
    renewals: () => current - 1,
    expire: () => {
      valid = false;
    },
  };
}

test('fills path and query, escaped, and leaves out what is not given', async () => {
  const client = createClient({ baseUrl: 'http://host/' });
  expect(
    client.url(datasetRoutes.images, { params: { datasetId: 'a/b' }, query: { className: '고양이', offset: 5 } }),
  ).toBe('http://host/api/v1/datasets/a%2Fb/images?className=%EA%B3%A0%EC%96%91%EC%9D%B4&offset=5');
});

test('asks for the rest of a file, if it still is the same', async () => {
  const baseUrl = await serve(({ headers }, answer) => json(answer, 206, [headers.range, headers['if-range']]));
  const request = { params: { modelId: 'mdl_1', version: '1.0.0', name: 'a/b' } };
  const client = createClient({ baseUrl, accessToken: 'x' });
  const answer = await client.download(registryRoutes.artifact, request, { from: { byte: 7, etag: '"abc"' } });
  expect(await answer.json()).toEqual(['bytes=7-', '"abc"']);
  expect(await (await client.download(registryRoutes.artifact, request)).json()).toEqual([null, null]);
});

test('throws what the server answered, in both languages, with its trace id', async () => {
  const baseUrl = await serve((_, answer) => refuse(answer, new MalloError('project.name_taken', { name: 'digits' })));
  const error = await createClient({ baseUrl, accessToken: 'x' })
    .call(projectRoutes.create, { body: { name: 'digits' } })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: 'project.name_taken',
    status: 409,
    traceId: 'abc123',
    messages: { ko: '“digits” 프로젝트가 이미 있습니다. 다른 이름을 골라 주세요.' },
  });
});

test('says what a server of a later version says, whose code it does not know', async () => {
  const message = { en: 'Later.', ko: '나중.' };
  const error = { code: 'later.code', message, params: { at: 4 }, traceId: 'abc123', more: true };
  const baseUrl = await serve((_, answer) => json(answer, 409, { error }));
  await expect(createClient({ baseUrl }).call(identityRoutes.status)).rejects.toMatchObject({
    code: 'server.unexpected',
    status: 409,
    messages: message,
    traceId: 'abc123',
  });
});

test('says that a part is unavailable when a proxy answers in its own words', async () => {
  const baseUrl = await serve((_, answer) => answer.writeHead(502).end('<html>bad gateway</html>'));
  await expect(createClient({ baseUrl }).call(identityRoutes.status)).rejects.toMatchObject({
    code: 'server.unavailable',
    status: 502,
  });
});

test('tells an unreachable server from one that refuses, and from an abort of the caller', async () => {
  const baseUrl = await serve(() => {});
  const signal = AbortSignal.timeout(50);
  await expect(createClient({ baseUrl }).call(identityRoutes.status, {}, { signal })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  await expect(createClient({ baseUrl }).call(identityRoutes.status)).rejects.toBeInstanceOf(UnreachableError);
});

test('an answer that breaks off is a server that is away', async () => {
  const baseUrl = await serve((_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' }).write('{"ownerExists":');
    answer.destroy();
  });
  await expect(createClient({ baseUrl }).call(identityRoutes.status)).rejects.toBeInstanceOf(UnreachableError);
});

test('renews an expired session once for twenty requests at the same time', async () => {
  const api = await serveSessions();
  const kept: string[] = [];
  const client = createClient({
    baseUrl: api.baseUrl,
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
    onRenewed: (session) => kept.push(String(session.refreshToken)),
  });
  api.expire();
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.call(identityRoutes.me)));
  expect(answers).toEqual(Array.from({ length: 20 }, () => ME));
  expect(api.renewals()).toBe(1);
  expect(kept).toEqual(['refresh-2']);
});

test('throws why the session ended when it cannot be renewed', async () => {
  const api = await serveSessions();
  api.expire();
  const client = createClient({ baseUrl: api.baseUrl, accessToken: 'access-1', refreshToken: 'stolen' });
  await expect(client.call(identityRoutes.me)).rejects.toMatchObject({ code: 'auth.session_reused' });
});

test('does not renew for a wrong password, nor for a token of a program', async () => {
  let refreshes = 0;
  const baseUrl = await serve((request, answer) => {
    if (request.url === identityRoutes.refresh.path) refreshes += 1;
    refuse(answer, new MalloError('auth.wrong_credentials'));
  });
  const body = { email: 'a@b.kr', password: 'wrong' };
  await expect(createClient({ baseUrl }).call(identityRoutes.login, { body })).rejects.toBeInstanceOf(ApiError);
  await expect(createClient({ baseUrl, accessToken: 'pat' }).call(identityRoutes.me)).rejects.toBeInstanceOf(ApiError);
  expect(refreshes).toBe(0);
});

test('uploads a file as it is read, tells the progress, and repeats it whole after renewing the session', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-client-'));
  const file = join(folder, 'best.pth');
  const bytes = Buffer.alloc(3_000_000, 7);
  await writeFile(file, bytes);
  let received: Buffer = Buffer.alloc(0);
  const baseUrl = await serve((request, answer, body) => {
    if (request.url === identityRoutes.refresh.path) {
      const session = { user: ME, accessToken: 'new', refreshToken: 'r2', accessExpiresAt: new Date().toISOString() };
      return json(answer, 200, session);
    }
    if (request.headers.authorization !== 'Bearer new') return refuse(answer, new MalloError('auth.required'));
    received = body;
    json(answer, 200, { sizeBytes: body.length });
  });
  const client = createClient({ baseUrl, accessToken: 'old', refreshToken: 'r1' });
  const progress: number[] = [];
  const answer = await client.upload(
    runRoutes.putArtifact,
    { params: { runId: 'run_1', name: 'best.pth' }, query: { sha256: '0'.repeat(64) } },
    await openAsBlob(file),
    { onProgress: (sent) => progress.push(sent) },
  );
  await rm(folder, { recursive: true });
  expect(answer).toEqual({ sizeBytes: bytes.length });
  expect(received.equals(bytes)).toBe(true);
  expect(progress.at(-1)).toBe(bytes.length);
  expect(progress.length).toBeGreaterThan(10);
});

test('tells a file that changed while it was sent from a server that is away', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-client-'));
  const file = join(folder, 'last.pth');
  await writeFile(file, Buffer.alloc(1000));
  const baseUrl = await serve((_, answer) => json(answer, 200, { sizeBytes: 0 }));
  const bytes = await openAsBlob(file);
  await writeFile(file, Buffer.alloc(2000));
  const upload = createClient({ baseUrl, accessToken: 'x' }).upload(
    runRoutes.putArtifact,
    { params: { runId: 'run_1', name: 'last.pth' }, query: { sha256: '0'.repeat(64) } },
    bytes,
  );
  await expect(upload).rejects.toMatchObject({ name: 'NotReadableError' });
  await rm(folder, { recursive: true });
});

test('holds no more of a file in memory than is on its way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-client-'));
  const file = join(folder, 'large.pth');
  const sizeBytes = 500_000_000;
  await writeFile(file, '');
  await truncate(file, sizeBytes);
  const server = createServer(async (request, answer) => {
    let received = 0;
    for await (const chunk of request) received += (chunk as Buffer).length;
    json(answer, 200, { sizeBytes: received });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const upload = createClient({ baseUrl, accessToken: 'x' }).upload(
    runRoutes.putArtifact,
    { params: { runId: 'run_1', name: 'large.pth' }, query: { sha256: '0'.repeat(64) } },
    await openAsBlob(file),
    {
      onProgress: () => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      },
    },
  );
  expect(await upload).toEqual({ sizeBytes });
  await rm(folder, { recursive: true });
  expect(most).toBeLessThan(200_000_000);
});

test('ends an upload when its caller gives up', async () => {
  const baseUrl = await serve((_, answer) => json(answer, 200, { sizeBytes: 0 }));
  const abort = new AbortController();
  const upload = createClient({ baseUrl, accessToken: 'x' }).upload(
    runRoutes.putArtifact,
    { params: { runId: 'run_1', name: 'a' }, query: { sha256: '0'.repeat(64) } },
    new Blob([new Uint8Array(30_000_000)]),
    { signal: abort.signal, onProgress: () => abort.abort() },
  );
  await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
});

test('hands on each line of a stream as it comes, also where one is cut between two packets', async () => {
  const bytes = Buffer.from('{"text":"가"}\n{"text":"나"}\n');
  let end = () => {};
  const baseUrl = await serve((_, answer) => {
    // The second half begins in the middle of a character.
    const half = bytes.indexOf('나') + 1;
    answer.writeHead(200).write(bytes.subarray(0, half));
    end = () => answer.end(bytes.subarray(half));
  });
  const seen: unknown[] = [];
  const stream = createClient({ baseUrl }).lines(conversationRoutes.stream, MESSAGE, (line) => seen.push(line));
  await vi.waitFor(() => expect(seen).toEqual([{ text: '가' }]), 20_000);
  end();
  await stream;
  expect(seen).toEqual([{ text: '가' }, { text: '나' }]);
});

test('says that Mallo cannot be reached when a stream breaks off', async () => {
  const baseUrl = await serve((_, answer) => {
    answer.writeHead(200).write('{"text":"a"}\n{"te');
    setImmediate(() => answer.destroy());
  });
  const stream = createClient({ baseUrl }).lines(conversationRoutes.stream, MESSAGE, () => {});
  await expect(stream).rejects.toThrow(UnreachableError);
});
