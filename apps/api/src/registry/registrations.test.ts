import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { projectRoutes, registryRoutes as routes } from '@mallo/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '../objects/object-store.js';
import { OWNER, startTestApi, type TestApi, TRAINER_FOLDER } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { externalTensor, onnxClassifier, protobufField, pytorchZip, safetensors } from '../testing/model-files.js';
import { addDatasetVersion, addRun, runResult } from '../testing/rows.js';
import { registerFiles, upload, type Wish } from '../testing/uploads.js';
import { type Contents, makeZip } from '../testing/zip.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { ModelFiles } from './files/model-files.js';

const PYTHON = join(TRAINER_FOLDER, '.venv', 'bin', 'python');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ MALLO_UNPACKED_LIMIT_BYTES: 5_000_000 });
});
afterAll(() => api.close());
// Whatever a test did: no pickle was opened.
afterEach(() => expect(existsSync('/tmp/mallo-was-unpickled')).toBe(false));

const register = (wish: Wish) => registerFiles(api, wish);
const zipped = async (contents: Contents, options = {}) => ({ 'model.zip': await makeZip(contents, options) });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const incoming = () => readdir(join(api.home, 'objects', 'incoming'));

describe('registering uploaded files', () => {
  it('keeps the bytes and everything that was said of them', async () => {
    const bytes = onnxClassifier();
    const more = {
      inputShape: [1, 3, 8, 8],
      classNames: ['고양이', 'dog', '🐎'],
      datasetName: 'pets v3',
      metrics: { val_accuracy: 0.91, 'mAP@50': 0.5 },
      memo: '학습률을 낮췄다\nline two',
    };
    const version = await register({ name: '반려동물 분류 (고양이)', files: { 'model.onnx': bytes }, more });
    expect(version).toMatchObject({
      modelName: '반려동물 분류 (고양이)',
      version: '1.0.0',
      framework: 'pytorch',
      architecture: 'resnet18',
      valAccuracy: 0.91,
      ...more,
      runId: null,
      config: null,
      configHash: null,
      datasetVersionSha256: null,
      recipe: null,
      result: null,
      transcript: null,
      artifacts: [{ name: 'model.onnx', sizeBytes: bytes.length, sha256: sha256(bytes), kind: 'onnx' }],
    });
    const file = { modelId: version.modelId, version: '1.0.0', name: 'model.onnx' };
    const answer = await api.owner.download(routes.artifact, { params: file });
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const model = await api.owner.call(routes.get, { params: { modelId: version.modelId } });
    expect(model.aliases).toEqual({ candidate: '1.0.0' });
    const [change] = await api.owner.call(routes.aliasChanges, { params: { modelId: version.modelId } });
    expect(change).toMatchObject({ action: 'register', by: 'Owner' });
  });

  it('counts up what was chosen, as it was said before', async () => {
    const query = { name: 'counted' };
    const next = () => api.owner.call(routes.nextVersions, { params: { projectId: api.projectId }, query });
    expect(await next()).toEqual({ major: '1.0.0', minor: '1.0.0', patch: '1.0.0' });
    for (const [bump, version] of [
      ['patch', '1.0.0'],
      ['patch', '1.0.1'],
      ['minor', '1.1.0'],
      ['major', '2.0.0'],
      ['minor', '2.1.0'],
    ] as const) {
      const expected = (await next())[bump];
      const made = await register({ name: 'counted', bump });
      expect([made.version, expected]).toEqual([version, version]);
    }
    expect(await next()).toEqual({ major: '3.0.0', minor: '2.2.0', patch: '2.1.1' });
  });

  it('never gives the number of a deleted version again', async () => {
    await register({ name: 'deleted' });
    const { modelId } = await register({ name: 'deleted' });
    const body = { version: '1.0.0', alias: 'candidate', key: crypto.randomUUID() };
    await api.owner.call(routes.promote, { params: { modelId }, body });
    await api.owner.call(routes.remove, { params: { modelId, version: '1.1.0' } });
    expect((await register({ name: 'deleted' })).version).toBe('1.2.0');
  });

  it('gives 50 at once of one model distinct versions without gaps', async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        register({ name: 'busy', files: { 'model.safetensors': safetensors([at]) } }),
      ),
    );
    const minors = made.map(({ version }) => Number(version.split('.')[1])).sort((a, b) => a - b);
    expect(minors).toEqual(Array.from({ length: 50 }, (_, at) => at));
    expect(new Set(made.map(({ modelId }) => modelId)).size).toBe(1);
    expect(new Set(made.map(({ artifacts }) => artifacts[0]?.sha256)).size).toBe(50);
  });

  it('answers the same version when it is asked again, also at once and after a restart', async () => {
    const uploadId = await upload(api, safetensors([7, 8, 9]));
    const body = {
      name: 'again',
      bump: 'minor' as const,
      files: [{ uploadId, name: 'model.safetensors' }],
      framework: 'pytorch',
      architecture: 'resnet18',
      taskType: 'classification' as const,
      key: crypto.randomUUID(),
    };
    const ask = () => api.owner.call(routes.register, { params: { projectId: api.projectId }, body });
    const [first, ...others] = await Promise.all([ask(), ask(), ask()]);
    await api.restart();
    for (const other of [...others, await ask()]) expect(other).toEqual(first);
    const model = await api.owner.call(routes.get, { params: { modelId: first?.modelId ?? '' } });
    expect(model.versions).toHaveLength(1);
    const spent = { ...body, key: crypto.randomUUID() };
    await expect(
      api.owner.call(routes.register, { params: { projectId: api.projectId }, body: spent }),
    ).rejects.toMatchObject({ code: 'upload.not_found' });
  });

  it('can be done again after it was interrupted before the version was there', async () => {
    const bytes = safetensors([1, 2, 3, 4, 5]);
    const uploadId = await upload(api, bytes);
    const owner = await api.database.user.findFirstOrThrow({ where: { email: OWNER.email } });
    const file = await api.app.get(UploadsService, { strict: false }).finished(owner.id, uploadId, 'a.safetensors');
    await api.app.get(ModelFiles, { strict: false }).take([{ name: 'a.safetensors', ...file }], 1_000_000);
    const store = () => api.app.get(ObjectStore, { strict: false });
    expect(await store().has(sha256(bytes))).toBe(true);
    await api.restart();
    expect(await store().has(sha256(bytes))).toBe(false);
    const version = await register({ name: 'interrupted', more: { files: [{ uploadId, name: 'a.safetensors' }] } });
    expect(version.artifacts[0]?.sha256).toBe(sha256(bytes));
    expect(await store().path(sha256(bytes))).not.toBeNull();
  });

  it('keeps equal files once, and frees them with the last version', async () => {
    const files = { 'model.safetensors': safetensors([5, 5, 5, 5]) };
    const [one, two] = [await register({ name: 'equal', files }), await register({ name: 'equal', files })];
    expect(one.artifacts).toEqual(two.artifacts);
    const digest = one.artifacts[0]?.sha256 ?? '';
    const { modelId } = one;
    await api.owner.call(routes.remove, { params: { modelId, version: '1.0.0' } });
    const freed = await api.owner.call(routes.purge, { params: { modelId, version: '1.0.0' } });
    expect(freed.freedBytes).toBe(0);
    expect(await api.app.get(ObjectStore, { strict: false }).has(digest)).toBe(true);
    expect(await incoming()).toEqual([]);
  });

  it('refuses a dataset version that the project has not, and one beside a name or a run', async () => {
    const wish = (more: Record<string, unknown>) => codeOf(register({ name: 'measured', more }));
    expect(await wish({ datasetVersion: 'dsv_none' })).toBe('dataset.not_found');
    const { id: projectId } = await api.owner.call(projectRoutes.create, { body: { name: 'Others' } });
    const datasetVersion = await addDatasetVersion(api, { projectId });
    expect(await wish({ datasetVersion })).toBe('dataset.not_found');
    expect(await wish({ datasetVersion, datasetName: 'pets' })).toBe('request.invalid');
    expect(await wish({ datasetVersion, run: 'run_1', files: undefined })).toBe('request.invalid');
    expect(await api.database.registeredModel.count({ where: { name: 'measured' } })).toBe(0);
    expect(await incoming()).toEqual([]);
  });

  it('says what kind each file is', async () => {
    const files = {
      'a.onnx': onnxClassifier(),
      'b.safetensors': safetensors(),
      'c.pth': await pytorchZip(),
      'd.pt': await pytorchZip({ 'archive/constants.pkl': '.', 'archive/code/__torch__.py': '' }),
      'e.torchscript': await pytorchZip({ 'archive/constants.pkl': '.' }),
      'f.pth': Buffer.concat([Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'), Buffer.from('cos\nsystem\n')]),
      'labels.txt': Buffer.from('cat\ndog\n'),
    };
    const { artifacts } = await register({ name: 'kinds', files });
    expect(Object.fromEntries(artifacts.map(({ name, kind }) => [name, kind]))).toEqual({
      'a.onnx': 'onnx',
      'b.safetensors': 'safetensors',
      'c.pth': 'pytorch',
      'd.pt': 'torchscript',
      'e.torchscript': 'torchscript',
      'f.pth': 'pytorch_legacy',
      'labels.txt': 'other',
    });
  });

  it('unpacks a zip of several, without the folder around them and what file managers leave', async () => {
    const contents = {
      'final/model.onnx': onnxClassifier(8, [protobufField(5, externalTensor('model.onnx.data'))]),
      'final/model.onnx.data': Buffer.alloc(12),
      'final/notes/읽어 보세요.md': '# hi',
      '__MACOSX/final/._model.onnx': 'x',
    };
    const { artifacts, ...made } = await register({ name: 'several', files: await zipped(contents) });
    expect(artifacts.map(({ name, kind }) => [name, kind])).toEqual([
      ['model.onnx', 'onnx'],
      ['model.onnx.data', 'other'],
      ['notes/읽어 보세요.md', 'other'],
    ]);
    expect(artifacts[1]?.sha256).toBe(sha256(Buffer.alloc(12)));
    const file = { modelId: made.modelId, version: made.version, name: 'notes/읽어 보세요.md' };
    expect(await (await api.owner.download(routes.artifact, { params: file })).text()).toBe('# hi');
    expect(await incoming()).toEqual([]);
  });
});

describe('registering what a run left', () => {
  const ask = (run: string | undefined, more: Record<string, unknown> = {}, projectId = api.projectId) => {
    const said = { name: 'from a run', bump: 'major' as const, framework: 'pytorch', architecture: 'resnet18' };
    const body = { ...said, taskType: 'classification' as const, key: crypto.randomUUID(), run, ...more };
    return api.owner.call(routes.register, { params: { projectId }, body });
  };

  /** A run that left a model, its last checkpoint and a lock. */
  async function runWithFiles(): Promise<string> {
    const runId = await addRun(api, { status: 'completed' });
    for (const name of ['model.onnx', 'last.pth', 'environment.lock']) {
      const blob = await api.app
        .get(ObjectStore, { strict: false })
        .put(Readable.from([Buffer.from(`${name} of a run`)]));
      await api.database.runArtifact.create({ data: { runId, name, ...blob } });
    }
    await api.database.run.update({ where: { id: runId }, data: { result: runResult(0.9) } });
    return runId;
  }

  it('makes a version of its files, config and figures under a name of one’s own', async () => {
    const runId = await runWithFiles();
    const version = await ask(runId, { metrics: { 'mAP@50': 0.5 }, memo: '현장용' });
    expect(version).toMatchObject({
      modelName: 'from a run',
      version: '1.0.0',
      runId,
      config: { dataset: { name: 'pets' } },
      metrics: { val_accuracy: 0.9, 'mAP@50': 0.5 },
      valAccuracy: 0.9,
      memo: '현장용',
      datasetVersionSha256: '0'.repeat(64),
      result: { metrics: { val_accuracy: 0.9 } },
    });
    expect(version.artifacts.map(({ name }) => name)).toEqual(['environment.lock', 'model.onnx']);
    const file = { params: { modelId: version.modelId, version: '1.0.0', name: 'model.onnx' } };
    expect(await (await api.owner.download(routes.artifact, file)).text()).toBe('model.onnx of a run');
  });

  it('gives 50 at once distinct versions without gaps, and a repeat the same', async () => {
    const runId = await runWithFiles();
    const keys = Array.from({ length: 50 }, () => crypto.randomUUID());
    const more = { name: 'fifty', bump: 'patch' };
    const made = await Promise.all([...keys, ...keys].map((key) => ask(runId, { ...more, key })));
    expect(made.slice(50).map(({ version }) => version)).toEqual(made.slice(0, 50).map(({ version }) => version));
    const patches = made.slice(0, 50).map(({ version }) => Number(version.split('.')[2]));
    expect(patches.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at));
    const [{ modelId } = { modelId: '' }] = made;
    const changes = await api.owner.call(routes.aliasChanges, { params: { modelId } });
    expect(changes).toHaveLength(50);
    for (const [at, change] of changes.entries()) {
      if (changes[at + 1]) expect(change.before).toEqual(changes[at + 1]?.after);
    }
  });

  it('adds those that can be added of many at once, and says of each other why not', async () => {
    const runId = await runWithFiles();
    await ask(runId, { name: 'mixed' });
    const wishes = Array.from({ length: 12 }, (_, at) => {
      if (at % 4 === 1) return { taskType: 'detection' };
      if (at % 4 === 2) return { madeFrom: '7.0.0' };
      if (at % 4 === 3) return { name: 'mixed and new', madeFrom: '1.0.0' };
      return { bump: 'patch' };
    });
    const said = await Promise.allSettled(wishes.map((wish) => ask(runId, { name: 'mixed', ...wish })));
    const made = said.map((one) => (one.status === 'fulfilled' ? one.value.version : one.reason.code));
    const refused = ['model.task_differs', 'model.not_found', 'model.not_found'];
    expect(made).toEqual(['1.0.1', ...refused, '1.0.2', ...refused, '1.0.3', ...refused]);
    const query = { search: 'mixed' };
    const { models } = await api.owner.call(routes.list, { params: { projectId: api.projectId }, query });
    expect(models.map(({ name, versionCount }) => [name, versionCount])).toEqual([['mixed', 4]]);
    expect(await api.database.registeredModel.count({ where: { name: 'mixed and new' } })).toBe(0);
  });

  it('refuses a run that is not of the project, one without files, and neither or both of run and files', async () => {
    const runId = await runWithFiles();
    const { id: elsewhere } = await api.owner.call(projectRoutes.create, { body: { name: 'Elsewhere' } });
    expect(await codeOf(ask(runId, {}, elsewhere))).toBe('run.not_found');
    expect(await codeOf(ask('run_0'))).toBe('run.not_found');
    expect(await codeOf(ask(await addRun(api)))).toBe('run.no_files');
    expect(await codeOf(ask(undefined))).toBe('request.invalid');
    expect(await codeOf(ask(runId, { files: [{ uploadId: 'upl_1', name: 'a.onnx' }] }))).toBe('request.invalid');
    expect(await codeOf(ask(runId, { madeFrom: '9.9.9' }))).toBe('model.not_found');
  });

  it('says which version it was converted or quantized from, and that one of which came of it', async () => {
    const runId = await runWithFiles();
    await ask(runId, { name: 'family' });
    const child = await ask(runId, { name: 'family', bump: 'patch', madeFrom: '1.0.0' });
    expect([child.version, child.madeFrom]).toEqual(['1.0.1', '1.0.0']);
    const parent = await api.owner.call(routes.version, { params: { modelId: child.modelId, version: '1.0.0' } });
    expect(parent.children).toEqual(['1.0.1']);
  });
});

/** Files as the libraries themselves write them. */
const WRITE_FILES = `
import sys, torch
from pathlib import Path
from safetensors.torch import save_file
folder = Path(sys.argv[1])
nn = torch.nn
model = nn.Sequential(nn.Conv2d(3, 16, 5, 4), nn.BatchNorm2d(16), nn.Flatten(), nn.Linear(3600, 4)).eval()
torch.save(model.state_dict(), folder / 'new.pth')
torch.save(model, folder / 'whole.pt')
torch.save(model.state_dict(), folder / 'old.pth', _use_new_zipfile_serialization=False)
torch.jit.trace(model, torch.zeros(1, 3, 64, 64)).save(str(folder / 'traced.torchscript'))
save_file(model.state_dict(), folder / 'model.safetensors')
torch.onnx.export(model, (torch.zeros(1, 3, 64, 64),), folder / 'model.onnx', verbose=False)
`;

describe.skipIf(!existsSync(PYTHON))('what PyTorch, safetensors and ONNX write (needs the Python environment)', () => {
  it('is taken and known for what it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-files-'));
    try {
      await promisify(execFile)(PYTHON, ['-W', 'ignore', '-c', WRITE_FILES, folder], { cwd: TRAINER_FOLDER });
      const names = await readdir(folder);
      const read = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
      const { artifacts } = await register({ name: 'real', files: Object.fromEntries(await Promise.all(read)) });
      const kinds = Object.fromEntries(artifacts.map(({ name, kind }) => [name, kind]));
      expect(kinds).toEqual({
        'new.pth': 'pytorch',
        'whole.pt': 'pytorch',
        'old.pth': 'pytorch_legacy',
        'traced.torchscript': 'torchscript',
        'model.safetensors': 'safetensors',
        'model.onnx': 'onnx',
        'model.onnx.data': 'other',
      });
      const alone = { 'model.onnx': await readFile(join(folder, 'model.onnx')) };
      await expect(register({ name: 'real', files: alone })).rejects.toMatchObject({ code: 'model.external_data' });
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 180_000);
});
