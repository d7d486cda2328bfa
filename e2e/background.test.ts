import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@mallo/client';
import { conversionRoutes, demoModelRoutes, projectRoutes, registryRoutes, uploadRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PYTHON, RunningMallo, until } from './system/mallo.ts';

// What the api computes beside answering, its process killed in the middle of it.

const MINUTES = 60_000;

let mallo: RunningMallo;
let client: Client;
let projectId: string;

beforeAll(async () => {
  mallo = await RunningMallo.start();
  client = await mallo.client();
  ({ id: projectId } = await client.call(projectRoutes.create, { body: { name: 'background' } }));
});

afterAll(async () => {
  await mallo?.[Symbol.asyncDispose]();
});

/** The processes that run a module of the trainer. */
async function running(module: string): Promise<number[]> {
  const pids = mallo.processes();
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, at) => lines[at]?.includes(module));
}

/** Kills the api as `kill -9` does, and waits until the next one answers; nothing that it computed with is left. */
async function killApi(module: string): Promise<void> {
  const before = await running(module);
  expect(before).toHaveLength(1);
  mallo.killPart('api');
  await until('what the api computed with to end', async () => {
    const left = await running(module);
    return !left.includes(before[0] as number);
  });
  await mallo.answers();
}

/** Nothing half-made lies about. What was about to be registered expires like any upload that nobody came back for. */
async function expectTidy(): Promise<void> {
  expect(await readdir(join(mallo.home, 'objects', 'incoming'))).toEqual([]);
}

test('demo models are each made once, however often the api is killed', { timeout: 20 * MINUTES }, async () => {
  const state = () => client.call(demoModelRoutes.state, { params: { projectId } });
  await client.call(demoModelRoutes.start, { params: { projectId } });
  for (const step of [0, 1, 3]) {
    await until(
      `step ${step}`,
      async () => {
        const { step: now, state: is } = await state();
        expect(is).toBe('running');
        return now >= step && (await running('mallo_trainer.demo_models')).length === 1;
      },
      5 * MINUTES,
    );
    await killApi('mallo_trainer.demo_models');
  }
  const done = await until(
    'all of them',
    async () => {
      const now = await state();
      if (now.state === 'failed') throw new Error(JSON.stringify(now.error));
      return now.state === 'completed' ? now : undefined;
    },
    10 * MINUTES,
  );
  expect(done.made).toHaveLength(6);
  const { models } = await client.call(registryRoutes.list, { params: { projectId } });
  expect(models).toHaveLength(2);
  for (const { id, aliases, versionCount } of models) {
    expect(aliases).toEqual({ champion: '1.1.0', rollback: '1.0.0', candidate: '1.2.0' });
    expect(versionCount).toBe(3);
    const model = await client.call(registryRoutes.get, { params: { modelId: id } });
    expect(model.versions.map(({ version }) => version)).toEqual(['1.2.0', '1.1.0', '1.0.0']);
  }
  expect(await running('mallo_trainer.demo_models')).toEqual([]);
  await expectTidy();
});

/** Weights as timm makes them. */
const WEIGHTS = `
import sys, timm
from safetensors.torch import save_file
save_file(timm.create_model('mobilenetv3_small_050', num_classes=3).state_dict(), sys.argv[1])
`;

test('a version is converted once, although the api is killed meanwhile', { timeout: 15 * MINUTES }, async () => {
  const { modelId, version } = await registerWeights();
  const params = { modelId, version };
  await client.call(conversionRoutes.start, { params, body: {} });
  for (const _ of ['first', 'second']) {
    await until('it to compute', async () => (await running('mallo_trainer.convert')).length === 1, 2 * MINUTES);
    await killApi('mallo_trainer.convert');
  }
  const done = await until(
    'its end',
    async () => {
      const now = await client.call(conversionRoutes.state, { params });
      if (now.state === 'failed') throw new Error(JSON.stringify(now.error));
      return now.state === 'completed' ? now : undefined;
    },
    5 * MINUTES,
  );
  expect(done.made).toMatchObject({ modelId, version: '1.0.1' });
  const model = await client.call(registryRoutes.get, { params: { modelId } });
  expect(model.versions.map((one) => one.version)).toEqual(['1.0.1', '1.0.0']);
  expect(model.aliases).toEqual({ candidate: '1.0.0' });
  await expectTidy();
});

/** Weights without ONNX, as somebody brings them. */
async function registerWeights() {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-weights-'));
  try {
    const path = join(folder, 'model.safetensors');
    await promisify(execFile)(PYTHON, ['-W', 'ignore', '-c', WEIGHTS, path]);
    const bytes = await readFile(path);
    const answer = await fetch(mallo.url + uploadRoutes.create.path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${client.accessToken}`,
        'tus-resumable': '1.0.0',
        'upload-length': String(bytes.length),
        'content-type': 'application/offset+octet-stream',
      },
      body: new Uint8Array(bytes),
    });
    expect(answer.status).toBe(201);
    const uploadId = answer.headers.get('location')?.split('/').at(-1) ?? '';
    return await client.call(registryRoutes.register, {
      params: { projectId },
      body: {
        ...{ name: 'brought along', bump: 'minor', framework: 'timm', architecture: 'mobilenetv3_small_050' },
        ...{ taskType: 'classification', inputShape: [1, 3, 64, 64], classNames: ['a', 'b', 'c'] },
        files: [{ uploadId, name: 'model.safetensors' }],
        key: crypto.randomUUID(),
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
