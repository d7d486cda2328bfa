import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createClient } from '@mallo/client';
import {
  type Artifact,
  projectRoutes,
  type RegistryImport,
  type RegistryModel,
  registryFileRoutes,
  registryRoutes,
} from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { ObjectStore } from '../objects/object-store.js';
import { RegistryService } from '../registry/registry.service.js';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { externalTensor, onnxClassifier, protobufField, pytorchZip, safetensors } from '../testing/model-files.js';
import { registryModel, registryYaml as yamlOf } from '../testing/registry-yaml.js';
import { registration } from '../testing/rows.js';
import { registerFiles, upload } from '../testing/uploads.js';
import { type Contents, makeZip, renameInZip } from '../testing/zip.js';

/** Exported by another Mallo, with a database of its own. */
let zip: Buffer;
let api: TestApi;
beforeAll(async () => {
  const first = await startTestApi();
  zip = await exported(first, await eventful(first));
  await first.close();
  api = await startTestApi({ MALLO_UNPACKED_LIMIT_BYTES: 5_000_000 });
});
afterAll(() => api.close());

const key = () => crypto.randomUUID();

async function newProject(of: TestApi): Promise<string> {
  return (await of.owner.call(projectRoutes.create, { body: { name: key() } })).id;
}

async function exported(of: TestApi, projectId: string): Promise<Buffer> {
  const answer = await of.owner.download(registryFileRoutes.export, { params: { projectId } });
  return Buffer.from(await answer.arrayBuffer());
}

async function imported(bytes: Buffer, projectId?: string): Promise<RegistryImport & { projectId: string }> {
  const params = { projectId: projectId ?? (await newProject(api)) };
  const body = { uploadId: await upload(api, bytes), key: key() };
  return { ...params, ...(await api.owner.call(registryFileRoutes.import, { params, body })) };
}

async function contentsOf(zip: Buffer): Promise<Record<string, Buffer>> {
  const contents: Record<string, Buffer> = {};
  const file = await fromBufferPromise(zip);
  for await (const entry of file.eachEntry()) {
    contents[entry.fileName] = await buffer(await file.openReadStreamPromise(entry));
  }
  return contents;
}

/** A registry in which everything that can happen to a model has happened. */
async function eventful(of: TestApi): Promise<string> {
  const projectId = await newProject(of);
  const place = { ...of, projectId };
  const store = of.app.get(ObjectStore, { strict: false });
  const keep = async (name: string, bytes: Buffer): Promise<Artifact> => ({
    name,
    ...(await store.put(Readable.from([bytes]))),
  });
  const turn = {
    role: 'user' as const,
    text: '--- \n고양이 3종 학습해 줘: "네" # *&',
    createdAt: '2026-01-02T03:04:05.000Z',
  };
  const trained = await registration(of, '고양이/3: "종"', {
    projectId,
    artifacts: [await keep('model.onnx', onnxClassifier()), await keep('environment.lock', Buffer.from('torch==2\n'))],
    transcript: {
      conversationId: 'cnv_1',
      turns: [turn],
      configTurn: 0,
      understoodHash: 'a',
      startedHash: 'b',
      edits: ['x: 1 → 2'],
    },
  });
  const { modelId } = await of.app.get(RegistryService, { strict: false }).registerRun(trained);
  const memo = '---\nfirst\n--- # no document\n\ttab: "x"\n%YAML 9\n- 말로 🐈 \u2028 \u0085end\n\n';
  const names = ['Model', 'model', 'CON ', 'a/b', 'a_b', '1.0', 'true', '~', '한'.repeat(200), '..x'];
  for (const [at, name] of names.entries()) {
    await registerFiles(place, { name, files: { 'model.safetensors': safetensors([at]) }, more: { memo } });
  }
  // A name that nobody can give here any more, but that models have.
  const artifacts = [await keep('model.safetensors', safetensors([99]))];
  await of.app
    .get(RegistryService, { strict: false })
    .registerRun(await registration(of, '🐈', { projectId, artifacts }));
  const files = {
    'model.zip': await makeZip({
      'x/model.onnx': onnxClassifier(8, [protobufField(5, externalTensor('model.onnx.data'))]),
      'x/model.onnx.data': Buffer.alloc(12),
      'x/notes/읽어 보세요.md': '# hi',
      'x/empty.txt': '',
      'x/.hidden': 'h',
    }),
    'weights.pth': await pytorchZip(),
  };
  const metrics = { val_accuracy: 0.91, 'mAP@50': 1e-9, tiny: 5e-324, whole: 1 };
  const more = { metrics, classNames: ['고양이', 'null'], inputShape: [1, 3, 8, 8], datasetName: 'pets: v3' };
  await registerFiles(place, { name: '고양이/3: "종"', files, more });
  for (const tag of ['c', 'd', 'e']) {
    const child = { memo: tag, madeFrom: '1.1.0', metrics: {} };
    await registerFiles(place, { name: '고양이/3: "종"', bump: 'patch', more: child });
  }
  const version = (number: string) => ({ modelId, version: number });
  const { owner } = of;
  await owner.call(registryRoutes.promote, {
    params: { modelId },
    body: { version: '1.0.0', key: key(), reason: '처음' },
  });
  await owner.call(registryRoutes.promote, { params: { modelId }, body: { version: '1.1.0', key: key() } });
  await owner.call(registryRoutes.rollback, { params: { modelId }, body: { key: key(), reason: 'no: good' } });
  const gates = [{ metric: 'val_accuracy', direction: 'max' as const, margin: 0.01 }];
  await owner.call(registryRoutes.setGates, { params: { modelId }, body: { gates, key: key(), reason: '엄격히' } });
  await owner.call(registryRoutes.tag, { params: { modelId }, body: { team: '비전', 'a: b': '- [x]' } });
  await owner.call(registryRoutes.tagVersion, { params: version('1.1.0'), body: { on: 'off' } });
  const deprecate = { params: version('1.1.1'), body: { deprecation: 'old: camera' } };
  await owner.call(registryRoutes.deprecate, deprecate);
  const first = await owner.call(registryRoutes.writeNotes, {
    params: version('1.0.0'),
    body: { text: '# 메모\n\n---\n', after: null },
  });
  const again = { text: '# 메모 둘\n', after: first.notes?.id ?? null };
  await owner.call(registryRoutes.writeNotes, { params: version('1.0.0'), body: again });
  await owner.call(registryRoutes.removeAlias, { params: { modelId, alias: 'candidate' }, body: { key: key() } });
  await owner.call(registryRoutes.remove, { params: version('1.1.2') });
  await owner.call(registryRoutes.remove, { params: version('1.1.3') });
  await owner.call(registryRoutes.purge, { params: version('1.1.3') });
  return projectId;
}

describe('a registry that is exported and imported', () => {
  it('is the same in another Mallo, to the last byte of its export', async () => {
    const made = await imported(zip);
    expect(made).toMatchObject({ models: 12, versions: 16, idsKept: true });
    const again = await exported(api, made.projectId);
    expect((await contentsOf(again))['registry.yaml']?.toString()).toBe(
      (await contentsOf(zip))['registry.yaml']?.toString(),
    );
    expect(again.equals(zip)).toBe(true);
  });

  it('is there as it was: found, described, downloaded, restored', async () => {
    const made = await imported(zip);
    const params = { projectId: made.projectId };
    expect(made.idsKept).toBe(false);
    const { models } = await api.owner.call(registryRoutes.list, { params, query: { search: '양이' } });
    expect(models).toMatchObject([
      {
        name: '고양이/3: "종"',
        tags: { team: '비전' },
        aliases: { champion: '1.0.0', rollback: '1.1.0' },
        versionCount: 3,
        latest: { version: '1.1.0', deprecation: null },
      },
    ]);
    const modelId = models[0]?.id ?? '';
    const of = (version: string) => ({ params: { modelId, version } });
    const [one, two] = [await api.owner.call(registryRoutes.version, of('1.0.0')), of('1.1.0')];
    expect(one).toMatchObject({ notes: { text: '# 메모 둘\n', by: 'Owner' }, runId: null });
    expect(one.transcript?.turns[0]?.text).toContain('고양이 3종');
    const file = { params: { ...two.params, name: 'notes/읽어 보세요.md' } };
    expect(await (await api.owner.download(registryRoutes.artifact, file)).text()).toBe('# hi');
    expect((await api.owner.call(registryRoutes.version, two)).children).toEqual(['1.1.1']);
    const changes = await api.owner.call(registryRoutes.aliasChanges, { params: { modelId } });
    expect(changes.map(({ action }) => action).reverse()).toEqual([
      ...Array(5).fill('register'),
      'promote',
      'promote',
      'rollback',
      'remove',
    ]);
    expect(changes.find(({ reason }) => reason === '처음')?.by).toBe('Owner');
    expect(await codeOf(api.owner.call(registryRoutes.restore, of('1.1.3')))).toBe('model.not_found');
    expect((await api.owner.call(registryRoutes.restore, of('1.1.2'))).memo).toBe('d');
    const promotion = { params: { modelId }, body: { version: '1.1.1', key: key() } };
    expect(await codeOf(api.owner.call(registryRoutes.promote, promotion))).toBe('model.gate_metric_missing');
    // The next version counts on from the purged one.
    const next = { params, query: { name: '고양이/3: "종"' } };
    expect((await api.owner.call(registryRoutes.nextVersions, next)).patch).toBe('1.1.4');
  });

  it('is a file that people read, with the files of its models where it says', async () => {
    const contents = await contentsOf(zip);
    const yaml = contents['registry.yaml']?.toString() ?? '';
    expect(yaml).toMatch(/^# A registry of Mallo/);
    expect(yaml).toContain('\nmodel: \'고양이/3: "종"\'\n');
    expect(Object.keys(contents)).toEqual(
      expect.arrayContaining(['models/고양이_3_ _종_/1.0.0/model.onnx', 'models/Model/1.0.0/model.safetensors']),
    );
    // On file systems that know no case these two are one.
    expect(Object.keys(contents)).toContain('models/model~2/1.0.0/model.safetensors');
    const paths = Object.keys(contents).map((path) => path.toLowerCase());
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('is taken over once, however often it is sent', async () => {
    const params = { projectId: await newProject(api) };
    const body = { uploadId: await upload(api, zip), key: key() };
    const ask = () => api.owner.call(registryFileRoutes.import, { params, body });
    const [one, two] = await Promise.all([ask(), ask()]);
    expect([two, await ask()]).toEqual([one, one]);
    const { models } = await api.owner.call(registryRoutes.list, { params });
    expect(models).toHaveLength(12);
  });

  it('can be zipped again by hand, in a folder and with what file managers leave', async () => {
    const inFolder = Object.entries(await contentsOf(zip)).map(([path, bytes]) => [`export/${path}`, bytes]);
    const again = await makeZip({ ...Object.fromEntries(inFolder), 'export/.DS_Store': 'x', '__MACOSX/._x': 'y' });
    expect((await imported(again)).models).toBe(12);
  });

  it('of no models is one of no models', async () => {
    const empty = await exported(api, await newProject(api));
    expect(await imported(empty)).toMatchObject({ models: 0, versions: 0, files: 0, sizeBytes: 0 });
  });

  it('is only given to its owner', async () => {
    const stranger = await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'en' } });
    const client = createClient({ baseUrl: api.url, accessToken: await api.tokenOf(stranger.id) });
    const params = { projectId: api.projectId };
    expect(await codeOf(client.download(registryFileRoutes.export, { params }))).toBe('project.not_found');
    const body = { uploadId: await upload(api, zip), key: key() };
    expect(await codeOf(client.call(registryFileRoutes.import, { params, body }))).toBe('project.not_found');
  });

  it('is not exported when a file of it was altered, before the first byte', async () => {
    const place = { ...api, projectId: await newProject(api) };
    const { artifacts } = await registerFiles(place, { files: { 'model.safetensors': safetensors([4, 2]) } });
    const path = await api.app.get(ObjectStore, { strict: false }).path(artifacts[0]?.sha256 ?? '');
    await writeFile(path ?? '', 'altered');
    const params = { projectId: place.projectId };
    await expect(api.owner.download(registryFileRoutes.export, { params })).rejects.toMatchObject({
      code: 'model.artifact_missing',
      params: { path: 'pets 1.0.0 model.safetensors' },
    });
  });
});

describe('what cannot be imported is refused, and leaves nothing', () => {
  const weights = safetensors([1, 2, 3]);
  const model = (
    change: Partial<RegistryModel> = {},
    files: Record<string, Buffer> = { 'model.safetensors': weights },
  ) => registryModel(change, files);
  const withVersion = (change: Partial<RegistryModel['versions'][number]>) => {
    const whole = model();
    return { ...whole, versions: whole.versions.map((version) => ({ ...version, ...change })) };
  };
  const zipOf = (yaml: string | Buffer, files: Contents = { 'models/pets/1.0.0/model.safetensors': weights }) =>
    makeZip({ 'registry.yaml': yaml, ...files });
  const named = (files: Record<string, Buffer>) =>
    zipOf(
      yamlOf(model({}, files)),
      Object.fromEntries(Object.entries(files).map(([n, b]) => [`models/pets/1.0.0/${n}`, b])),
    );
  const foreign = onnxClassifier(8, [protobufField(5, externalTensor('/etc/passwd'))]);
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((name, at) => {
      const before = `*${'abcdefgh'[at]}`;
      return `${name}: &${name} [${Array(9).fill(before).join(',')}]`;
    }),
  ].join('\n');

  it('is what is tested here when it is right', async () => {
    expect(await imported(await zipOf(yamlOf(model())))).toMatchObject({ models: 1, versions: 1, files: 1 });
  });

  const cases: [what: string, zip: () => Promise<Buffer> | Buffer, code: string][] = [
    ['no zip', () => Buffer.from('no zip'), 'model.file_mismatch'],
    ['a zip without registry.yaml', () => makeZip({ 'models/x.onnx': 'x' }), 'registry.file_missing'],
    ['an empty registry.yaml', () => zipOf(''), 'registry.unreadable'],
    ['a registry.yaml that is something else', () => zipOf('name: x\nversion: 3\n'), 'registry.unreadable'],
    ['one of a later format', () => zipOf('mallo-registry: 2\n---\nmodel: x\n'), 'registry.format_unknown'],
    ['one of a format that is text', () => zipOf('mallo-registry: one\n'), 'registry.format_unknown'],
    ['one that is no YAML', () => zipOf(`mallo-registry: 1\n---\n{ "a: [\n`), 'registry.unreadable'],
    ['one that is no UTF-8', () => zipOf(Buffer.from([0x6d, 0xff, 0xfe])), 'registry.unreadable'],
    ['a YAML bomb', () => zipOf(`mallo-registry: 1\n---\n${bomb}\n`), 'registry.unreadable'],
    [
      'YAML that is nested very deep',
      () => zipOf(`mallo-registry: 1\n---\n${'['.repeat(100_000)}\n`),
      'registry.unreadable',
    ],
    [
      'a document without end',
      () => zipOf(`mallo-registry: 1\n---\nmodel: ${'x'.repeat(4_900_000)}\n`),
      'registry.unreadable',
    ],
    ['a YAML tag that makes objects', () => zipOf(`mallo-registry: 1\n---\n!!js/function x\n`), 'registry.unreadable'],
    ['a field that nobody knows', () => zipOf(yamlOf({ ...model(), colour: 'red' })), 'registry.unreadable'],
    ['a name with a path', () => zipOf(yamlOf(model({ model: '../x' }))), 'registry.unreadable'],
    ['a NUL', () => zipOf(yamlOf(withVersion({ memo: 'a\0b' }))), 'registry.unreadable'],
    ['figures that are none', () => zipOf(yamlOf(withVersion({ metrics: { a: Number.NaN } }))), 'registry.unreadable'],
    ['an alias of nothing', () => zipOf(yamlOf(model({ aliases: { champion: '2.0.0' } }))), 'registry.unreadable'],
    [
      'an alias of a deleted version',
      () => {
        const gone = withVersion({ deletedAt: '2026-01-02T03:04:05.000Z' });
        return zipOf(yamlOf({ ...gone, aliases: { champion: '1.0.0' } }));
      },
      'registry.unreadable',
    ],
    [
      'a version twice',
      () => zipOf(yamlOf(model({ versions: [...model().versions, ...model().versions] }))),
      'registry.unreadable',
    ],
    ['a model twice', () => zipOf(yamlOf(model(), model())), 'registry.unreadable'],
    ['a parent that is not there', () => zipOf(yamlOf(withVersion({ madeFrom: '3.0.0' }))), 'registry.unreadable'],
    ['a file that is missing', () => zipOf(yamlOf(model()), {}), 'registry.file_missing'],
    [
      'a file that was altered',
      () => zipOf(yamlOf(model()), { 'models/pets/1.0.0/model.safetensors': safetensors([1, 2, 4]) }),
      'registry.file_altered',
    ],
    [
      'registry.yaml as a file of a model',
      () => {
        const [version] = model().versions;
        const files = (version?.files ?? []).map((file) => ({ ...file, path: 'registry.yaml' }));
        return zipOf(yamlOf(withVersion({ files })));
      },
      'registry.file_missing',
    ],
    [
      'a path that leads out',
      () => {
        const [version] = model().versions;
        const files = (version?.files ?? []).map((file) => ({ ...file, path: '../../secrets.json' }));
        return zipOf(yamlOf(withVersion({ files })));
      },
      'registry.file_missing',
    ],
    [
      'a zip that leads out of its folder',
      async () =>
        renameInZip(
          await makeZip({ 'registry.yaml': yamlOf(model()), 'aa/bb/cc/evil.yaml': 'x' }),
          'aa/bb/cc/evil.yaml',
          Buffer.from('aa/../../evil.yaml'),
        ),
      'dataset.unsafe_path',
    ],
    [
      'a zip with a link',
      () => makeZip({ 'registry.yaml': yamlOf(model()) }, { mode: 0o120777 }),
      'dataset.special_file',
    ],
    ['a zip that blows up', () => zipOf(yamlOf(model()), { zeros: Buffer.alloc(6_000_000) }), 'dataset.zip_bomb'],
    ['an ONNX that reads files of this machine', () => named({ 'model.onnx': foreign }), 'model.external_data_outside'],
    ['what is not what it is called', () => named({ 'model.onnx': Buffer.from('no ONNX') }), 'model.file_mismatch'],
    ['an empty model', () => named({ 'model.pth': Buffer.alloc(0) }), 'model.file_empty'],
  ];

  it.each(cases)('%s', async (_what, zip, code) => {
    const projectId = await newProject(api);
    const counts = () =>
      Promise.all([
        api.database.registeredModel.count(),
        api.database.modelVersion.count(),
        api.database.modelArtifact.count(),
      ]);
    const before = await counts();
    expect(await codeOf(imported(await zip(), projectId))).toBe(code);
    expect(await counts()).toEqual(before);
    expect(await readdir(join(api.home, 'objects', 'incoming'))).toEqual([]);
  });

  it('a project that has models, also while they are being registered', async () => {
    const place = { ...api, projectId: await newProject(api) };
    const zip = await zipOf(yamlOf(model()));
    await registerFiles(place, { name: 'first' });
    expect(await codeOf(imported(zip, place.projectId))).toBe('registry.not_empty');
    const raced = { ...api, projectId: await newProject(api) };
    const outcomes = await Promise.all([
      codeOf(imported(zip, raced.projectId)),
      codeOf(registerFiles(raced, { name: 'second' })),
    ]);
    const { models } = await api.owner.call(registryRoutes.list, { params: { projectId: raced.projectId } });
    const expected = outcomes[0] === 'registry.not_empty' ? ['second'] : ['pets', 'second'];
    expect(models.map(({ name }) => name).sort()).toEqual(expected);
  });

  it('an upload that is unfinished or someone else’s', async () => {
    const params = { projectId: await newProject(api) };
    const body = { uploadId: 'upl_1', key: key() };
    expect(await codeOf(api.owner.call(registryFileRoutes.import, { params, body }))).toBe('upload.not_found');
  });
});
