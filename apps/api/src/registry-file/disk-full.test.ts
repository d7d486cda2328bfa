import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { registryFileRoutes } from '@mallo/contracts';
import { expect, it } from 'vitest';
import { codeOf } from '../testing/code-of.js';
import { safetensors } from '../testing/model-files.js';
import { registryModel, registryYaml } from '../testing/registry-yaml.js';
import { describeOnSmallDisk } from '../testing/small-disk.js';
import { upload } from '../testing/uploads.js';
import { makeZip } from '../testing/zip.js';

describeOnSmallDisk(8, (api) => {
  it('a registry whose files do not fit leaves nothing, and its upload can be tried again', async () => {
    const files = { 'small.safetensors': safetensors(), 'zeros.bin': Buffer.alloc(10_000_000) };
    const inZip = Object.entries(files).map(([name, bytes]) => [`models/pets/1.0.0/${name}`, bytes]);
    const yaml = registryYaml(registryModel({}, files));
    const uploadId = await upload(api(), await makeZip({ 'registry.yaml': yaml, ...Object.fromEntries(inZip) }));
    const kept = () => readdir(join(api().home, 'objects'), { recursive: true });
    const before = await kept();
    const params = { projectId: api().projectId };
    for (let tries = 0; tries < 2; tries += 1) {
      const body = { uploadId, key: crypto.randomUUID() };
      expect(await codeOf(api().owner.call(registryFileRoutes.import, { params, body }))).toBe('server.disk_full');
      expect(await kept()).toEqual(before);
    }
    expect(await api().database.registeredModel.count()).toBe(0);
  });
});
