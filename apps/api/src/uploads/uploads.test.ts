import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@mallo/client';
import { type ErrorBody, uploadRoutes } from '@mallo/contracts';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSha256 } from '../objects/object-store.js';
import { startTestApi, type TestApi } from '../testing/api.js';
import { UploadsService } from './uploads.service.js';

const PIECE_BYTES = 1_000_000;
const LIMIT_BYTES = 300_000_000;

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await startTestApi({ MALLO_UPLOAD_LIMIT_BYTES: LIMIT_BYTES });
  folder = await mkdtemp(join(tmpdir(), 'mallo-upload-'));
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const kept = () => readdir(join(api.home, 'objects', 'uploads'));
const ownerId = async () => (await api.database.user.findFirstOrThrow()).id;
const finished = async (id: string) =>
  api.app.get(UploadsService, { strict: false }).finished(await ownerId(), id, 'model.onnx');

/** A request of the protocol, as a program writes it that has no library for it. */
async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
  token = api.owner.accessToken,
): Promise<Response> {
  const all = { 'tus-resumable': '1.0.0', authorization: `Bearer ${token}`, ...headers };
  return fetch(api.url + path, { method, headers: all, body: body && new Uint8Array(body) });
}

async function begin(sizeBytes: number): Promise<string> {
  const answer = await ask('POST', uploadRoutes.create.path, { 'upload-length': String(sizeBytes) });
  expect(answer.status).toBe(201);
  return answer.headers.get('location') ?? '';
}

function append(path: string, bytes: Buffer, offset = 0): Promise<Response> {
  const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
  return ask('PATCH', path, headers, bytes);
}

const idOf = (path: string) => path.split('/').at(-1) ?? '';
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as ErrorBody).error.code];

/** A file of random bytes, written piece by piece. */
async function bigFile(pieces: number): Promise<{ path: string; sha256: string; sizeBytes: number }> {
  const path = join(folder, 'big.bin');
  const file = await open(path, 'w');
  const hash = createHash('sha256');
  for (let piece = 0; piece < pieces; piece += 1) {
    const bytes = randomBytes(PIECE_BYTES);
    hash.update(bytes);
    await file.write(bytes);
  }
  await file.close();
  return { path, sha256: hash.digest('hex'), sizeBytes: pieces * PIECE_BYTES };
}

/** Sends a file with a tus client of others; `stopAt` breaks it off after so many bytes. */
async function send(
  source: { path: string; sizeBytes: number },
  { url, stopAt = Number.POSITIVE_INFINITY }: { url?: string; stopAt?: number },
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const upload = new Upload(createReadStream(source.path), {
    endpoint: api.url + uploadRoutes.create.path,
    uploadUrl: url ?? null,
    uploadSize: source.sizeBytes,
    headers: { authorization: `Bearer ${api.owner.accessToken}` },
    retryDelays: [],
    onProgress: (sent) => {
      if (sent < stopAt) return;
      void upload.abort().then(() => resolve(upload.url ?? ''));
    },
    onSuccess: () => resolve(upload.url ?? ''),
    onError: reject,
  });
  upload.start();
  return promise;
}

describe('an upload', () => {
  it('of 200 MB that is cut in the middle goes on after a restart, with the right bytes and in constant memory', async () => {
    const source = await bigFile(200);
    global.gc?.();
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    const url = new URL(await send(source, { stopAt: 100 * PIECE_BYTES }));
    const id = idOf(url.pathname);
    await expect(finished(id)).rejects.toMatchObject({ code: 'upload.unfinished' });
    await api.restart();

    const offset = Number((await ask('HEAD', url.pathname)).headers.get('upload-offset'));
    expect(offset).toBeGreaterThan(50 * PIECE_BYTES);
    expect(offset).toBeLessThan(source.sizeBytes);
    expect(await send(source, { url: api.url + url.pathname })).toBe(api.url + url.pathname);
    clearInterval(watch);
    const { path, sizeBytes } = await finished(id);
    expect(sizeBytes).toBe(source.sizeBytes);
    expect(await fileSha256(path)).toBe(source.sha256);
    // The client runs in this process too.
    console.info(`resident memory: ${before / 1e6} MB before, at most ${most / 1e6} MB`);
    expect(most - before).toBeLessThan(100_000_000);
  }, 120_000);

  it('is refused past the limit and past its own length', async () => {
    const large = await ask('POST', uploadRoutes.create.path, { 'upload-length': String(LIMIT_BYTES + 1) });
    expect(await codeOf(large)).toEqual([413, 'request.too_large']);
    const path = await begin(5);
    expect(await codeOf(await append(path, Buffer.from('123456')))).toEqual([413, 'request.too_large']);
    expect((await append(path, Buffer.from('12345'))).status).toBe(204);
    expect((await append(path, Buffer.from('6'), 5)).status).toBe(413);
    expect((await finished(idOf(path))).sizeBytes).toBe(5);
  });

  it('says so when the bytes do not begin where those before ended', async () => {
    const path = await begin(10);
    expect((await append(path, Buffer.from('123'))).status).toBe(204);
    expect(await codeOf(await append(path, Buffer.from('123')))).toEqual([409, 'upload.offset_differs']);
    expect((await append(path, Buffer.from('4567890'), 3)).status).toBe(204);
  });

  it('may bring its first bytes along, and say its length later', async () => {
    const headers = { 'upload-defer-length': '1', 'content-type': 'application/offset+octet-stream' };
    const answer = await ask('POST', uploadRoutes.create.path, headers, Buffer.from('123'));
    expect(answer.status).toBe(201);
    const path = answer.headers.get('location') ?? '';
    await expect(finished(idOf(path))).rejects.toMatchObject({ code: 'upload.unfinished' });
    const last = { 'upload-offset': '3', 'upload-length': '5', 'content-type': 'application/offset+octet-stream' };
    expect((await ask('PATCH', path, last, Buffer.from('45'))).status).toBe(204);
    expect((await finished(idOf(path))).sizeBytes).toBe(5);
  });

  it('is its sender’s alone', async () => {
    const stranger = await api.database.user.create({ data: { id: 'usr_other', name: 'S', locale: 'en' } });
    const token = await api.tokenOf(stranger.id);
    const path = await begin(3);
    const patch = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    expect((await ask('HEAD', path, {}, undefined, token)).status).toBe(404);
    expect(await codeOf(await ask('PATCH', path, patch, Buffer.from('123'), token))).toEqual([404, 'upload.not_found']);
    expect((await ask('DELETE', path, {}, undefined, token)).status).toBe(404);
    const client = createClient({ baseUrl: api.url, accessToken: token });
    await expect(client.call(uploadRoutes.remove, { params: { uploadId: idOf(path) } })).rejects.toMatchObject({
      code: 'upload.not_found',
    });
    expect((await append(path, Buffer.from('123'))).status).toBe(204);
  });

  it('keeps its owner whatever its sender says', async () => {
    const metadata = `mallo-owner ${Buffer.from('usr_other').toString('base64')}`;
    const answer = await ask('POST', uploadRoutes.create.path, { 'upload-length': '1', 'upload-metadata': metadata });
    expect((await ask('HEAD', answer.headers.get('location') ?? '')).status).toBe(200);
  });

  it('can be given up, which frees its bytes', async () => {
    const path = await begin(3);
    await append(path, Buffer.from('12'));
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await kept()).filter((name) => name.startsWith(idOf(path)))).toEqual([]);
    expect((await ask('HEAD', path)).status).toBe(404);
  });

  it('is removed a day after it was begun', async () => {
    const [old, young] = [await begin(3), await begin(3)];
    await append(old, Buffer.from('123'));
    const uploads = join(api.home, 'objects', 'uploads');
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(join(uploads, `${idOf(old)}.json`), yesterday, yesterday);
    await api.restart();
    expect((await kept()).filter((name) => name.startsWith(idOf(old)))).toEqual([]);
    expect((await ask('HEAD', young)).status).toBe(200);
  });

  it('that was adopted for a piece of work is freed with that alone', async () => {
    const uploads = api.app.get(UploadsService, { strict: false });
    const ids: string[] = [];
    for (const purpose of ['one', 'other']) {
      const path = join(folder, purpose);
      await writeFile(path, purpose);
      const [adopted] = await uploads.adopt(await ownerId(), purpose, [{ path, name: 'model.onnx' }]);
      ids.push(adopted?.uploadId ?? '');
    }
    await api.restart();
    await api.app.get(UploadsService, { strict: false }).freeAdopted('one');
    const left = (id = '') => kept().then((names) => names.filter((name) => name.startsWith(id)).length);
    expect([await left(ids[0]), await left(ids[1])]).toEqual([0, 2]);
  });

  it('is never looked for by a path', async () => {
    for (const id of ['..', '../../secrets', 'upl_1/../../x', '%2e%2e%2fsecrets', 'a\\b']) {
      const answer = await ask('HEAD', `/api/v1/uploads/${encodeURIComponent(id)}`);
      expect([400, 404]).toContain(answer.status);
    }
    expect((await kept()).every((name) => /^upl_\w+(\.json)?$/.test(name))).toBe(true);
  });

  it('is begun by nobody without a token, nor from another site', async () => {
    const anonymous = await fetch(api.url + uploadRoutes.create.path, { method: 'POST' });
    expect(anonymous.status).toBe(401);
    const headers = { cookie: `mallo_access=${api.owner.accessToken}`, origin: 'https://elsewhere.example' };
    const other = await fetch(api.url + uploadRoutes.create.path, { method: 'POST', headers });
    expect(await codeOf(other)).toEqual([403, 'auth.bad_origin']);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});
