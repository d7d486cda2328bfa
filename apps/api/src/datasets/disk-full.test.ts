import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { datasetRoutes } from '@mallo/contracts';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { ObjectStore } from '../objects/object-store.js';
import { classFolders } from '../testing/images.js';
import { describeOnSmallDisk } from '../testing/small-disk.js';
import { makeZip } from '../testing/zip.js';

/** A picture that no format makes smaller. */
function noise(side: number): Promise<Buffer> {
  return sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

describeOnSmallDisk(3, (api) => {
  const kept = () => readdir(join(api().home, 'objects'), { recursive: true });
  const upload = async (contents: Record<string, Buffer>) => {
    const bytes = new Blob([new Uint8Array(await makeZip(contents, { compress: false }))]);
    const request = { params: { projectId: api().projectId }, query: { name: 'too much' } };
    return api().owner.upload(datasetRoutes.upload, request, bytes);
  };

  it('an upload is refused with what to do, and leaves nothing', async () => {
    const before = await kept();
    const answer = upload({ ...(await classFolders({ cat: 2, dog: 2 })), 'cat/large.png': Buffer.alloc(4_000_000) });
    await expect(answer).rejects.toMatchObject({ code: 'server.disk_full', status: 507 });
    expect(await kept()).toEqual(before);
    expect(await api().database.dataset.count()).toBe(0);
  });

  it('a zip that fits but not unpacked is refused too, and leaves nothing', async () => {
    const before = await kept();
    const large: Record<string, Buffer> = {};
    for (let seed = 0; seed < 8; seed += 1) large[`${seed % 2}/${seed}.png`] = await noise(280);
    const sizeBytes = Object.values(large).reduce((sum, { length }) => sum + length, 0);
    expect(sizeBytes).toBeGreaterThan(1_500_000);
    expect(sizeBytes).toBeLessThan(2_900_000);
    await expect(upload(large)).rejects.toMatchObject({ code: 'server.disk_full' });
    expect(await kept()).toEqual(before);
    expect(await api().database.dataset.count()).toBe(0);
  });

  it('an object is not kept in part, and what fits still is', async () => {
    const store = api().app.get(ObjectStore, { strict: false });
    const before = await kept();
    await expect(store.put(Readable.from([Buffer.alloc(4_000_000)]))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await kept()).toEqual(before);
    const { sha256 } = await store.put(Readable.from([Buffer.from('small')]));
    expect(await store.has(sha256)).toBe(true);
  });
});
