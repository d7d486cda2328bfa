import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type ApiError, createClient } from '@mallo/client';
import { type Artifact, projectRoutes, registryRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectStore } from '../objects/object-store.js';
import { startTestApi, type TestApi } from '../testing/api.js';
import { programOf } from '../testing/program.js';
import { registration as registrationOf } from '../testing/rows.js';
import type { Registration } from './registrations.repository.js';
import { RegistryService } from './registry.service.js';

let api: TestApi;
let registry: RegistryService;
let store: ObjectStore;
beforeAll(async () => {
  api = await startTestApi();
  registry = api.app.get(RegistryService, { strict: false });
  store = api.app.get(ObjectStore, { strict: false });
});
afterAll(() => api.close());

async function keep(name: string, content: string): Promise<Artifact> {
  return { name, ...(await store.put(Readable.from([Buffer.from(content)]))) };
}

const registration = (name: string, change?: Partial<Registration>) => registrationOf(api, name, change);

describe('registering what a run made', () => {
  it('begins with 1.0.0 and counts the minor up', async () => {
    const first = await registry.registerRun(await registration('pets'));
    expect(first).toMatchObject({ name: 'pets', version: '1.0.0' });
    expect((await registry.registerRun(await registration('pets'))).version).toBe('1.1.0');
    expect((await registry.registerRun(await registration('birds'))).version).toBe('1.0.0');
  });

  it('answers the same version when the step is tried again', async () => {
    const input = await registration('again', { artifacts: [await keep('model.onnx', 'again')] });
    const [first, ...repeats] = await Promise.all([1, 2, 3].map(() => registry.registerRun(input)));
    expect(repeats).toEqual([first, first]);
    const { versions } = await api.owner.call(registryRoutes.get, { params: { modelId: first?.modelId ?? '' } });
    expect(versions).toHaveLength(1);
  });

  it('gives trainings that end at once distinct versions without gaps', async () => {
    const inputs = await Promise.all(Array.from({ length: 8 }, () => registration('busy')));
    const refs = await Promise.all(inputs.map((input) => registry.registerRun(input)));
    expect(new Set(refs.map(({ modelId }) => modelId)).size).toBe(1);
    const versions = refs.map(({ version }) => version).sort();
    expect(versions).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0', '1.7.0']);
  });

  it('sorts 1.10.0 after 1.9.0', async () => {
    for (let number = 0; number < 10; number += 1) await registry.registerRun(await registration('many'));
    const ref = await registry.registerRun(await registration('many'));
    expect(ref.version).toBe('1.10.0');
    const { versions } = await api.owner.call(registryRoutes.get, { params: { modelId: ref.modelId } });
    expect(versions.map(({ version }) => version).slice(0, 3)).toEqual(['1.10.0', '1.9.0', '1.8.0']);
  });

  it('keeps everything that made the version', async () => {
    const input = await registration('whole', {
      artifacts: [await keep('model.onnx', 'o'), await keep('a.lock', 'l')],
    });
    const ref = await registry.registerRun(input);
    const version = await api.owner.call(registryRoutes.version, {
      params: { modelId: ref.modelId, version: '1.0.0' },
    });
    expect(version).toMatchObject({
      modelName: 'whole',
      runId: input.runId,
      valAccuracy: 0.956,
      config: input.config,
      datasetVersionSha256: input.datasetVersionSha256,
      recipe: 'timm_classification.py',
      result: input.result,
    });
    expect(version.artifacts.map(({ name }) => name)).toEqual(['a.lock', 'model.onnx']);
    const { models } = await api.owner.call(registryRoutes.list, { params: { projectId: api.projectId } });
    expect(models[0]?.name).toBe('whole');
  });
});

describe('downloading a file of a version', () => {
  it('gives the bytes with their length, digest and a name for the disk', async () => {
    const artifact = await keep('model.onnx', '모델의 바이트');
    const { modelId } = await registry.registerRun(
      await registration('고양이 "3종" 분류/#1', { artifacts: [artifact] }),
    );
    const answer = await api.owner.download(registryRoutes.artifact, {
      params: { modelId, version: '1.0.0', name: 'model.onnx' },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(artifact.sha256);
    expect(answer.headers.get('content-length')).toBe(String(bytes.length));
    expect(answer.headers.get('etag')).toBe(`"${artifact.sha256}"`);
    const disposition = answer.headers.get('content-disposition') ?? '';
    const encoded = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1] ?? '';
    expect(decodeURIComponent(encoded)).toBe('고양이 "3종" 분류_#1-1.0.0-model.onnx');
  });

  it('goes on where it was cut', async () => {
    const artifact = await keep('model.onnx', '0123456789');
    const { modelId } = await registry.registerRun(await registration('cut', { artifacts: [artifact] }));
    const url = api.owner.url(registryRoutes.artifact, { params: { modelId, version: '1.0.0', name: 'model.onnx' } });
    const get = async (headers: Record<string, string>) => {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${api.owner.accessToken}`, ...headers } });
      const range = answer.headers.get('content-range');
      return { status: answer.status, range, text: answer.ok ? await answer.text() : '' };
    };
    expect(await get({ range: 'bytes=7-' })).toEqual({ status: 206, range: 'bytes 7-9/10', text: '789' });
    const same = { range: 'bytes=2-3', 'if-range': `"${artifact.sha256}"` };
    expect(await get(same)).toEqual({ status: 206, range: 'bytes 2-3/10', text: '23' });
    expect((await get({ range: 'bytes=2-3', 'if-range': '"another"' })).text).toBe('0123456789');
    expect((await get({ range: 'bytes=0-1,4-5' })).status).toBe(200);
    expect(await get({ range: 'bytes=10-' })).toEqual({ status: 416, range: 'bytes */10', text: '' });
  });

  it('refuses a file that was altered on the disk, before its first byte', async () => {
    const artifact = await keep('model.onnx', 'as it was');
    const { modelId } = await registry.registerRun(await registration('altered', { artifacts: [artifact] }));
    const request = { params: { modelId, version: '1.0.0', name: 'model.onnx' } };
    expect(await (await api.owner.download(registryRoutes.artifact, request)).text()).toBe('as it was');
    await writeFile((await store.path(artifact.sha256)) ?? '', 'as it is.');
    await expect(api.owner.download(registryRoutes.artifact, request)).rejects.toMatchObject({
      code: 'model.artifact_missing',
    });
  });

  it('says that there is no such file, version or model', async () => {
    const { modelId } = await registry.registerRun(await registration('little'));
    const ask = (id: string, version: string) =>
      api.owner.download(registryRoutes.artifact, { params: { modelId: id, version, name: '../../secrets.json' } });
    await expect(ask(modelId, '1.0.0')).rejects.toMatchObject({ code: 'model.artifact_missing' });
    await expect(ask(modelId, '1.0.1')).rejects.toMatchObject({ code: 'model.not_found' });
    await expect(ask('mdl_0000000', '1.0.0')).rejects.toMatchObject({ code: 'model.not_found' });
  });

  it("refuses someone else's model", async () => {
    const { modelId } = await registry.registerRun(await registration('mine'));
    const stranger = await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'en' } });
    const client = createClient({ baseUrl: api.url, accessToken: await api.tokenOf(stranger.id) });
    await expect(client.call(registryRoutes.get, { params: { modelId } })).rejects.toMatchObject({
      code: 'model.not_found',
    });
    const list = client.call(registryRoutes.list, { params: { projectId: api.projectId } });
    await expect(list).rejects.toMatchObject({ code: 'project.not_found' });
  });
});

describe('a mallo:// URI', () => {
  const resolve = (uri: string, project?: string) =>
    api.owner.call(registryRoutes.resolve, { query: { uri, project } });

  it('means the version that its alias points to now', async () => {
    const { modelId } = await registry.registerRun(await registration('고양이/3'));
    await registry.registerRun(await registration('고양이/3'));
    const uri = `mallo://models/${encodeURIComponent('고양이/3')}`;
    expect((await resolve(uri)).version).toBe('1.1.0');
    expect((await resolve(`${uri}/v1`)).version).toBe('1.0.0');
    const body = { version: '1.0.0', key: crypto.randomUUID() };
    await api.owner.call(registryRoutes.promote, { params: { modelId }, body });
    expect(await resolve(`${uri}@champion`)).toMatchObject({ modelName: '고양이/3', version: '1.0.0' });
    await api.owner.call(registryRoutes.promote, {
      params: { modelId },
      body: { ...body, alias: '현장-1', key: crypto.randomUUID() },
    });
    for (const alias of ['@현장-1', '/@현장-1', '/현장-1']) expect((await resolve(uri + alias)).version).toBe('1.0.0');
    await expect(resolve(`${uri}@nothing`)).rejects.toMatchObject({ code: 'model.alias_unknown' });
    await expect(resolve('mallo://models/%00@champion')).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('says what is missing of a model, and how to ask for what there is', async () => {
    await registry.registerRun(await registration('known'));
    const sentence = async (uri: string) => {
      const error = await resolve(uri).catch((thrown: ApiError) => thrown);
      const { en, ko } = (error as ApiError).messages;
      return [(error as ApiError).code, en.split('.')[0], ko.split('.')[0]];
    };
    const uri = 'mallo://models/known';
    expect(await sentence(`${uri}/best:nope`)).toEqual([
      'model.metric_unknown',
      'No version of “known” has the figure “nope”, so none is best by it',
      '“known” 모델의 어느 버전에도 “nope” 지표가 없어 가장 나은 버전을 고를 수 없습니다',
    ]);
    expect((await sentence(`${uri}/v9`))[0]).toBe('model.version_unknown');
    expect((await sentence(`${uri}/Archived`))[0]).toBe('model.stage_empty');
    expect((await sentence(`${uri}/Production`))[1]).toBe('“known” has no alias @champion');
    expect((await sentence('mallo://models/unknown'))[0]).toBe('model.not_found');
  });

  it('finds a model whose Korean name is typed as macOS does, or was given so', async () => {
    await registry.registerRun(await registration('폐결절'.normalize('NFD')));
    const { modelName } = await api.owner.call(registryRoutes.resolve, { query: { uri: 'mallo://models/폐결절' } });
    expect(modelName).toBe('폐결절');
    expect((await resolve(`mallo://models/${'폐결절'.normalize('NFD')}`)).modelName).toBe('폐결절');
    const query = { search: '결절'.normalize('NFD') };
    const { models } = await api.owner.call(registryRoutes.list, { params: { projectId: api.projectId }, query });
    expect(models.map(({ name }) => name)).toEqual(['폐결절']);
  });

  it('asks for the project when two have a model of that name', async () => {
    const other = await api.owner.call(projectRoutes.create, { body: { name: 'Other' } });
    await registry.registerRun(await registration('twice'));
    await registry.registerRun(await registration('twice', { projectId: other.id }));
    await expect(resolve('mallo://models/twice')).rejects.toMatchObject({ code: 'model.ambiguous' });
    expect((await resolve('mallo://models/twice', other.id)).projectId).toBe(other.id);
  });

  it('means the model of the project that a token stands for, and of another where that has none', async () => {
    const other = await api.owner.call(projectRoutes.create, { body: { name: 'Of the program' } });
    await registry.registerRun(await registration('shared'));
    await registry.registerRun(await registration('shared', { projectId: other.id }));
    await registry.registerRun(await registration('only here'));
    const { token } = await programOf(api, { projectId: other.id });
    const program = createClient({ baseUrl: api.url, accessToken: token });
    const projectOf = async (uri: string, project?: string) =>
      (await program.call(registryRoutes.resolve, { query: { uri, project } })).projectId;
    expect(await projectOf('mallo://models/shared')).toBe(other.id);
    expect(await projectOf('mallo://models/shared', api.projectId)).toBe(api.projectId);
    expect(await projectOf('mallo://models/only%20here')).toBe(api.projectId);
    await registry.registerRun(await registration('only here', { projectId: other.id }));
    expect(await projectOf('mallo://models/only%20here')).toBe(other.id);
    await expect(projectOf('mallo://models/shared/9.9.9')).rejects.toMatchObject({ code: 'model.version_unknown' });
  });

  it('is refused when it is none', async () => {
    for (const uri of [
      'models/pets',
      'mallo://models/',
      'mallo://models/a b',
      'mallo://models/../x/1',
      'file:///etc',
    ]) {
      await expect(resolve(uri)).rejects.toMatchObject({ code: 'request.invalid' });
    }
  });
});
