import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { addRun } from '../testing/rows.js';
import { foldersOf } from './fallback-folders.js';
import { ObjectStore } from './object-store.js';

const digest = (content: string) => createHash('sha256').update(content).digest('hex');

describe('FALLBACK_PATH', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['["/mnt/a", "/mnt/b"]', ['/mnt/a', '/mnt/b']],
    [`/mnt/a${delimiter}/mnt/b`, ['/mnt/a', '/mnt/b']],
    ['["/mnt/a"', null],
    ['[1]', null],
  ])('%s', (setting, folders) => expect(foldersOf(setting)).toEqual(folders));
});

describe('a file that the store lacks', () => {
  let api: TestApi;
  let folder: string;
  const store = () => api.app.get(ObjectStore, { strict: false });

  /** Files by where they are in the fallback folders, and what is in them. */
  const files = {
    [digest('by its digest')]: 'by its digest',
    'artifacts/unet/3f2a-uuid/model.pth': 'as one registry keeps it',
    'models/resnet18/v1/weights/best.pt': 'as another keeps it',
    'of the same size.bin': 'As one registry keeps it',
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mallo-fallback-'));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    api = await startTestApi({ FALLBACK_PATH: JSON.stringify(['/nowhere', folder]) });
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  /** A row that refers to a content, which is not in the store. */
  async function refer(content: string): Promise<string> {
    const sha256 = digest(content);
    const file = { name: 'model.pth', sha256, sizeBytes: Buffer.byteLength(content) };
    await api.database.runArtifact.create({ data: { ...file, runId: await addRun(api) } });
    return sha256;
  }

  it.each(['by its digest', 'as one registry keeps it', 'as another keeps it'])('is found: %s', async (content) => {
    const opened = await store().open(await refer(content));
    expect(await text(opened?.stream ?? Readable.from([]))).toBe(content);
  });

  it('is not taken for another of the same size, nor once it was altered', async () => {
    expect(await store().path(await refer('aS one registry keeps it'))).toBeNull();
    const sha256 = await refer('by its digest');
    expect(await store().path(sha256)).toBe(join(folder, sha256));
    await writeFile(join(folder, sha256), 'by its digesT');
    expect(await store().path(sha256)).toBeNull();
  });

  it('is preferred from the store when that has it', async () => {
    const { sha256 } = await store().put(Readable.from([Buffer.from('as another keeps it')]));
    expect(await store().path(sha256)).toContain(join(api.home, 'objects', 'blobs'));
  });
});
