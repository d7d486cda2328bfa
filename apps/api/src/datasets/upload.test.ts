import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApiError, type Client } from '@mallo/client';
import { type Dataset, datasetRoutes, type ErrorCode } from '@mallo/contracts';
import iconv from 'iconv-lite';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { bitmap, classFolders, hugePng, picture } from '../testing/images.js';
import { type Contents, makeZip, renameInZip } from '../testing/zip.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ MALLO_UPLOAD_LIMIT_BYTES: 3_000_000, MALLO_UNPACKED_LIMIT_BYTES: 20_000_000 });
});
afterAll(() => api.close());

function upload(zip: Buffer, name: string = randomUUID(), as: Client = api.owner): Promise<Dataset> {
  const bytes = new Blob([new Uint8Array(zip)]);
  return as.upload(datasetRoutes.upload, { params: { projectId: api.projectId }, query: { name } }, bytes);
}

async function uploadFiles(contents: Contents): Promise<Dataset> {
  return upload(await makeZip(contents));
}

function classes(dataset: Dataset): Record<string, number> {
  return Object.fromEntries(dataset.version.classes.map(({ name, imageCount }) => [name, imageCount]));
}

/** All that is kept of datasets, on the disk and in the database. */
async function kept(): Promise<unknown> {
  const below = async (folder: string) => readdir(join(api.home, 'objects', folder)).catch(() => []);
  return {
    versions: await below('datasets'),
    incoming: await below('incoming'),
    rows: await api.database.datasetVersion.count(),
    datasets: await api.database.dataset.count(),
  };
}

async function expectRefusal(zip: Buffer, code: ErrorCode): Promise<ApiError> {
  const before = await kept();
  const error = await upload(zip).then(
    () => expect.fail(`the zip was taken; ${code} was expected`),
    (thrown: ApiError) => thrown,
  );
  expect(error.code).toBe(code);
  expect(await kept()).toEqual(before);
  return error;
}

describe('takes a zip of one folder a class', () => {
  it('with the right counts, sizes and files', async () => {
    const files = await classFolders({ cat: 12, dog: 10 });
    const dataset = await uploadFiles(files);
    expect(dataset.version).toMatchObject({
      number: 1,
      imageCount: 22,
      medianWidth: 12,
      medianHeight: 10,
      problems: [],
    });
    expect(classes(dataset)).toEqual({ cat: 12, dog: 10 });
    expect(dataset.version.sizeBytes).toBe(Object.values(files).reduce((sum, file) => sum + file.length, 0));
    const folder = join(api.home, 'objects', 'datasets', dataset.version.id, 'images');
    for (const [path, bytes] of Object.entries(files)) expect(await readFile(join(folder, path))).toEqual(bytes);
    // The digest is what anyone gets with sha256sum.
    const sums = execFileSync('sh', ['-c', 'LC_ALL=C find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum'], {
      cwd: folder,
    });
    expect(sums.toString().split(' ')[0]).toBe(dataset.version.sha256);
  });

  it('seeing through folders around all classes', async () => {
    const files = await classFolders({ 'pets/photos/cat': 2, 'pets/photos/dog': 3 });
    expect(classes(await uploadFiles({ ...files, 'pets/README.txt': 'hello' }))).toEqual({ cat: 2, dog: 3 });
  });

  it('merging train and val folders, which it says', async () => {
    const dataset = await uploadFiles(
      await classFolders({ 'train/cat': 2, 'train/dog': 2, 'val/cat': 1, 'val/dog': 1 }),
    );
    expect(classes(dataset)).toEqual({ cat: 3, dog: 3 });
    expect(dataset.version.problems).toContainEqual({ kind: 'merged_folders', path: 'train, val' });
  });

  it('keeping images of the same name in folders within a class', async () => {
    expect(classes(await uploadFiles(await classFolders({ 'cat/2020': 2, 'cat/2021': 2, dog: 2 })))).toEqual({
      cat: 4,
      dog: 2,
    });
  });

  it('with Korean names as Windows writes them (code page 949)', async () => {
    const files = await classFolders({ AAAA: 1, BBBBBB: 1 });
    let zip = renameInZip(await makeZip(files), 'AAAA', iconv.encode('샴뷁', 'cp949'), false);
    zip = renameInZip(zip, 'BBBBBB', iconv.encode('페르샤', 'cp949'), false);
    expect(classes(await upload(zip))).toEqual({ 샴뷁: 1, 페르샤: 1 });
  });

  it('with Korean names as macOS writes them (decomposed, not marked as UTF-8)', async () => {
    const decomposed = Buffer.from('고양이'.normalize('NFD'));
    const place = 'A'.repeat(decomposed.length);
    const zip = renameInZip(await makeZip(await classFolders({ [place]: 1, 개: 1 })), place, decomposed, false);
    expect(classes(await upload(zip))).toEqual({ 고양이: 1, 개: 1 });
  });

  it('with backslashes between folders, as old Windows tools write them', async () => {
    const zip = renameInZip(await makeZip(await classFolders({ cat: 1, dog: 1 })), 'cat/1', Buffer.from('cat\\1'));
    expect(classes(await upload(zip))).toEqual({ cat: 1, dog: 1 });
  });

  it('in every format it names, turned upright', async () => {
    const upright = await sharp(await picture(9, { format: 'jpeg' }))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const dataset = await uploadFiles({
      'a/1.png': await picture(1),
      'a/2.JPG': await picture(2, { format: 'jpeg' }),
      'a/3.webp': await picture(3, { format: 'webp' }),
      'b/4.gif': await picture(4, { format: 'gif' }),
      'b/5.tiff': await picture(5, { format: 'tiff' }),
      'b/6.bmp': await bitmap(await picture(6)),
      'b/7.jpeg': upright,
    });
    expect(dataset.version.problems.filter(({ kind }) => kind !== 'few_images')).toEqual([]);
    expect(classes(dataset)).toEqual({ a: 3, b: 4 });
    const { images } = await api.owner.call(datasetRoutes.images, { params: { datasetId: dataset.id } });
    const sizeOf = (path: string) =>
      images.filter((image) => image.path === path).map(({ width, height }) => [width, height]);
    expect(sizeOf('b/6.bmp')).toEqual([[12, 10]]);
    expect(sizeOf('b/7.jpeg')).toEqual([[10, 12]]);
  });

  it('leaving out what file managers add, without a word', async () => {
    const files = await classFolders({ cat: 10, dog: 10 });
    const dataset = await uploadFiles({
      ...files,
      '__MACOSX/cat/._1.png': 'resource fork',
      'cat/.DS_Store': 'x',
      'dog/Thumbs.db': 'x',
    });
    expect(dataset.version.problems).toEqual([]);
  });
});

describe('names the problems of a dataset it takes', () => {
  it('each file that is not the image it says, which is left out', async () => {
    const whole = await picture(3, { width: 200, height: 200 });
    const dataset = await uploadFiles({
      ...(await classFolders({ cat: 10, dog: 10 })),
      'cat/text.jpg': 'I am text',
      'dog/cut.png': whole.subarray(0, whole.length / 2),
      'dog/empty.png': '',
      'dog/huge.png': hugePng(await picture(4)),
      'dog/drawing.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    });
    expect(dataset.version.imageCount).toBe(20);
    expect(dataset.version.problems).toEqual([
      { kind: 'corrupt_image', path: 'cat/text.jpg' },
      { kind: 'corrupt_image', path: 'dog/cut.png' },
      { kind: 'corrupt_image', path: 'dog/drawing.png' },
      { kind: 'corrupt_image', path: 'dog/empty.png' },
      { kind: 'corrupt_image', path: 'dog/huge.png' },
    ]);
    const folder = join(api.home, 'objects', 'datasets', dataset.version.id, 'images');
    expect((await readdir(folder, { recursive: true })).filter((path) => /text|cut|drawing|empty/.test(path))).toEqual(
      [],
    );
  });

  it('images that are equal, which are kept', async () => {
    const same = await picture(5);
    const dataset = await uploadFiles({
      ...(await classFolders({ cat: 10, dog: 10 })),
      'cat/x.png': same,
      'dog/y.png': same,
    });
    expect(dataset.version.imageCount).toBe(22);
    expect(dataset.version.problems.map(({ kind }) => kind)).toEqual(['duplicate', 'duplicate']);
    expect(dataset.version.problems[1]).toEqual({ kind: 'duplicate', path: 'dog/y.png', other: 'cat/5.png' });
  });

  it('empty classes, small classes, and files that are no images', async () => {
    const dataset = await uploadFiles({
      ...(await classFolders({ cat: 10, dog: 3 })),
      'bird/': '',
      'fish/notes.txt': 'none yet',
      'labels.csv': 'a,b',
    });
    expect(classes(dataset)).toEqual({ cat: 10, dog: 3 });
    expect(dataset.version.problems).toEqual([
      { kind: 'empty_class', path: 'bird' },
      { kind: 'few_images', path: 'dog' },
      { kind: 'ignored_file', path: 'fish/notes.txt' },
      { kind: 'ignored_file', path: 'labels.csv' },
    ]);
    expect(dataset.version.problemCounts).toEqual({ empty_class: 1, few_images: 1, ignored_file: 2 });
  });

  it('a class of only damaged images, which is no class', async () => {
    const dataset = await uploadFiles({ ...(await classFolders({ cat: 10, dog: 10 })), 'bird/1.png': 'not an image' });
    expect(classes(dataset)).toEqual({ cat: 10, dog: 10 });
    const folder = join(api.home, 'objects', 'datasets', dataset.version.id, 'images');
    expect((await readdir(folder)).sort()).toEqual(['cat', 'dog']);
  });
});

describe('refuses, with nothing left behind,', () => {
  it('what is not a zip', async () => {
    await expectRefusal(Buffer.from('hello, I am no zip'), 'dataset.not_a_zip');
    await expectRefusal(Buffer.alloc(0), 'dataset.not_a_zip');
    const whole = await makeZip(await classFolders({ cat: 3, dog: 3 }));
    await expectRefusal(whole.subarray(0, whole.length - 100), 'dataset.not_a_zip');
  });

  it.each([
    ['../../../../e.png', 'AA/BBB/CCC/D/e.png'],
    ['/etc/passwd/e.png', 'AA/BBB/CCC/D/e.png'],
    ['C:/Windows/32e.png', 'AA/BBB/CCC/D/ee.png'.slice(0, 18)],
    ['..\\..\\..\\..\\e.png', 'AA/BBB/CCC/D/ee.png'.slice(0, 17)],
    ['cat/../../../1.png', 'AA/BBB/CCC/D/ee.png'.slice(0, 18)],
    ['cat/a\0b/1.png', 'AA/BBB/CCC/D/'],
  ])('a name that leads out of the folder: %j', async (evil, harmless) => {
    const place = harmless.slice(0, evil.length);
    const zip = await makeZip({ ...(await classFolders({ cat: 2, dog: 2 })), [place]: await picture(77) });
    const error = await expectRefusal(renameInZip(zip, place, Buffer.from(evil)), 'dataset.unsafe_path');
    expect(error.params.path).toBe(evil.replaceAll('\\', '/'));
  });

  it('a symbolic link', async () => {
    const zip = await makeZip({ ...(await classFolders({ cat: 2 })), 'dog/1.png': '/etc/passwd' }, { mode: 0o120777 });
    await expectRefusal(zip, 'dataset.special_file');
  });

  it('a zip that says it unpacks to more than the limit', async () => {
    const zip = await makeZip({
      ...(await classFolders({ cat: 2, dog: 2 })),
      'cat/zeros.png': Buffer.alloc(25_000_000),
    });
    expect(zip.length).toBeLessThan(100_000);
    const error = await expectRefusal(zip, 'dataset.zip_bomb');
    expect(error.message).toContain('20 MB');
  });

  it('a zip that unpacks to more than it says', async () => {
    const zip = await makeZip({
      ...(await classFolders({ cat: 2, dog: 2 })),
      'dog/zeros.png': Buffer.alloc(25_000_000),
    });
    const real = Buffer.alloc(4);
    real.writeUInt32LE(25_000_000);
    // The size stands in both headers; all are made to say 100 bytes.
    const lie = Buffer.alloc(4);
    lie.writeUInt32LE(100);
    for (let at = zip.indexOf(real); at >= 0; at = zip.indexOf(real, at)) lie.copy(zip, at);
    await expectRefusal(zip, 'dataset.not_a_zip');
  });

  it('a zip with a password', async () => {
    const zip = await makeZip(await classFolders({ cat: 2, dog: 2 }));
    const header = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
    for (let at = zip.indexOf(header); at >= 0; at = zip.indexOf(header, at + 4)) {
      zip.writeUInt16LE(zip.readUInt16LE(at + 8) | 1, at + 8);
    }
    await expectRefusal(zip, 'dataset.encrypted');
  });

  it('no images', async () => {
    await expectRefusal(await makeZip({ 'cat/notes.txt': 'a', 'dog/': '' }), 'dataset.no_images');
    await expectRefusal(await makeZip({}), 'dataset.no_images');
  });

  it('images of one class only, which it names', async () => {
    const files = { ...(await classFolders({ cat: 3 })), 'dog/1.png': 'no image' };
    const error = await expectRefusal(await makeZip(files), 'dataset.one_class');
    expect(error.params.name).toBe('cat');
  });

  it('an upload above the limit, and says so before the sender is done', async () => {
    const noise = Buffer.alloc(4_000_000, 'x');
    const error = await expectRefusal(noise, 'request.too_large');
    expect(error.message).toContain('3 MB');
  });

  it('a name that is taken, also by an upload at the same time', async () => {
    const zip = await makeZip(await classFolders({ cat: 2, dog: 2 }));
    const both = await Promise.allSettled([upload(zip, 'twice'), upload(zip, 'twice')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await upload(zip, '품종'.normalize('NFD'));
    const before = await kept();
    await expect(upload(zip, 'twice')).rejects.toMatchObject({ code: 'dataset.name_taken', params: { name: 'twice' } });
    await expect(upload(zip, '품종')).rejects.toMatchObject({ code: 'dataset.name_taken', params: { name: '품종' } });
    await expect(upload(zip, 'tw\u200Bice')).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await kept()).toEqual(before);
  });

  it("someone else's project", async () => {
    const bytes = new Blob([new Uint8Array(await makeZip(await classFolders({ cat: 2, dog: 2 })))]);
    const request = { params: { projectId: 'prj_0000000000' }, query: { name: 'x' } };
    await expect(api.owner.upload(datasetRoutes.upload, request, bytes)).rejects.toMatchObject({
      code: 'project.not_found',
    });
  });
});
