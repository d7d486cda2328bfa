import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { mlflowArtifactRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '../../objects/object-store.js';
import { startTestApi, type TestApi } from '../../testing/api.js';
import { programOf } from '../../testing/program.js';
import { addRun } from '../../testing/rows.js';
import { registerFiles } from '../../testing/uploads.js';

let api: TestApi;
let mine: string;
beforeAll(async () => {
  api = await startTestApi({ MALLO_UPLOAD_LIMIT_BYTES: 5_000_000 });
  mine = (await programOf(api)).token;
});
afterAll(() => api.close());

const ROOT = '0/run_abc/artifacts';
const place = (path: string) => `${api.url}${routes.list.path}/${path}`;
const headers = (more: Record<string, string> = {}) => ({ authorization: `Bearer ${mine}`, ...more });

function put(path: string, bytes: string | Buffer, type = 'text/plain', token = mine) {
  return fetch(place(path), {
    method: 'PUT',
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
    headers: { 'content-type': type, authorization: `Bearer ${token}` },
  });
}
const get = (path: string, more?: Record<string, string>) => fetch(place(path), { headers: headers(more) });
const remove = (path: string) => fetch(place(path), { method: 'DELETE', headers: headers() });
async function list(path: string, token = mine): Promise<unknown> {
  const url = `${api.url}${routes.list.path}?path=${encodeURIComponent(path)}`;
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json();
}

describe('a file of a run', () => {
  it.each([
    ['metrics.json', '{"a":1}', 'application/json', 'text/plain'],
    ['notes.txt', 'plain', 'text/plain', 'text/plain'],
    ['MLmodel', 'flavors: {}', 'application/octet-stream', 'text/plain'],
    ['form', 'a=1&b=2', 'application/x-www-form-urlencoded', 'application/octet-stream'],
    ['plot.png', 'png', 'image/png', 'image/png'],
    ['empty', '', 'application/octet-stream', 'application/octet-stream'],
  ])('comes back as it was sent: %s', async (name, content, sentAs, servedAs) => {
    const sent = await put(`${ROOT}/kinds/${name}`, content, sentAs);
    expect([sent.status, await sent.text()]).toEqual([200, '']);
    const back = await get(`${ROOT}/kinds/${name}`);
    expect([back.status, await back.text()]).toEqual([200, content]);
    expect(Object.fromEntries(back.headers)).toMatchObject({
      'content-type': servedAs,
      'content-disposition': `attachment; filename=${name}`,
      'x-content-type-options': 'nosniff',
      'content-length': String(content.length),
    });
  });

  it('is listed with its size, and its folder as a folder', async () => {
    await put(`${ROOT}/listed/model/data/model.pth`, 'weights');
    await put(`${ROOT}/listed/model/MLmodel`, 'x');
    await put(`${ROOT}/listed/a b 한글 📈.txt`, 'four');
    expect(await list(`${ROOT}/listed`)).toEqual({
      files: [
        { path: 'a b 한글 📈.txt', is_dir: false, file_size: 4 },
        { path: 'model', is_dir: true },
      ],
    });
    expect(await list(`${ROOT}/listed/model`)).toEqual({
      files: [
        { path: 'MLmodel', is_dir: false, file_size: 1 },
        { path: 'data', is_dir: true },
      ],
    });
    // MLflow lists nothing of a file, nor of what is not there.
    expect(await list(`${ROOT}/listed/model/MLmodel`)).toEqual({});
    expect(await list(`${ROOT}/nothing`)).toEqual({});
    expect(await (await get(`${ROOT}/listed/${encodeURIComponent('a b 한글 📈.txt')}`)).text()).toBe('four');
  });

  it('can be asked for in part, so that a download goes on where it broke off', async () => {
    await put(`${ROOT}/digits`, '0123456789');
    const part = await get(`${ROOT}/digits`, { range: 'bytes=3-5' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 3-5/10', '345']);
    const etag = part.headers.get('etag') ?? '';
    expect(await (await get(`${ROOT}/digits`, { range: 'bytes=8-', 'if-range': etag })).text()).toBe('89');
    await put(`${ROOT}/digits`, 'changed since');
    const whole = await get(`${ROOT}/digits`, { range: 'bytes=8-', 'if-range': etag });
    expect([whole.status, await whole.text()]).toEqual([200, 'changed since']);
    expect((await get(`${ROOT}/digits`, { range: 'bytes=99-' })).status).toBe(416);
  });

  it('is refused above the limit, and nothing of it is kept', async () => {
    const answer = await put(`${ROOT}/large`, Buffer.alloc(5_000_001));
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining('5 MB') },
    ]);
    expect((await get(`${ROOT}/large`)).status).toBe(404);
    expect(await readdir(join(api.home, 'objects', 'incoming'))).toEqual([]);
  });

  it('has no folder of its name, nor a folder a file of its', async () => {
    await put(`${ROOT}/names/one`, 'file');
    await put(`${ROOT}/names/two/inner`, 'file');
    for (const path of [`${ROOT}/names/one/inner`, `${ROOT}/names/two`]) {
      const answer = await put(path, 'other');
      expect([answer.status, await answer.json()]).toMatchObject([400, { error_code: 'INVALID_PARAMETER_VALUE' }]);
    }
    expect(await (await get(`${ROOT}/names/one`)).text()).toBe('file');
    const folder = await get(`${ROOT}/names/two`);
    expect([folder.status, (await folder.json()) as unknown]).toEqual([
      400,
      {
        error_code: 'INVALID_PARAMETER_VALUE',
        message: `Artifact path refers to a directory, not a file: '${ROOT}/names/two'`,
      },
    ]);
  });

  it.each(['../x', '%2e%2e/x', 'a%5cb', 'a%00b', 'a%23b', '/etc/passwd'])('is put nowhere by %s', async (path) => {
    for (const answer of [await put(`${ROOT}/a/..%2f${path}`, 'x'), await get(`${ROOT}/..%2f${path}`)]) {
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({ error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid path' });
    }
    expect((await put('stray.txt', 'x')).status).toBe(400);
    expect((await put('registry/mdl_1/1.0.0/artifacts/x', 'x')).status).toBe(400);
  });
});

describe('deleting', () => {
  it('takes a file or a folder, again changes nothing, and frees what nobody else has', async () => {
    const store = api.app.get(ObjectStore, { strict: false });
    const shared = createHash('sha256').update('shared').digest('hex');
    await put(`${ROOT}/gone/a/b`, 'shared');
    await put(`${ROOT}/gone/c`, 'shared');
    await put(`${ROOT}/gone-not`, 'stays');
    for (const path of [`${ROOT}/gone/c`, `${ROOT}/gone/c`]) {
      const answer = await remove(path);
      expect([answer.status, await answer.json()]).toEqual([200, {}]);
    }
    expect((await get(`${ROOT}/gone/a/b`)).status).toBe(200);
    expect(await store.remove(shared)).toBe(false);
    await remove(`${ROOT}/gone`);
    expect(await list(`${ROOT}/gone`)).toEqual({});
    expect((await get(`${ROOT}/gone-not`)).status).toBe(200);
    expect(await store.remove(shared)).toBe(true);
  });

  it('of what was put anew frees the old bytes alone', async () => {
    await put(`${ROOT}/twice`, 'first');
    await put(`${ROOT}/twice`, 'second');
    await put(`${ROOT}/twice`, 'second');
    const rows = await api.database.loggedArtifact.findMany({ where: { path: 'twice' } });
    expect(rows.map(({ sha256 }) => sha256)).toEqual([createHash('sha256').update('second').digest('hex')]);
    expect(await (await get(`${ROOT}/twice`)).text()).toBe('second');
  });
});

describe('what programs log', () => {
  it('is of their project, and nobody else sees or changes it', async () => {
    await api.database.user.create({ data: { id: 'usr_other', name: 'O', locale: 'en' } });
    await api.database.project.create({ data: { id: 'prj_other', ownerId: 'usr_other', name: 'Other' } });
    const { token } = await programOf(api, { userId: 'usr_other', projectId: 'prj_other' });
    await put(`${ROOT}/mine`, 'mine');
    expect(await list(ROOT, token)).toEqual({});
    expect((await put(`${ROOT}/mine`, 'theirs', 'text/plain', token)).status).toBe(200);
    expect(await (await get(`${ROOT}/mine`)).text()).toBe('mine');
  });

  it('stays through a restart, which removes what has no row', async () => {
    await put(`${ROOT}/kept`, 'kept through a restart');
    await api.restart();
    expect(await (await get(`${ROOT}/kept`)).text()).toBe('kept through a restart');
  });
});

describe('what Mallo itself made', () => {
  it('is there to be read: the files of a training', async () => {
    const runId = await addRun(api);
    const store = api.app.get(ObjectStore, { strict: false });
    const blob = await store.put(Readable.from([Buffer.from('onnx')]));
    await api.database.runArtifact.create({ data: { runId, name: 'model.onnx', ...blob } });
    await put(`7/${runId}/artifacts/notes.txt`, 'beside it');
    expect(await list(`7/${runId}/artifacts`)).toEqual({
      files: [
        { path: 'model.onnx', is_dir: false, file_size: 4 },
        { path: 'notes.txt', is_dir: false, file_size: 9 },
      ],
    });
    expect(await (await get(`7/${runId}/artifacts/model.onnx`)).text()).toBe('onnx');
  });

  it('is there to be read: the files of a registered version', async () => {
    const { modelId, version } = await registerFiles(api, {});
    const root = `registry/${modelId}/${version}/artifacts`;
    expect(await list(root)).toMatchObject({ files: [{ path: 'model.safetensors', is_dir: false }] });
    expect((await get(`${root}/model.safetensors`)).status).toBe(200);
    expect((await get(`registry/${modelId}/9.0.0/artifacts/model.safetensors`)).status).toBe(404);
    expect((await remove(`${root}/model.safetensors`)).status).toBe(400);
  });
});
