import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { identityRoutes, zooRoutes as routes, type ZooListing } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, TRAINER_FOLDER } from '../../testing/api.js';
import { startParser } from '../../testing/parser.js';
import { ZooService } from '../zoo.service.js';
import { AddedModelsRepository } from './added-models.repository.js';

const MINUTE_MS = 60_000;
const NET = `from torch import nn

class Net(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, num_classes))

    def forward(self, images):
        return self.layers(images)
`;

let api: TestApi;
let parser: Awaited<ReturnType<typeof startParser>>;
beforeAll(async () => {
  parser = await startParser();
  api = await startTestApi({ INTENT_PARSER_URL: parser.url });
});
afterAll(async () => {
  await api.close();
  await parser.stop();
});

const names = (models: ZooListing[]) => models.map((model) => model.name);
const search = (query: string) => api.owner.call(routes.search, { query: { query } });
const details = (key: string) => api.owner.call(routes.details, { query: { models: [key] } });
const add = (body: Record<string, unknown>) => api.owner.call(routes.add, { body } as never);
const remove = (name: string) => api.owner.call(routes.remove, { params: { name } });
const userId = async () => (await api.owner.call(identityRoutes.me)).id;

describe('a Docker image', () => {
  it('is found and told by what it would be run, and no training of it is started', async () => {
    const added = await add({
      kind: 'docker',
      name: 'lab_seg',
      image: 'ghcr.io/lab/seg:1.2',
      taskType: 'segmentation',
    });
    expect(added).toMatchObject({
      ...{ key: 'own/lab_seg', source: 'own', taskType: 'segmentation', trainable: false, catalogue: null },
      added: { kind: 'docker', image: 'ghcr.io/lab/seg:1.2', command: expect.stringContaining('ghcr.io/lab/seg:1.2') },
      missing: { code: 'zoo.container_not_run', params: { image: 'ghcr.io/lab/seg:1.2' } },
    });
    expect((await details('own/lab_seg'))[0]).toEqual(added);
    expect(names((await search('lab seg')).models)).toContain('lab_seg');
    await expect(api.app.get(ZooService, { strict: false }).trainable(await userId(), 'lab_seg')).rejects.toMatchObject(
      {
        code: 'zoo.container_not_run',
      },
    );
    await remove('lab_seg');
  });

  it.each(['', 'UPPER/case', 'a b', 'x;rm', '-v', '$(id)', 'a/../b', 'a@sha256:zz'])(
    'with a name that Docker has not is refused: %j',
    async (image) => {
      const wish = { kind: 'docker', name: 'lab_seg', image, taskType: 'segmentation' };
      await expect(add(wish)).rejects.toMatchObject({ code: 'request.invalid' });
    },
  );
});

describe('a name', () => {
  const image = (name: string) => add({ kind: 'docker', name, image: 'lab/net', taskType: 'detection' });

  it.each(['../x', 'a', '작은망', 'x'.repeat(64), '1net', 'a.b', 'a b'])('is refused: %j', async (name) => {
    await expect(image(name)).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('of a library’s model is taken, however it is written', async () => {
    await expect(image('ResNet-50')).rejects.toMatchObject({
      ...{ code: 'zoo.name_taken', params: { name: 'resnet50', source: 'timm' } },
    });
  });

  it('is given once, also by many at the same time, and free again when its model was removed', async () => {
    const all = await Promise.allSettled(['lab-net', 'lab_net', 'LabNet'].map(image));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(image('labnet')).rejects.toMatchObject({ code: 'zoo.name_taken', params: { source: 'own' } });
    await remove('lab_net');
    await expect(remove('lab_net')).rejects.toMatchObject({ code: 'model.unknown', params: { name: 'lab_net' } });
    await image('labnet');
    await remove('labnet');
  });
});

describe.skipIf(!existsSync(join(TRAINER_FOLDER, '.venv')))('a Python file (needs the Python environment)', () => {
  it('is looked at, found, compared and prepared; its code stays when it is removed', {
    timeout: 3 * MINUTE_MS,
  }, async () => {
    const added = await add({ kind: 'python', name: 'crust_net', code: NET, inputSize: 64 });
    expect(added).toMatchObject({
      ...{ key: 'own/crust_net', taskType: 'classification', inputSize: 64, fixedInputSize: false, trainable: true },
      ...{ paramsM: (4 * 27 + 4 + 5 * 10) / 1e6, missing: null, extra: { name: 'torch', installed: true } },
      added: { kind: 'python', code: NET, entry: 'Net' },
    });
    expect(added.gflops).toBeCloseTo((31 * 31 * 4 * 27 + 40) / 1e9, 8);
    expect(added.trainingMemoryBytes).toBeGreaterThan(0);
    expect((await search('crust')).models[0]).toMatchObject({ key: 'own/crust_net' });
    expect((await search('')).models[0]).toMatchObject({ key: 'own/crust_net' });
    const facets = await api.owner.call(routes.facets, { query: {} });
    expect(facets.source).toContainEqual({ value: 'own', count: 1 });
    const zoo = api.app.get(ZooService, { strict: false });
    const { code } = await zoo.trainable(await userId(), 'Crust-Net');
    expect(code).toMatchObject({ entry: 'Net' });
    await remove('crust_net');
    expect(names((await search('crust')).models)).not.toContain('crust_net');
    expect(await zoo.codeOf(code?.sha256 ?? '')).toBe(NET);
  });

  it('that makes no model is refused, and nothing is kept', { timeout: 3 * MINUTE_MS }, async () => {
    await expect(add({ kind: 'python', name: 'broken', code: 'import nowhere' })).rejects.toMatchObject({
      ...{ code: 'zoo.code_failed', params: { problem: expect.stringContaining('nowhere') } },
    });
    const two = `${NET}\ndef other(num_classes):\n    return Net(num_classes)\n`;
    await expect(add({ kind: 'python', name: 'two', code: two })).rejects.toMatchObject({
      ...{ code: 'zoo.entry_unclear', params: { names: 'Net, other' } },
    });
    for (const [code, error] of Object.entries({
      'import os; os._exit(7)': {
        code: 'zoo.code_failed',
        messages: {
          en: expect.stringContaining('it ended with exit code 7'),
          ko: expect.stringContaining('종료 코드 7'),
        },
      },
      'import ctypes; ctypes.string_at(0)': {
        code: 'zoo.code_failed',
        messages: {
          en: expect.stringContaining('it was ended by SIGSEGV'),
          ko: expect.stringContaining('SIGSEGV 신호로 끝남'),
        },
      },
    })) {
      await expect(add({ kind: 'python', name: 'dies', code }), code).rejects.toMatchObject(error);
    }
    expect(await api.app.get(AddedModelsRepository, { strict: false }).list(await userId())).toEqual([]);
  });
});
