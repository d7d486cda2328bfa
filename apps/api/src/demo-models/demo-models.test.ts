import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DemoModels, inferenceRoutes, registryRoutes, demoModelRoutes as routes } from '@mallo/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi, TRAINER_FOLDER } from '../testing/api.js';

const MINUTE_MS = 60_000;
const HAS_PYTHON = existsSync(join(TRAINER_FOLDER, '.venv', 'bin', 'python'));

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const params = () => ({ projectId: api.projectId });
const state = (): Promise<DemoModels> => api.owner.call(routes.state, { params: params() });
const start = (): Promise<DemoModels> => api.owner.call(routes.start, { params: params() });
const until = (is: (now: DemoModels) => boolean, patienceMs: number) =>
  vi.waitFor(
    async () => {
      const now = await state();
      if (now.state === 'failed') throw new Error(JSON.stringify(now.error));
      expect(is(now)).toBe(true);
      return now;
    },
    { timeout: patienceMs, interval: 300 },
  );

async function files(): Promise<string[]> {
  const kept = await readdir(join(api.home, 'objects'), { recursive: true });
  return kept.filter((name) => /^(incoming|uploads)\//.test(name));
}

/** The probability of each class, or of each class the share of the pixels it is likeliest for, by the weights alone. */
const BY_PYTORCH = `
import json, sys, torch, torch.nn.functional as F
from pathlib import Path
from safetensors.torch import load_file
from mallo_trainer.demo_models import VERSIONS
from mallo_trainer.image_folder import decode_image
from mallo_trainer.preprocessing import Preprocessing
folder, name, image = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
about = json.loads((folder / 'preprocessing.json').read_text('utf-8'))['weights']
model = VERSIONS[name].build()
model.load_state_dict(load_file(folder / 'model.safetensors'))
pixels = decode_image(folder / image, folder)[None]
prepare = Preprocessing(about['image_size'], tuple(about['mean']), tuple(about['std']))
with torch.no_grad():
    found = model.eval()(prepare(pixels)).softmax(1)
if found.ndim == 4:
    likeliest = F.interpolate(found, pixels.shape[2:], mode='bilinear', align_corners=False).argmax(1).flatten()
    found = torch.bincount(likeliest, minlength=found.shape[1]) / len(likeliest)
print(json.dumps(found.flatten().tolist()))
`;

async function byPyTorch(folder: string, name: string, image: string): Promise<number[]> {
  const python = join(TRAINER_FOLDER, '.venv', 'bin', 'python');
  const { stdout } = await promisify(execFile)(python, ['-c', BY_PYTORCH, folder, name, image], {
    cwd: TRAINER_FOLDER,
  });
  return JSON.parse(stdout) as number[];
}

const placeOf = ({ modelId, version }: { modelId: string; version: string }) => ({ modelId, version });

describe('the demo models', () => {
  it('are idle until somebody asks, and nobody else’s', async () => {
    expect(await state()).toEqual({ state: 'idle', step: 0, steps: 0, error: null, doing: null, made: [] });
    const other = { projectId: 'prj_none' };
    await expect(api.owner.call(routes.state, { params: other })).rejects.toMatchObject({ code: 'project.not_found' });
    await expect(api.owner.call(routes.start, { params: other })).rejects.toMatchObject({ code: 'project.not_found' });
    await expect(api.anonymous.call(routes.start, { params: params() })).rejects.toMatchObject({ status: 401 });
  });
});

describe.skipIf(!HAS_PYTHON)('trained for real (needs the Python environment)', () => {
  it('are cancelled with what trains them; whole versions stay, and the rest is made later', {
    timeout: 10 * MINUTE_MS,
  }, async () => {
    await start();
    await until(({ made }) => made.length === 1, 5 * MINUTE_MS);
    await api.owner.call(routes.cancel, { params: params() });
    const cancelled = await until(({ state: now }) => now === 'cancelled', MINUTE_MS);
    expect(cancelled).toMatchObject({ error: null, doing: null });
    expect(cancelled.made).toHaveLength(await api.database.modelVersion.count());
    expect(await files()).toEqual([]);
    await api.restart();
    expect((await state()).state).toBe('cancelled');
  });

  it('are registered version by version, go on after a restart, and are made once', {
    timeout: 15 * MINUTE_MS,
  }, async () => {
    expect(await start()).toMatchObject({ state: 'running', error: null });
    const first = await until(({ made }) => made.length === 1, 5 * MINUTE_MS);
    expect(first).toMatchObject({
      state: 'running',
      steps: 12,
      made: [{ name: 'mobilenet-digits', version: '1.0.0' }],
    });
    // Asked again in the middle, nothing begins anew.
    expect((await start()).step).toBeGreaterThanOrEqual(2);
    await api.restart();
    const done = await until(({ state: now }) => now === 'completed', 10 * MINUTE_MS);
    expect(done.step).toBe(12);
    expect(done.made[0]?.modelId).toBe(first.made[0]?.modelId);
    expect(done.made.map(({ name, version }) => `${name} ${version}`)).toEqual(
      ['mobilenet-digits', 'unet-shapes'].flatMap((name) => ['1.0.0', '1.1.0', '1.2.0'].map((one) => `${name} ${one}`)),
    );
    for (const modelId of new Set(done.made.map((one) => one.modelId))) {
      const model = await api.owner.call(registryRoutes.get, { params: { modelId } });
      expect(model.versions).toHaveLength(3);
      expect(model.aliases).toEqual({ champion: '1.1.0', rollback: '1.0.0', candidate: '1.2.0' });
      const score = model.taskType === 'classification' ? 'val_accuracy' : 'val_miou';
      const [newest = 0, , oldest = 1] = model.versions.map(({ metrics }) => metrics[score]);
      expect(newest).toBeGreaterThan(oldest);
      const sizes = new Set(model.versions.map(({ id }) => id));
      expect(sizes.size).toBe(3);
    }
    expect(await files()).toEqual([]);
    // Once more: everything is there, so nothing is trained.
    await start();
    expect(await until(({ state: now }) => now === 'completed', MINUTE_MS)).toEqual(done);
    expect(await api.database.modelVersion.count()).toBe(6);
  });

  it('answer what PyTorch computes, for an image of any size and format', { timeout: 3 * MINUTE_MS }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-demo-'));
    try {
      const newest = (await state()).made.filter(({ version }) => version === '1.2.0');
      expect(newest).toHaveLength(2);
      for (const ref of newest) {
        for (const name of ['model.safetensors', 'preprocessing.json', 'sample-1.png']) {
          const file = await api.owner.download(registryRoutes.artifact, { params: { ...placeOf(ref), name } });
          await writeFile(join(folder, name), Buffer.from(await file.arrayBuffer()));
        }
        const image = await sharp(join(folder, 'sample-1.png')).resize(97, 61, { fit: 'fill' }).jpeg().toBuffer();
        await writeFile(join(folder, 'image.jpg'), image);
        for (const name of ['sample-1.png', 'image.jpg']) {
          const expected = await byPyTorch(folder, ref.name.startsWith('unet') ? 'unet-3' : 'mobilenet-3', name);
          const bytes = new Blob([new Uint8Array(await readFile(join(folder, name)))]);
          const found = await api.owner.upload(inferenceRoutes.predict, { params: placeOf(ref) }, bytes);
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

  it('that were deleted are made again, as further versions', { timeout: 10 * MINUTE_MS }, async () => {
    const model = (await state()).made.find(({ name }) => name === 'unet-shapes');
    const place = { modelId: model?.modelId ?? '', version: '1.2.0' };
    const key = crypto.randomUUID();
    await api.owner.call(registryRoutes.removeAlias, {
      params: { modelId: place.modelId, alias: 'candidate' },
      body: { reason: '', key },
    });
    await api.owner.call(registryRoutes.remove, { params: place });
    await start();
    const done = await until(({ state: now }) => now === 'completed', 5 * MINUTE_MS);
    expect(done.made.at(-1)).toMatchObject({ name: 'unet-shapes', version: '1.3.0' });
    expect(await api.database.modelVersion.count()).toBe(7);
  });
});
