import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@mallo/client';
import {
  conversionRoutes,
  demoModelRoutes,
  inferenceRoutes,
  projectRoutes,
  registryRoutes,
  uploadRoutes,
} from '@mallo/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PYTHON, ROOT, RunningMallo, until } from './system/mallo.ts';

// What the api computes beside answering, its process killed in the middle of it.

const MINUTES = 60_000;
const TRAINER = join(ROOT, 'packages', 'trainer');

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

const demo = () => client.call(demoModelRoutes.state, { params: { projectId } });
const makeDemo = () => client.call(demoModelRoutes.start, { params: { projectId } });
const demoMade = () =>
  until(
    'all of them',
    async () => {
      const now = await demo();
      if (now.state === 'failed') throw new Error(JSON.stringify(now.error));
      return now.state === 'completed' ? now : undefined;
    },
    10 * MINUTES,
  );

test('demo models are each made once, however often the api is killed', { timeout: 20 * MINUTES }, async () => {
  expect(await makeDemo()).toMatchObject({ state: 'running', error: null });
  for (const step of [0, 1, 3]) {
    await until(
      `step ${step}`,
      async () => {
        const { step: now, state: is } = await demo();
        expect(is).toBe('running');
        return now >= step && (await running('mallo_trainer.demo_models')).length === 1;
      },
      5 * MINUTES,
    );
    await killApi('mallo_trainer.demo_models');
    // Asked again in the middle, nothing begins anew.
    expect((await makeDemo()).state).toBe('running');
  }
  const done = await demoMade();
  expect(done).toMatchObject({ step: 12, steps: 12 });
  expect(done.made.map(({ name, version }) => `${name} ${version}`)).toEqual(
    ['mobilenet-digits', 'unet-shapes'].flatMap((name) => ['1.0.0', '1.1.0', '1.2.0'].map((one) => `${name} ${one}`)),
  );
  const { models } = await client.call(registryRoutes.list, { params: { projectId } });
  expect(models).toHaveLength(2);
  for (const { id, aliases, versionCount } of models) {
    expect(aliases).toEqual({ champion: '1.1.0', rollback: '1.0.0', candidate: '1.2.0' });
    expect(versionCount).toBe(3);
    const model = await client.call(registryRoutes.get, { params: { modelId: id } });
    expect(model.versions.map(({ version }) => version)).toEqual(['1.2.0', '1.1.0', '1.0.0']);
    const score = model.taskType === 'classification' ? 'val_accuracy' : 'val_miou';
    const [newest = 0, , oldest = 1] = model.versions.map(({ metrics }) => metrics[score]);
    expect(newest).toBeGreaterThan(oldest);
  }
  // Once more: everything is there, so nothing is trained.
  await makeDemo();
  expect(await demoMade()).toEqual(done);
  expect(await running('mallo_trainer.demo_models')).toEqual([]);
  await expectTidy();
});

/** The probability of each class, or of each class the share of the pixels it is likeliest for, by the weights alone. */
const BY_PYTORCH = `
import json, sys, torch, torch.nn.functional as F
from pathlib import Path
from safetensors.torch import load_file
from mallo_trainer.demo_models import VERSIONS
from mallo_trainer.image_folder import decode_image
from mallo_trainer.preprocessing import Preprocessing
answers = {}
for folder in Path(sys.argv[1]).iterdir():
    about = json.loads((folder / 'preprocessing.json').read_text('utf-8'))['weights']
    model = VERSIONS[folder.name].build()
    model.load_state_dict(load_file(folder / 'model.safetensors'))
    prepare = Preprocessing(about['image_size'], tuple(about['mean']), tuple(about['std']))
    for image in ('sample-1.png', 'image.jpg'):
        pixels = decode_image(folder / image, folder)[None]
        with torch.no_grad():
            found = model.eval()(prepare(pixels)).softmax(1)
        if found.ndim == 4:
            likeliest = F.interpolate(found, pixels.shape[2:], mode='bilinear', align_corners=False).argmax(1).flatten()
            found = torch.bincount(likeliest, minlength=found.shape[1]) / len(likeliest)
        answers[f'{folder.name}/{image}'] = found.flatten().tolist()
print(json.dumps(answers))
`;

/** What the versions, each in a folder of its name, say of their images: by `version/image`. */
async function byPyTorch(folder: string): Promise<Record<string, number[]>> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', BY_PYTORCH, folder], { cwd: TRAINER });
  return JSON.parse(stdout) as Record<string, number[]>;
}

const placeOf = ({ modelId, version }: { modelId: string; version: string }) => ({ modelId, version });

test('demo models answer what PyTorch computes, for an image of any size and format', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-demo-'));
  try {
    const newest = (await demo()).made.filter(({ version }) => version === '1.2.0');
    expect(newest).toHaveLength(2);
    const trainedAs = (ref: { name: string }) => (ref.name.startsWith('unet') ? 'unet-3' : 'mobilenet-3');
    for (const ref of newest) {
      const inside = join(folder, trainedAs(ref));
      await mkdir(inside);
      for (const name of ['model.safetensors', 'preprocessing.json', 'sample-1.png']) {
        const file = await client.download(registryRoutes.artifact, { params: { ...placeOf(ref), name } });
        await writeFile(join(inside, name), Buffer.from(await file.arrayBuffer()));
      }
      const image = await sharp(join(inside, 'sample-1.png')).resize(97, 61, { fit: 'fill' }).jpeg().toBuffer();
      await writeFile(join(inside, 'image.jpg'), image);
    }
    const answers = await byPyTorch(folder);
    for (const ref of newest) {
      for (const image of ['sample-1.png', 'image.jpg']) {
        const name = `${trainedAs(ref)}/${image}`;
        const expected = answers[name] ?? [];
        const bytes = new Blob([new Uint8Array(await readFile(join(folder, name)))]);
        const found = await client.upload(inferenceRoutes.predict, { params: placeOf(ref) }, bytes);
        if (found.task === 'classification') {
          for (const { name: digit, confidence } of found.classes) {
            expect(confidence).toBeCloseTo(expected[Number(digit)] ?? Number.NaN, 4);
          }
        } else if (found.task === 'segmentation') {
          const shares = expected.map((_, at) => found.classes.find((one) => one.classIndex === at)?.share ?? 0);
          // In pixels: at a border a rounding may decide for the other side.
          expected.forEach((share, at) => void expect(Math.abs(share - (shares[at] ?? 1))).toBeLessThan(0.001));
          expect(shares[0]).toBeLessThan(0.95);
        } else expect.unreachable(found.task);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('demo models that were deleted are made again, as further versions', { timeout: 10 * MINUTES }, async () => {
  // The quickest of them to train.
  const oldest = (await demo()).made.find(({ name, version }) => name === 'unet-shapes' && version === '1.0.0');
  const { modelId } = placeOf(oldest ?? expect.unreachable('no unet-shapes'));
  const params = { modelId, alias: 'rollback' };
  await client.call(registryRoutes.removeAlias, { params, body: { reason: '', key: crypto.randomUUID() } });
  await client.call(registryRoutes.remove, { params: { modelId, version: '1.0.0' } });
  await makeDemo();
  const { made } = await demoMade();
  expect(made.filter(({ name }) => name === 'unet-shapes').map(({ version }) => version)).toContain('1.3.0');
  const model = await client.call(registryRoutes.get, { params: { modelId } });
  expect(model.versions.map(({ version }) => version)).toEqual(['1.3.0', '1.2.0', '1.1.0']);
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
