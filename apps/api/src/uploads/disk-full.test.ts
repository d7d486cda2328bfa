import { rmSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorBody, registryRoutes, uploadRoutes } from '@mallo/contracts';
import { expect, it } from 'vitest';
import { safetensors } from '../testing/model-files.js';
import { describeOnSmallDisk } from '../testing/small-disk.js';
import { upload } from '../testing/uploads.js';
import { makeZip } from '../testing/zip.js';

describeOnSmallDisk(4, (api) => {
  const kept = () => readdir(join(api().home, 'objects'), { recursive: true });
  const ask = (method: string, path: string, headers: Record<string, string>, body?: Buffer) => {
    const all = { 'tus-resumable': '1.0.0', authorization: `Bearer ${api().owner.accessToken}`, ...headers };
    return fetch(api().url + path, { method, headers: all, body: body && new Uint8Array(body) });
  };
  const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as ErrorBody).error.code];

  it('an upload that cannot fit is refused before its first byte', async () => {
    const before = await kept();
    const answer = await ask('POST', uploadRoutes.create.path, { 'upload-length': '5000000' });
    expect(await codeOf(answer)).toEqual([507, 'server.disk_full']);
    expect(await kept()).toEqual(before);
  });

  it('one that others leave no space for is refused in the middle, and gives its own back', async () => {
    const before = await kept();
    const begun = await ask('POST', uploadRoutes.create.path, { 'upload-length': '3000000' });
    const path = begun.headers.get('location') ?? '';
    const other = join(api().home, '..', 'other');
    await writeFile(other, Buffer.alloc(2_000_000));
    const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    const answer = await ask('PATCH', path, headers, Buffer.alloc(3_000_000));
    expect(await codeOf(answer)).toEqual([507, 'server.disk_full']);
    expect(await kept()).toEqual(before);
    expect((await ask('HEAD', path, {})).status).toBe(404);
    rmSync(other);
    expect(await upload(api(), Buffer.alloc(3_000_000))).toMatch(/^upl_/);
  });

  it('a model whose zip cannot be unpacked leaves no version, and its upload can be tried again', async () => {
    for (const name of await readdir(join(api().home, 'objects', 'uploads'))) {
      rmSync(join(api().home, 'objects', 'uploads', name));
    }
    const contents = { 'model.safetensors': safetensors(), 'zeros.bin': Buffer.alloc(6_000_000) };
    const uploadId = await upload(api(), await makeZip(contents));
    const before = await kept();
    const body = {
      name: 'too much',
      bump: 'minor' as const,
      files: [{ uploadId, name: 'model.zip' }],
      framework: 'pytorch',
      architecture: 'resnet18',
      taskType: 'classification' as const,
      key: crypto.randomUUID(),
    };
    const answer = api().owner.call(registryRoutes.register, { params: { projectId: api().projectId }, body });
    await expect(answer).rejects.toMatchObject({ code: 'server.disk_full', status: 507 });
    expect(await kept()).toEqual(before);
    expect(await api().database.registeredModel.count()).toBe(0);
  });
});
