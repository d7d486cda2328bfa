import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Dataset, datasetRoutes } from '@mallo/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi, TRAINER_FOLDER } from '../testing/api.js';
import { classFolders, picture } from '../testing/images.js';
import { addRun } from '../testing/rows.js';
import { type Contents, makeZip } from '../testing/zip.js';
import { DatasetsService } from './datasets.service.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function upload(name: string, contents?: Contents): Promise<Dataset> {
  const zip = await makeZip(contents ?? (await classFolders({ cat: 4, dog: 6 })));
  const request = { params: { projectId: api.projectId }, query: { name } };
  return api.owner.upload(datasetRoutes.upload, request, new Blob([new Uint8Array(zip)]));
}

const service = () => api.app.get(DatasetsService, { strict: false });
const objects = () => join(api.home, 'objects');
const folderOf = (dataset: Dataset) => join(objects(), 'datasets', dataset.version.id);

describe('the images of a dataset', () => {
  it('come a page at a time, by class, or spread over the classes', async () => {
    const { id: datasetId } = await upload('pages');
    const ask = async (query: { className?: string; offset?: number; limit?: number; sample?: boolean }) => {
      const { total, images } = await api.owner.call(datasetRoutes.images, { params: { datasetId }, query });
      return { total, paths: images.map(({ path }) => path) };
    };
    expect(await ask({ limit: 3, offset: 3 })).toEqual({ total: 10, paths: ['cat/4.png', 'dog/1.png', 'dog/2.png'] });
    expect(await ask({ className: 'dog', limit: 2 })).toEqual({ total: 6, paths: ['dog/1.png', 'dog/2.png'] });
    expect((await ask({ sample: true, limit: 4 })).paths).toEqual(['cat/1.png', 'dog/1.png', 'cat/2.png', 'dog/2.png']);
    expect(await ask({ className: 'bird' })).toEqual({ total: 0, paths: [] });
  });

  it('have thumbnails: small, the right way up, sharp where pixels count, kept by the browser', async () => {
    const digit = await sharp(Buffer.from([0, 255, 255, 0]), { raw: { width: 2, height: 2, channels: 1 } })
      .png()
      .toBuffer();
    const dataset = await upload('thumbs', {
      'a/1.png': digit,
      'b/1.jpg': await sharp(await picture(1, { width: 400, height: 200 }))
        .jpeg()
        .withMetadata({ orientation: 6 })
        .toBuffer(),
    });
    const get = async (index: number) => {
      const answer = await api.owner.download(datasetRoutes.thumbnail, { params: { datasetId: dataset.id, index } });
      const image = sharp(await answer.arrayBuffer());
      return { answer, image, size: await image.metadata() };
    };
    const small = await get(0);
    expect(small.answer.headers.get('content-type')).toBe('image/webp');
    expect(small.answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect([small.size.width, small.size.height]).toEqual([160, 160]);
    const { data, info } = await small.image.raw().toBuffer({ resolveWithObject: true });
    // Black and white only: nothing was smoothed.
    expect(new Set(data)).toEqual(new Set([0, 255]));
    expect([data[0], data[79 * info.channels], data[80 * info.channels]]).toEqual([0, 0, 255]);
    const turned = await get(1);
    expect([turned.size.width, turned.size.height]).toEqual([80, 160]);
    await expect(get(2)).rejects.toMatchObject({ code: 'dataset.not_found' });
    await unlink(join(folderOf(dataset), 'images', 'a', '1.png'));
    expect((await get(0)).size.width).toBe(160);
  });

  it('are missed by name when a file is gone before its thumbnail was drawn', async () => {
    const dataset = await upload('gone');
    await unlink(join(folderOf(dataset), 'images', 'cat', '1.png'));
    const answer = api.owner.download(datasetRoutes.thumbnail, { params: { datasetId: dataset.id, index: 0 } });
    await expect(answer).rejects.toMatchObject({ code: 'dataset.file_missing', params: { path: 'cat/1.png' } });
  });
});

describe('verifying a version before it is trained on', () => {
  it('passes when every file is as it was uploaded', async () => {
    await service().verify((await upload('whole')).version.id);
  });

  it.each([
    ['a file is gone', (images: string) => unlink(join(images, 'dog', '2.png')), 'dog/2.png'],
    ['a file was altered', (images: string) => writeFile(join(images, 'dog', '3.png'), 'x'), 'dog/3.png'],
    ['a file was added', (images: string) => writeFile(join(images, 'cat', '99.png'), 'x'), 'cat/99.png'],
    [
      'the manifest was altered',
      (images: string) => writeFile(join(images, '../manifest.json'), '{"images":[]}'),
      'manifest.json',
    ],
    ['the folder is gone', (images: string) => rm(join(images, '..'), { recursive: true }), 'manifest.json'],
  ])('names what is wrong when %s', async (what, harm, path) => {
    const dataset = await upload(what);
    await harm(service().folderOf(dataset.version.id));
    await expect(service().verify(dataset.version.id)).rejects.toMatchObject({
      code: 'dataset.file_missing',
      params: { path },
    });
  });

  it('stops when it is told to', async () => {
    const dataset = await upload('stop');
    await expect(service().verify(dataset.version.id, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });
});

describe('deleting a dataset', () => {
  it('frees its bytes and its name', async () => {
    const dataset = await upload('short-lived');
    await api.owner.call(datasetRoutes.remove, { params: { datasetId: dataset.id } });
    expect(existsSync(folderOf(dataset))).toBe(false);
    const again = api.owner.call(datasetRoutes.get, { params: { datasetId: dataset.id } });
    await expect(again).rejects.toMatchObject({ code: 'dataset.not_found' });
    const list = await api.owner.call(datasetRoutes.list, { params: { projectId: api.projectId } });
    expect(list.map(({ id }) => id)).not.toContain(dataset.id);
    expect((await upload('short-lived')).id).not.toBe(dataset.id);
    // What names the dataset, such as a model trained on it, still can.
    expect(await service().sha256Of(dataset.version.id)).toBe(dataset.version.sha256);
  });

  it.each(['queued', 'running', 'cancelling'] as const)('is refused while a run of it is %s', async (status) => {
    const dataset = await upload(`busy ${status}`);
    const runId = await addRun(api, { status, datasetVersionId: dataset.version.id });
    const remove = () => api.owner.call(datasetRoutes.remove, { params: { datasetId: dataset.id } });
    await expect(remove()).rejects.toMatchObject({ code: 'dataset.in_use' });
    expect(existsSync(folderOf(dataset))).toBe(true);
    await api.database.run.update({ where: { id: runId }, data: { status: 'completed' } });
    await remove();
  });
});

describe('after a crash', () => {
  it('files without a row, rows deleted before their files, and half uploads are cleared; the rest stays', async () => {
    const kept = await upload('kept');
    const deleted = await upload('deleted');
    await api.database.dataset.update({ where: { id: deleted.id }, data: { deletedAt: new Date(), takenName: null } });
    const orphan = join(objects(), 'datasets', 'dsv_orphan');
    await mkdir(join(orphan, 'images'), { recursive: true });
    await writeFile(join(objects(), 'incoming', 'tmp_half'), 'half a zip');
    await mkdir(join(objects(), 'incoming', 'tmp_folder', 'images'), { recursive: true });
    await api.restart();
    expect(existsSync(folderOf(kept))).toBe(true);
    expect(existsSync(folderOf(deleted))).toBe(false);
    expect(existsSync(orphan)).toBe(false);
    expect(await readdir(join(objects(), 'incoming'))).toEqual([]);
  });
});

describe('an upload that breaks off', () => {
  it('leaves nothing', async () => {
    const { hostname, port } = new URL(api.url);
    const { accessToken } = api.owner;
    const before = await readdir(join(objects(), 'datasets'));
    const socket = connect(Number(port), hostname);
    const path = datasetRoutes.upload.path.replace(':projectId', api.projectId);
    socket.write(
      `POST ${path}?name=broken HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\n` +
        `Content-Type: application/zip\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(5000)}`,
    );
    await vi.waitFor(async () => expect(await readdir(join(objects(), 'incoming'))).toHaveLength(1), 20_000);
    socket.destroy();
    await vi.waitFor(async () => expect(await readdir(join(objects(), 'incoming'))).toEqual([]), 20_000);
    expect(await readdir(join(objects(), 'datasets'))).toEqual(before);
    expect(await api.database.dataset.count({ where: { name: 'broken' } })).toBe(0);
  });
});

describe('1,800 small images', () => {
  it('are taken in seconds', async () => {
    const contents: Contents = {};
    for (let number = 0; number < 1800; number += 1) {
      contents[`${number % 10}/${number}.png`] = await picture(number, { width: 8, height: 8 });
    }
    const zip = new Blob([new Uint8Array(await makeZip(contents))]);
    const request = { params: { projectId: api.projectId }, query: { name: 'digits-like' } };
    const [startedMs, before] = [performance.now(), process.cpuUsage()];
    const { version } = await api.owner.upload(datasetRoutes.upload, request, zip);
    const { user, system } = process.cpuUsage(before);
    const [seconds, cpuSeconds] = [(performance.now() - startedMs) / 1000, (user + system) / 1e6];
    console.log(`1,800 images in ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of a processor`);
    expect(version.imageCount).toBe(1800);
    // Time of the processor, which other work on the machine does not change as it does time by the clock.
    expect(cpuSeconds).toBeLessThan(10);
  }, 120_000);
});

describe('a sample dataset', () => {
  const create = (kind: 'digits' | 'shapes') =>
    api.owner.call(datasetRoutes.createSample, { params: { projectId: api.projectId }, body: { kind } });

  it.skipIf(!existsSync(join(TRAINER_FOLDER, '.venv', 'bin', 'python')))(
    'is made once, however often it is asked for (needs the Python environment)',
    async () => {
      const [first, second] = await Promise.all([create('digits'), create('digits')]);
      expect(second.id).toBe(first.id);
      expect((await create('digits')).id).toBe(first.id);
      expect(first.name).toBe('digits');
      expect(first.version.classes.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
      expect(first.version.imageCount).toBe(1797);
    },
    120_000,
  );
});
