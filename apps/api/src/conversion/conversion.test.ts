import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type Conversion,
  inferenceRoutes,
  type ModelVersion,
  registryRoutes,
  conversionRoutes as routes,
} from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi, TRAINER_FOLDER } from '../testing/api.js';
import { picture } from '../testing/images.js';
import { onnxClassifier, safetensors } from '../testing/model-files.js';
import { registerFiles } from '../testing/uploads.js';
import { UploadsService } from '../uploads/uploads.service.js';

const PYTHON = join(TRAINER_FOLDER, '.venv', 'bin', 'python');
const MINUTE_MS = 60_000;

let api: TestApi;
/** Of files that Python wrote, and of marks that code would leave if it ran. */
let folder: string;
beforeAll(async () => {
  api = await startTestApi();
  folder = await mkdtemp(join(tmpdir(), 'mallo-conversion-'));
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

type Place = Pick<ModelVersion, 'modelId' | 'version'>;
const params = ({ modelId, version }: Place) => ({ modelId, version });
const state = (place: Place): Promise<Conversion> => api.owner.call(routes.state, { params: params(place) });
const start = (place: Place, body: Record<string, unknown> = {}): Promise<Conversion> =>
  api.owner.call(routes.start, { params: params(place), body });
const versionOf = (place: Place) => api.owner.call(registryRoutes.version, { params: params(place) });
const ended = (place: Place) =>
  vi.waitFor(
    async () => {
      const now = await state(place);
      expect(now.state).not.toBe('running');
      return now;
    },
    { timeout: 3 * MINUTE_MS, interval: 300 },
  );

function register(files: Record<string, Buffer>, more: Record<string, unknown> = {}): Promise<ModelVersion> {
  return registerFiles(api, { name: `model ${crypto.randomUUID()}`, files, more });
}

/** As a process does that is killed before it registers what it converted. */
async function leaveAdopted({ id }: ModelVersion): Promise<void> {
  const left = join(folder, 'left.bin');
  await writeFile(left, 'bytes');
  const { id: userId } = await api.database.user.findFirstOrThrow();
  const files = [{ path: left, name: 'left.bin' }];
  await api.app.get(UploadsService, { strict: false }).adopt(userId, `conversion ${id}`, files);
}

describe('a conversion', () => {
  it('is idle until somebody asks, and refused before it begins where it cannot be', async () => {
    const plain = await register({ 'model.safetensors': safetensors() });
    const idle = {
      state: 'idle',
      step: 0,
      steps: 0,
      error: null,
      made: null,
      wouldRun: [],
      missing: [],
      unexpected: [],
    };
    expect(await state(plain)).toEqual(idle);
    const nowhere = { modelId: 'mdl_none', version: '1.0.0' };
    await expect(start(nowhere)).rejects.toMatchObject({ code: 'model.not_found' });
    await expect(state(nowhere)).rejects.toMatchObject({ code: 'model.not_found' });
    const onnx = await register({ 'model.onnx': onnxClassifier(), 'model.safetensors': safetensors() });
    await expect(start(onnx)).rejects.toMatchObject({ code: 'model.onnx_there' });
    const missing = start(plain, { architecture: 'net.py:Net', inputShape: [1, 3, 8, 8], runCode: true });
    await expect(missing).rejects.toMatchObject({ code: 'model.artifact_missing' });
  });

  it('is refused before it begins where nobody said what the model is for', async () => {
    const version = await register({ 'model.safetensors': safetensors() });
    // As a program makes models over MLflow.
    await api.database.registeredModel.update({ where: { id: version.modelId }, data: { taskType: null } });
    await expect(start(version)).rejects.toMatchObject({ code: 'model.task_unknown' });
    expect(await state(version)).toMatchObject({ state: 'idle' });
  });

  it('runs no code of a version unless a person says so', async () => {
    const files = { 'model.safetensors': safetensors(), 'net.py': Buffer.from('raise SystemExit') };
    const version = await register(files, { architecture: 'net.py:Net', inputShape: [1, 3, 8, 8] });
    await expect(start(version)).rejects.toMatchObject({ code: 'model.code_not_allowed', params: { file: 'net.py' } });
    expect(await state(version)).toMatchObject({ state: 'idle' });
    const shapeless = await register(files, { architecture: 'net.py:Net' });
    await expect(start(shapeless, { runCode: true })).rejects.toMatchObject({ code: 'model.input_unknown' });
  });
});

/** Real files of PyTorch: weights, weights that would run a command when opened, and a class with its weights. */
const FILES = `
import os, sys, timm, torch
from pathlib import Path
folder = Path(sys.argv[1])
class Calls:
    def __reduce__(self):
        return os.system, (f'touch {folder / "ran"}',)
torch.manual_seed(0)
state = timm.create_model('resnet10t', num_classes=3).state_dict()
torch.save({'state_dict': {f'module.{name}': tensor for name, tensor in state.items()}, 'epoch': 9}, folder / 'good.pth')
torch.save({'state_dict': state, 'more': Calls()}, folder / 'bad.pth')
(folder / 'net.py').write_text(f'''
import socket, subprocess
from pathlib import Path
from torch import nn
refused = 0
for attempt in (
    lambda: socket.socket(),
    lambda: Path({str(folder / 'ran')!r}).write_text('x'),
    lambda: subprocess.run(['touch', {str(folder / 'ran')!r}]),
):
    try:
        attempt()
    except PermissionError:
        refused += 1
class Net(nn.Sequential):
    def __init__(self):
        # Its weights fit only if all three were refused.
        super().__init__(nn.Flatten(), nn.Linear(3 * 8 * 8, refused))
''')
torch.save({'1.weight': torch.rand(3, 192), '1.bias': torch.rand(3)}, folder / 'net.pth')
`;

/** A model that is never done being made. */
const WAITS = `
import time
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        time.sleep(600)
`;

/** The process that converts, once it runs the file of the version. */
async function pidOfConversion(): Promise<number> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of all) {
    const words = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
    if (words.includes('mallo_trainer.convert') && words.includes(api.home)) return Number(pid);
  }
  throw new Error('no process converts');
}

describe.skipIf(!existsSync(PYTHON))('by PyTorch (needs the Python environment)', () => {
  const file = (name: string) => readFile(join(folder, name));
  const ran = () => existsSync(join(folder, 'ran'));
  beforeAll(async () => {
    await promisify(execFile)(PYTHON, ['-c', FILES, folder], { cwd: TRAINER_FOLDER });
  });

  it('makes a new patch version with the same files and model.onnx, once', { timeout: 5 * MINUTE_MS }, async () => {
    const more = {
      ...{ architecture: 'resnet10t', inputShape: [1, 3, 64, 64], classNames: ['a', 'b', 'c'] },
      ...{ metrics: { val_accuracy: 0.8 }, memo: 'from a colleague', datasetName: 'pets' },
    };
    const notes = Buffer.from('notes');
    const source = await register({ 'good.pth': await file('good.pth'), 'notes.txt': notes }, more);
    await leaveAdopted(source);
    expect(await start(source)).toMatchObject({ state: 'running' });
    // The process that began it does not live to end it.
    await api.restart();
    const done = await ended(source);
    expect(done).toMatchObject({ state: 'completed', step: 2, steps: 2, error: null, made: { version: '1.0.1' } });
    const made = await versionOf({ ...source, version: '1.0.1' });
    expect(made).toMatchObject({
      ...{ architecture: 'resnet10t', framework: source.framework, inputShape: [-1, 3, 64, 64], madeFrom: '1.0.0' },
      ...{ classNames: ['a', 'b', 'c'], metrics: { val_accuracy: 0.8 }, datasetName: 'pets' },
    });
    expect(made.memo).toContain('good.pth of 1.0.0');
    expect(made.memo).toContain('from a colleague');
    const kept = made.artifacts.filter(({ name }) => name !== 'model.onnx');
    expect(kept.toSorted(byName)).toEqual(source.artifacts.toSorted(byName));
    expect(made.artifacts.find(({ name }) => name === 'model.onnx')).toMatchObject({ kind: 'onnx' });
    expect((await versionOf(source)).artifacts).toEqual(source.artifacts);
    const image = new Blob([new Uint8Array(await picture(1))]);
    const found = await api.owner.upload(inferenceRoutes.predict, { params: params(made) }, image);
    expect(found.task === 'classification' && found.classes.map(({ name }) => name).toSorted()).toEqual([
      'a',
      'b',
      'c',
    ]);
    await start(source);
    expect(await ended(source)).toMatchObject({ state: 'completed', made: { version: '1.0.1' } });
    const model = await api.owner.call(registryRoutes.get, { params: { modelId: source.modelId } });
    expect(model.versions).toHaveLength(2);
    // The same weights in another form: what waits to be promoted waits on.
    expect(model.aliases).toEqual({ candidate: '1.0.0' });
    expect(await readdir(join(api.home, 'objects', 'uploads'))).toEqual([]);
    expect(await readdir(join(api.home, 'objects', 'incoming'))).toEqual([]);
  });

  it('refuses a pickle that would run a command, and says which', { timeout: 3 * MINUTE_MS }, async () => {
    const source = await register({ 'bad.pth': await file('bad.pth') }, { architecture: 'resnet10t' });
    await start(source);
    const command = `os.system('touch ${join(folder, 'ran')}')`;
    expect(await ended(source)).toMatchObject({
      ...{ state: 'failed', made: null, wouldRun: [command] },
      error: { code: 'model.weights_unsafe', params: { file: 'bad.pth', calls: command } },
    });
    expect(ran()).toBe(false);
    const model = await api.owner.call(registryRoutes.get, { params: { modelId: source.modelId } });
    expect(model.versions).toHaveLength(1);
  });

  it('names what does not fit, and goes on with the right architecture', { timeout: 5 * MINUTE_MS }, async () => {
    const said = { architecture: 'resnet14t', inputShape: [1, 3, 64, 64] };
    const source = await register({ 'good.pth': await file('good.pth') }, said);
    await start(source);
    const failed = await ended(source);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'model.weights_unfit' } });
    expect(failed.missing).toContain('layer1.0.conv3.weight');
    await start(source, { architecture: 'resnet1Ot' });
    expect(await ended(source)).toMatchObject({
      state: 'failed',
      error: { code: 'model.architecture_unknown', params: { name: 'resnet1Ot' } },
      missing: [],
    });
    await start(source, { architecture: 'resnet10t' });
    const { state: now, made } = await ended(source);
    expect(now).toBe('completed');
    expect(await versionOf({ ...source, version: made?.version ?? '' })).toMatchObject({ architecture: 'resnet10t' });
  });

  it('is cancelled together with its process, and leaves nothing behind', { timeout: 3 * MINUTE_MS }, async () => {
    const files = { 'net.pth': await file('net.pth'), 'wait.py': Buffer.from(WAITS) };
    const source = await register(files, { architecture: 'wait.py:Net', inputShape: [1, 3, 8, 8] });
    await start(source, { runCode: true });
    const pid = await vi.waitFor(pidOfConversion, { timeout: MINUTE_MS, interval: 200 });
    expect((await api.owner.call(routes.cancel, { params: params(source) })).state).toMatch(/^cancel/);
    // Its answer may come before the process is gone; a process that ends in between changes nothing.
    await api.restart();
    const over = await vi.waitFor(
      async () => {
        const now = await state(source);
        expect(now.state).toBe('cancelled');
        return now;
      },
      { timeout: MINUTE_MS, interval: 200 },
    );
    expect(over).toMatchObject({ error: null, made: null });
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(await readdir(join(api.home, 'objects', 'incoming'))).toEqual([]);
    expect(await readdir(join(api.home, 'objects', 'uploads'))).toEqual([]);
    const model = await api.owner.call(registryRoutes.get, { params: { modelId: source.modelId } });
    expect(model.versions).toHaveLength(1);
    expect(await start(source, { architecture: 'resnet1Ot' })).toMatchObject({ state: 'running' });
    expect(await ended(source)).toMatchObject({ state: 'failed' });
  });

  it('by a class in a file of the version, which reaches neither network, files nor programs', {
    timeout: 3 * MINUTE_MS,
  }, async () => {
    const files = { 'net.pth': await file('net.pth'), 'net.py': await file('net.py') };
    const source = await register(files, { architecture: 'net.py:Net', inputShape: [1, 3, 8, 8] });
    await start(source, { runCode: true });
    expect(await ended(source)).toMatchObject({ state: 'completed', made: { version: '1.0.1' } });
    expect(ran()).toBe(false);
  });
});

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
