import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { addRun } from '../testing/rows.js';
import { ObjectStore } from './object-store.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const store = () => api.app.get(ObjectStore, { strict: false });
const digest = (content: string) => createHash('sha256').update(content).digest('hex');
const put = (content: string, sha256?: string) => store().put(Readable.from([Buffer.from(content)]), { sha256 });
const incoming = () => readdir(join(api.home, 'objects', 'incoming'));
const HOURS_AGO = new Date(Date.now() - 7_200_000);

/** Makes a blob look as if it had been put long ago. */
async function age(sha256: string): Promise<string> {
  const path = (await store().path(sha256)) ?? '';
  await utimes(path, HOURS_AGO, HOURS_AGO);
  return path;
}

describe('putting', () => {
  it('keeps bytes by their digest, once', async () => {
    const first = await put('hello', digest('hello'));
    expect(first).toEqual({ sha256: digest('hello'), sizeBytes: 5 });
    expect(await put('hello')).toEqual(first);
    const opened = await store().open(first.sha256);
    expect(opened?.sizeBytes).toBe(5);
    expect((await buffer(opened?.stream ?? Readable.from([]))).toString()).toBe('hello');
  });

  it('refuses bytes of another digest, and keeps nothing of them', async () => {
    await expect(put('other', digest('expected'))).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await store().has(digest('other'))).toBe(false);
    expect(await incoming()).toEqual([]);
  });

  it('refuses more bytes than the limit, and keeps nothing of them', async () => {
    const stream = Readable.from([Buffer.alloc(600), Buffer.alloc(600)]);
    await expect(store().put(stream, { limitBytes: 1000 })).rejects.toMatchObject({
      code: 'request.too_large',
      params: { limit: '1 kB' },
    });
    expect(await incoming()).toEqual([]);
  });

  it('keeps nothing of a stream that fails', async () => {
    async function* failing() {
      yield Buffer.from('half');
      throw new Error('the line went dead');
    }
    await expect(store().put(Readable.from(failing()))).rejects.toThrow('the line went dead');
    expect(await incoming()).toEqual([]);
  });

  it('repairs a blob that was altered on the disk', async () => {
    const { sha256 } = await put('to be repaired');
    await writeFile((await store().path(sha256)) ?? '', 'damaged');
    expect(await store().path(sha256)).toBeNull();
    await put('to be repaired');
    expect(await store().path(sha256)).not.toBeNull();
  });
});

describe('reading', () => {
  it('gives nothing where there is no blob', async () => {
    expect(await store().open(digest('never put'))).toBeNull();
    expect(await store().has(digest('never put'))).toBe(false);
  });

  it('gives nothing of an altered blob, though its size and time are as before', async () => {
    const { sha256 } = await put('genuine');
    const path = (await store().path(sha256)) ?? '';
    const { atime, mtime } = await stat(path);
    await writeFile(path, 'altered');
    await utimes(path, atime, mtime);
    expect(await store().open(sha256)).toBeNull();
  });

  it('builds no path from what is not a digest', async () => {
    await expect(store().has('../../secrets.json')).rejects.toMatchObject({ code: 'request.invalid' });
  });
});

describe('removing', () => {
  it('frees a blob that nothing refers to', async () => {
    const { sha256 } = await put('unwanted');
    await age(sha256);
    await store().remove(sha256);
    expect(await store().has(sha256)).toBe(false);
  });

  it('keeps a blob that an artifact refers to', async () => {
    const blob = await put('wanted');
    await api.database.runArtifact.create({ data: { runId: await addRun(api), name: 'best.pth', ...blob } });
    await age(blob.sha256);
    await store().remove(blob.sha256);
    expect(await store().has(blob.sha256)).toBe(true);
  });

  it('waits with a blob that was just put, as its row may be about to be written', async () => {
    const { sha256 } = await put('fresh');
    await store().remove(sha256);
    expect(await store().has(sha256)).toBe(true);
  });
});

describe('starting after a crash', () => {
  it('removes blobs that never got a row and half-received files, and nothing else', async () => {
    const wanted = await put('with a row');
    await api.database.runArtifact.create({ data: { runId: await addRun(api), name: 'model.onnx', ...wanted } });
    const orphan = await put('without a row');
    await age(wanted.sha256);
    await age(orphan.sha256);
    const half = join(api.home, 'objects', 'incoming', 'tmp_half');
    await mkdir(dirname(half), { recursive: true });
    await writeFile(half, 'half');
    await writeFile(join(api.home, 'objects', 'blobs', '.DS_Store'), 'of a file manager');
    await api.restart();
    expect(await store().has(wanted.sha256)).toBe(true);
    expect(await store().has(orphan.sha256)).toBe(false);
    expect(existsSync(half)).toBe(false);
  });
});
