import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { mlflowArtifactRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../testing/api.js';
import { programOf } from '../../testing/program.js';

let api: TestApi;
let mine: string;
beforeAll(async () => {
  api = await startTestApi();
  mine = (await programOf(api)).token;
});
afterAll(() => api.close());

const ROOT = '0/run_abc/artifacts/large';
type Begun = {
  upload_id: string;
  credentials: { url: string; part_number: number; headers: Record<string, string> }[];
};
type Part = { part_number: number; etag: string | null };

async function post(what: 'create' | 'complete' | 'abort', body: object, token = mine) {
  return fetch(`${api.url}/api/2.0/mlflow-artifacts/mpu/${what}/${ROOT}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function begin(path: string, parts: number): Promise<Begun> {
  return (await (await post('create', { path: `/home/me/${path}`, num_parts: parts })).json()) as Begun;
}

/** Sends parts as the client does: to where it is told, without its token. */
async function send({ credentials }: Begun, contents: (string | Buffer)[]): Promise<Part[]> {
  return Promise.all(
    contents.map(async (content, at) => {
      const { url = '', headers } = credentials[at] ?? {};
      const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(Buffer.from(content)), headers });
      expect(answer.status).toBe(200);
      return { part_number: at + 1, etag: answer.headers.get('etag') };
    }),
  );
}

const read = (path: string) =>
  fetch(`${api.url}${routes.list.path}/${ROOT}/${path}`, {
    headers: { authorization: `Bearer ${mine}` },
  });
const kept = () => readdir(join(api.home, 'objects', 'parts'));

describe('a file in parts', () => {
  it('is what its parts are one after the other, whichever came first', async () => {
    const begun = await begin('model.bin', 3);
    const parts = await send(begun, ['one ', Buffer.alloc(3_000_000, 'x'), ' three']);
    const form = { path: '/home/me/model.bin', upload_id: begun.upload_id, parts: parts.toReversed() };
    const done = await post('complete', form);
    expect([done.status, await done.json()]).toEqual([200, {}]);
    const text = await (await read('model.bin')).text();
    expect([text.length, text.slice(0, 6), text.slice(-8)]).toEqual([3_000_010, 'one xx', 'xx three']);
    expect(await kept()).toEqual([]);
    // The answer may be lost, so the same again is right.
    expect((await post('complete', form)).status).toBe(200);
  });

  it('takes a part that is sent again, and survives a restart', async () => {
    const begun = await begin('again.bin', 2);
    await send(begun, ['wrong', 'b']);
    await api.restart();
    const again = { ...begun, credentials: begun.credentials.map((one) => ({ ...one, url: here(one.url) })) };
    const [first] = await send(again, ['a']);
    const parts = [first, { part_number: 2, etag: null }];
    expect((await post('complete', { path: 'again.bin', upload_id: begun.upload_id, parts })).status).toBe(200);
    expect(await (await read('again.bin')).text()).toBe('ab');
  });

  it('is not made while a part is missing or is another', async () => {
    const begun = await begin('missing.bin', 2);
    const [first] = await send(begun, ['a']);
    for (const second of [
      { part_number: 2, etag: null },
      { part_number: 1, etag: '"other"' },
    ]) {
      const answer = await post('complete', {
        path: 'missing.bin',
        upload_id: begun.upload_id,
        parts: [first, second],
      });
      expect([answer.status, await answer.json()]).toMatchObject([400, { error_code: 'INVALID_PARAMETER_VALUE' }]);
    }
    expect((await read('missing.bin')).status).toBe(404);
  });

  it('is given up, and again, and takes no parts any more', async () => {
    const begun = await begin('given-up.bin', 1);
    await send(begun, ['a']);
    const form = { path: 'given-up.bin', upload_id: begun.upload_id };
    expect((await post('abort', form)).status).toBe(200);
    expect((await post('abort', form)).status).toBe(200);
    expect((await fetch(begun.credentials[0]?.url ?? '', { method: 'PUT', body: 'x' })).status).toBe(404);
    const parts = [{ part_number: 1, etag: null }];
    expect((await post('complete', { ...form, parts })).status).toBe(404);
  });

  it('is let in by its id alone, which nobody can make and no other project may use', async () => {
    const begun = await begin('own.bin', 1);
    const forged = `${begun.upload_id.slice(0, -4)}aaaa`;
    const url = (begun.credentials[0]?.url ?? '').replace(begun.upload_id, forged);
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(404);
    expect((await fetch(url.replace(forged, mine), { method: 'PUT', body: 'x' })).status).toBe(404);
    const asToken = await fetch(`${api.url}${routes.list.path}?path=0`, {
      headers: { authorization: `Bearer ${begun.upload_id}` },
    });
    expect(asToken.status).toBe(401);
    await api.database.user.create({ data: { id: 'usr_other', name: 'O', locale: 'en' } });
    await api.database.project.create({ data: { id: 'prj_other', ownerId: 'usr_other', name: 'Other' } });
    const { token } = await programOf(api, { userId: 'usr_other', projectId: 'prj_other' });
    const parts = await send(begun, ['a']);
    const form = { path: 'own.bin', upload_id: begun.upload_id, parts };
    expect((await post('complete', form, token)).status).toBe(404);
    expect((await post('complete', { ...form, path: 'other.bin' })).status).toBe(404);
    expect((await post('complete', form)).status).toBe(200);
  });

  it('is forgotten a day after it began', async () => {
    await begin('forgotten.bin', 1);
    const [id = ''] = (await kept()).slice(-1);
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(join(api.home, 'objects', 'parts', id), yesterday, yesterday);
    await api.restart();
    expect(await kept()).not.toContain(id);
  });
});

/** The same address of the api that runs now. */
function here(url: string): string {
  const { pathname, search } = new URL(url);
  return `${api.url}${pathname}${search}`;
}
