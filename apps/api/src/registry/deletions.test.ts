import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { projectRoutes, registryRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Blob, ObjectStore } from '../objects/object-store.js';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { addRun, registration } from '../testing/rows.js';
import { DeletionsService } from './deletions.service.js';
import { RegistryService } from './registry.service.js';

const DAY_MS = 24 * 60 * 60 * 1000;

let api: TestApi;
let store: ObjectStore;
beforeAll(async () => {
  api = await startTestApi();
  store = api.app.get(ObjectStore, { strict: false });
});
afterAll(() => api.close());

/** Adds a version with one file of so many bytes, which its run names too, and lets go of the candidate. */
async function addVersion(name: string, bytes = randomBytes(100)) {
  const blob = await store.put(Readable.from([bytes]));
  const runId = await addRun(api);
  await api.database.runArtifact.create({ data: { runId, name: 'model.onnx', ...blob } });
  const artifacts = [{ name: 'model.onnx', ...blob }];
  const input = await registration(api, name, { runId, artifacts });
  const ref = await api.app.get(RegistryService, { strict: false }).registerRun(input);
  const params = { modelId: ref.modelId, version: ref.version };
  const key = crypto.randomUUID();
  await api.owner.call(routes.removeAlias, { params: { ...params, alias: 'candidate' }, body: { key } });
  return { params, sha256: blob.sha256 };
}

const remove = (params: { modelId: string; version: string }) => api.owner.call(routes.remove, { params });
const storage = () => api.owner.call(routes.storage, { params: { projectId: api.projectId } });
const versionsOf = async (modelId: string) =>
  (await api.owner.call(routes.get, { params: { modelId } })).versions.map(({ version }) => version);

describe('a deleted version', () => {
  it('is no longer found, and is found again when it is restored', async () => {
    const { params } = await addVersion('restored');
    const deleted = await remove(params);
    expect(Date.parse(deleted.purgeAt) - Date.parse(deleted.deletedAt)).toBe(30 * DAY_MS);
    expect(await remove(params)).toEqual(deleted);
    expect(await versionsOf(params.modelId)).toEqual([]);
    expect(await codeOf(api.owner.call(routes.version, { params }))).toBe('model.not_found');
    const uri = 'mallo://models/restored/1.0.0';
    expect(await codeOf(api.owner.call(routes.resolve, { query: { uri } }))).toBe('model.version_unknown');
    expect((await storage()).deleted).toContainEqual(deleted);
    await api.owner.call(routes.restore, { params });
    expect(await versionsOf(params.modelId)).toEqual(['1.0.0']);
    expect((await storage()).deleted).toEqual([]);
  });

  it('frees what it held when it is purged, and its number is never used again', async () => {
    const { params, sha256 } = await addVersion('purged', randomBytes(1000));
    await remove(params);
    const before = await storage();
    expect(before.deleted.map(({ sizeBytes }) => sizeBytes)).toEqual([1000]);
    expect(await api.owner.call(routes.purge, { params })).toEqual({ freedBytes: 1000 });
    const after = await storage();
    expect(before.heldBytes - after.heldBytes).toBe(1000);
    expect(after.deleted).toEqual([]);
    expect(await api.database.runArtifact.count({ where: { sha256 } })).toBe(0);
    expect(await codeOf(api.owner.call(routes.restore, { params }))).toBe('model.not_found');
    expect((await addVersion('purged')).params.version).toBe('1.1.0');
  });

  it('keeps a file that another version points to as well', async () => {
    const bytes = randomBytes(500);
    const { params, sha256 } = await addVersion('shared', bytes);
    await addVersion('shared', bytes);
    expect(await remove(params)).toMatchObject({ sizeBytes: 500, freedBytes: 0 });
    expect((await storage()).freeableBytes).toBe(0);
    expect(await api.owner.call(routes.purge, { params })).toEqual({ freedBytes: 0 });
    expect(await store.path(sha256)).not.toBeNull();
  });

  it('says that nothing goes while a run, a program’s log or another project holds the same bytes', async () => {
    const [ofRun, ofLog, ofProject] = [randomBytes(100), randomBytes(200), randomBytes(300)];
    const files = await Promise.all([ofRun, ofLog, ofProject].map((bytes) => store.put(Readable.from([bytes]))));
    const [run, log, project] = files as [Blob, Blob, Blob];
    await api.database.runArtifact.create({ data: { runId: await addRun(api), name: 'best.pth', ...run } });
    await api.database.loggedArtifact.create({ data: { projectId: api.projectId, root: 'r', path: 'r/a', ...log } });
    const other = await api.owner.call(projectRoutes.create, { body: { name: 'another project' } });
    const elsewhere = { projectId: other.id, artifacts: [{ name: 'model.onnx', ...project }] };
    await api.app.get(RegistryService, { strict: false }).registerRun(await registration(api, 'elsewhere', elsewhere));
    for (const [name, bytes] of Object.entries({ ofRun, ofLog, ofProject })) {
      const { params } = await addVersion(`held ${name}`, bytes);
      expect(await remove(params), name).toMatchObject({ sizeBytes: bytes.length, freedBytes: 0 });
      expect(await api.owner.call(routes.purge, { params }), name).toEqual({ freedBytes: 0 });
    }
  });

  it('says how many bytes go with it and how many with all, of what several deleted ones hold', async () => {
    const bytes = randomBytes(700);
    const [one, two] = [await addVersion('both', bytes), await addVersion('both', bytes)];
    for (const { params } of [one, two]) await remove(params);
    const freed = async () => {
      const { deleted, freeableBytes } = await storage();
      return [deleted.map(({ freedBytes }) => freedBytes), freeableBytes];
    };
    expect(await freed()).toEqual([[0, 0], 700]);
    expect(await api.owner.call(routes.purge, one)).toEqual({ freedBytes: 0 });
    expect(await freed()).toEqual([[700], 700]);
    expect(await api.owner.call(routes.purge, two)).toEqual({ freedBytes: 700 });
    expect(await freed()).toEqual([[], 0]);
  });

  it('counts what only its run names, and a file with two names once', async () => {
    const [model, checkpoint] = [randomBytes(400), randomBytes(90)];
    const runId = await addRun(api);
    const blob = await store.put(Readable.from([model]));
    const last = await store.put(Readable.from([checkpoint]));
    for (const [name, file] of Object.entries({ 'best.pth': blob, 'last.pth': last })) {
      await api.database.runArtifact.create({ data: { runId, name, ...file } });
    }
    const artifacts = ['model.pth', 'best.pth'].map((name) => ({ name, ...blob }));
    const input = await registration(api, 'counted', { runId, artifacts });
    const { modelId, version } = await api.app.get(RegistryService, { strict: false }).registerRun(input);
    const params = { modelId, version };
    await api.owner.call(routes.removeAlias, { params: { ...params, alias: 'candidate' }, body: { key: input.runId } });
    const before = await storage();
    expect(await remove(params)).toMatchObject({ sizeBytes: 400, freedBytes: 490 });
    expect(await api.owner.call(routes.purge, { params })).toEqual({ freedBytes: 490 });
    expect(before.heldBytes - (await storage()).heldBytes).toBe(490);
  });

  it('is purged by itself after 30 days, not before', async () => {
    const { params } = await addVersion('forgotten');
    await remove(params);
    const deletions = api.app.get(DeletionsService, { strict: false });
    await deletions.purgeExpired(new Date(Date.now() + 29.9 * DAY_MS));
    expect((await storage()).deleted.map(({ modelName }) => modelName)).toContain('forgotten');
    await deletions.purgeExpired(new Date(Date.now() + 30.1 * DAY_MS));
    expect((await storage()).deleted.map(({ modelName }) => modelName)).not.toContain('forgotten');
  });
});

describe('deleting', () => {
  it('is refused while an alias points to the version', async () => {
    const { params } = await addVersion('aliased');
    const body = { version: params.version, key: crypto.randomUUID() };
    await api.owner.call(routes.promote, { params, body });
    await expect(remove(params)).rejects.toMatchObject({
      code: 'model.version_aliased',
      messages: { en: expect.stringContaining('@champion') },
    });
    expect(await versionsOf(params.modelId)).toEqual(['1.0.0']);
  });

  it('and promoting at once leave no alias of a deleted version', async () => {
    const { params } = await addVersion('raced');
    const body = { version: params.version, key: crypto.randomUUID() };
    const outcomes = await Promise.all([
      codeOf(remove(params)),
      codeOf(api.owner.call(routes.promote, { params, body })),
    ]);
    const { aliases, versions } = await api.owner.call(routes.get, { params });
    expect(Object.keys(aliases).length).toBe(versions.length);
    expect(outcomes.filter((code) => code === 'no error')).toHaveLength(1);
  });

  it('of an alias’s past does not let that state return', async () => {
    const { params } = await addVersion('gone');
    await api.owner.call(routes.promote, { params, body: { version: '1.0.0', key: crypto.randomUUID() } });
    const [first] = await api.owner.call(routes.aliasChanges, { params });
    const key = crypto.randomUUID();
    await api.owner.call(routes.removeAlias, { params: { ...params, alias: 'champion' }, body: { key } });
    await remove(params);
    const restore = { params: { ...params, changeId: first?.id ?? '' }, body: { key: crypto.randomUUID() } };
    expect(await codeOf(api.owner.call(routes.restoreAliases, restore))).toBe('model.version_deleted');
  });

  it('says that there is no such version', async () => {
    const { params } = await addVersion('one');
    expect(await codeOf(remove({ ...params, version: '7.7.7' }))).toBe('model.not_found');
    expect(await codeOf(api.owner.call(routes.purge, { params }))).toBe('model.not_found');
  });
});

it('says why a version should no longer be used', async () => {
  const { params } = await addVersion('old');
  const deprecate = (deprecation: string | null) => api.owner.call(routes.deprecate, { params, body: { deprecation } });
  expect((await deprecate('센서를 바꾸기 전의 사진으로 학습')).deprecation).toBe('센서를 바꾸기 전의 사진으로 학습');
  expect((await deprecate(null)).deprecation).toBeNull();
  expect(await codeOf(deprecate('  '))).toBe('request.invalid');
});
