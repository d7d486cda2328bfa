import { newId } from '@mallo/backend';
import { createClient } from '@mallo/client';
import { type ModelPage, type ModelQuery, projectRoutes, registryRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { registration, runResult } from '../testing/rows.js';
import { registerFiles } from '../testing/uploads.js';
import { RegistryService } from './registry.service.js';
import { searchable } from './search-text.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

type Query = Partial<ModelQuery>;

const find = (query: Query = {}, projectId = api.projectId): Promise<ModelPage> =>
  api.owner.call(routes.list, { params: { projectId }, query });
const names = async (query: Query, projectId?: string) => (await find(query, projectId)).models.map(({ name }) => name);

/** A version of a model, as a training leaves it. */
async function train(name: string, projectId: string, accuracy = 0.5): Promise<void> {
  const made = await registration(api, name, { projectId, result: runResult(accuracy) });
  await api.app.get(RegistryService, { strict: false }).registerRun(made);
}

/** A project of its own with models of these names and accuracies, registered in this order. */
async function projectOf(accuracies: Record<string, number>): Promise<string> {
  const { id } = await api.owner.call(projectRoutes.create, { body: { name: crypto.randomUUID() } });
  for (const [name, accuracy] of Object.entries(accuracies)) {
    await train(name, id, accuracy);
  }
  return id;
}

/** The names of so many models, in their order. */
function namesOf(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${word} ${String(at).padStart(3, '0')}`);
}

/** Models of such names, each with one version. */
async function addModels(projectId: string, word: string, count: number): Promise<void> {
  const models = namesOf(word, count).map((name) => ({
    id: newId('mdl'),
    versionId: newId('ver'),
    ...searchable(name),
  }));
  await api.database.registeredModel.createMany({
    data: models.map(({ versionId, ...model }) => ({ ...model, projectId, taskType: 'classification' })),
  });
  await api.database.modelVersion.createMany({
    data: models.map(({ id, versionId }) => ({
      ...{ id: versionId, modelId: id, number: 1, major: 1, minor: 0, patch: 0, architecture: 'resnet18' },
    })),
  });
  await api.database.$executeRaw`
    UPDATE mallo.registered_models m SET latest_version_id = v.id, version_count = 1
    FROM mallo.model_versions v WHERE v.model_id = m.id AND m.project_id = ${projectId}`;
}

describe('searching models', () => {
  it('finds any part of a name, in any case and script', async () => {
    const project = await projectOf({
      '고양이 분류기 🐈': 0.9,
      'Cats-ResNet50': 0.9,
      'ÄPFEL und Birnen': 0.9,
      '100%_a': 0.9,
    });
    expect(await names({ search: '양이' }, project)).toEqual(['고양이 분류기 🐈']);
    expect(await names({ search: '분류기 🐈' }, project)).toEqual(['고양이 분류기 🐈']);
    expect(await names({ search: '기' }, project)).toEqual(['고양이 분류기 🐈']);
    expect(await names({ search: 'resnet' }, project)).toEqual(['Cats-ResNet50']);
    expect(await names({ search: 'ts-RES' }, project)).toEqual(['Cats-ResNet50']);
    expect(await names({ search: 'äpfel UND' }, project)).toEqual(['ÄPFEL und Birnen']);
    expect(await names({ search: '0%_' }, project)).toEqual(['100%_a']);
    // Every run of three is in the name, but not in this order.
    expect(await names({ search: 'resnet5res' }, project)).toEqual([]);
    expect(await names({ search: '개' }, project)).toEqual([]);
    // Hangul that is typed letter by letter, as macOS keeps it.
    expect(await names({ search: '고양'.normalize('NFD') }, project)).toEqual(['고양이 분류기 🐈']);
  });

  it('finds what is in very many names, page by page', async () => {
    const { id } = await api.owner.call(projectRoutes.create, { body: { name: crypto.randomUUID() } });
    await addModels(id, 'common', 520);
    await addModels(id, 'rare', 3);
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await find({ search: 'common', sort: 'name', limit: 200, cursor }, id);
      found.push(...page.models.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(namesOf('common', 520));
    expect(await names({ search: 'rare', sort: 'name' }, id)).toEqual(namesOf('rare', 3));
    expect(await names({ sort: 'name', limit: 200 }, id)).toEqual(namesOf('common', 200));
  });

  it('tells of each model what its latest version is', async () => {
    await registerFiles(api, { name: 'told', more: { metrics: { val_accuracy: 0.7 } } });
    const latest = await registerFiles(api, { name: 'told', more: { metrics: { val_accuracy: 0.8, 'mAP@50': 0.4 } } });
    const { modelId } = latest;
    await api.owner.call(routes.promote, { params: { modelId }, body: { version: '1.0.0', key: crypto.randomUUID() } });
    await api.owner.call(routes.tag, { params: { modelId }, body: { team: 'vision' } });
    const { models, nextCursor } = await find({ search: 'told' });
    expect(nextCursor).toBeNull();
    expect(models).toEqual([
      {
        id: modelId,
        projectId: api.projectId,
        name: 'told',
        taskType: 'classification',
        createdAt: expect.any(String),
        changedAt: expect.any(String),
        tags: { team: 'vision' },
        aliases: { champion: '1.0.0', candidate: '1.1.0' },
        versionCount: 2,
        latest: {
          id: latest.id,
          version: '1.1.0',
          number: 2,
          createdAt: latest.createdAt,
          runId: null,
          valAccuracy: 0.8,
          metrics: { val_accuracy: 0.8, 'mAP@50': 0.4 },
          framework: 'pytorch',
          architecture: 'resnet18',
          sizeBytes: latest.sizeBytes,
          deprecation: null,
          tags: {},
        },
      },
    ]);
  });

  it('forgets a version that is deleted, and a model with the last of them, until it is restored', async () => {
    const [one, two] = [await registerFiles(api, { name: 'fading' }), await registerFiles(api, { name: 'fading' })];
    const { modelId } = one;
    const seen = async () => (await find({ search: 'fading' })).models.map((m) => [m.latest.version, m.versionCount]);
    expect(await seen()).toEqual([['1.1.0', 2]]);
    const body = { key: crypto.randomUUID() };
    await api.owner.call(routes.removeAlias, { params: { modelId, alias: 'candidate' }, body });
    await api.owner.call(routes.remove, { params: { modelId, version: two.version } });
    expect(await seen()).toEqual([['1.0.0', 1]]);
    await api.owner.call(routes.remove, { params: { modelId, version: one.version } });
    expect(await seen()).toEqual([]);
    await api.owner.call(routes.restore, { params: { modelId, version: two.version } });
    expect(await seen()).toEqual([['1.1.0', 1]]);
  });

  it('filters by figures, tags, task, framework, alias and deprecation, all together', async () => {
    const project = await projectOf({ good: 0.95, fair: 0.8, poor: 0.4 });
    const idOf = async (name: string) => (await find({ search: name }, project)).models[0]?.id ?? '';
    expect((await names({ metric: ['val_accuracy>=0.8'] }, project)).sort()).toEqual(['fair', 'good']);
    expect(await names({ metric: ['val_accuracy>0.5', 'val_accuracy<0.9'] }, project)).toEqual(['fair']);
    expect(await names({ metric: ['val_accuracy=0.4'] }, project)).toEqual(['poor']);
    expect(await names({ metric: ['mAP@50>=0'] }, project)).toEqual([]);
    await api.owner.call(routes.tag, { params: { modelId: await idOf('good') }, body: { team: '비전', checked: '' } });
    const version = { modelId: await idOf('fair'), version: '1.0.0' };
    await api.owner.call(routes.tagVersion, { params: version, body: { team: 'edge=1, b' } });
    await api.owner.call(routes.deprecate, { params: version, body: { deprecation: 'old' } });
    expect((await names({ tag: ['team'] }, project)).sort()).toEqual(['fair', 'good']);
    expect(await names({ tag: ['team=비전', 'checked'] }, project)).toEqual(['good']);
    expect(await names({ tag: ['team=edge=1, b'] }, project)).toEqual(['fair']);
    expect(await names({ deprecated: true }, project)).toEqual(['fair']);
    expect(await names({ deprecated: false, metric: ['val_accuracy>0.9'] }, project)).toEqual(['good']);
    const body = { key: crypto.randomUUID() };
    await api.owner.call(routes.promote, { params: { modelId: await idOf('poor') }, body });
    expect(await names({ alias: 'champion' }, project)).toEqual(['poor']);
    expect(await names({ framework: 'pytorch', task: 'classification' }, project)).toHaveLength(3);
    expect(await names({ task: 'detection' }, project)).toEqual([]);
    expect(await names({ framework: 'keras' }, project)).toEqual([]);
  });

  it('filters by the stage that a version is in', async () => {
    const project = await projectOf({ waiting: 0.5, serving: 0.6, replaced: 0.7, outdated: 0.8 });
    const idOf = async (name: string) => (await find({ search: name }, project)).models[0]?.id ?? '';
    const promote = async (name: string) => {
      const params = { modelId: await idOf(name) };
      await api.owner.call(routes.promote, { params, body: { key: crypto.randomUUID() } });
    };
    await promote('serving');
    await promote('replaced');
    await train('replaced', project);
    await promote('replaced');
    const outdated = { modelId: await idOf('outdated'), version: '1.0.0' };
    await train('outdated', project);
    expect(await names({ stage: 'Archived' }, project)).toEqual(['replaced']);
    await api.owner.call(routes.deprecate, { params: outdated, body: { deprecation: 'old' } });
    expect((await names({ stage: 'Archived' }, project)).sort()).toEqual(['outdated', 'replaced']);
    expect((await names({ stage: 'Staging' }, project)).sort()).toEqual(['outdated', 'waiting']);
    expect((await names({ stage: 'Production' }, project)).sort()).toEqual(['replaced', 'serving']);
    expect(await names({ stage: 'Archived', search: 'out' }, project)).toEqual(['outdated']);
    await api.owner.call(routes.remove, { params: outdated });
    expect(await names({ stage: 'Archived' }, project)).toEqual(['replaced']);
  });

  it.each([
    [{ sort: 'name' }, ['a', 'b', 'c', 'd', 'e']],
    [{ sort: 'name', order: 'desc' as const }, ['e', 'd', 'c', 'b', 'a']],
    [{}, ['e', 'd', 'b', 'a', 'c']],
    [{ sort: 'created', order: 'asc' as const }, ['c', 'a', 'b', 'd', 'e']],
    // Those without the figure are last.
    [{ sort: 'metric:val_accuracy' }, ['c', 'd', 'b', 'a', 'e']],
    [{ sort: 'metric:val_accuracy', order: 'asc' as const }, ['a', 'b', 'd', 'c', 'e']],
    [{ sort: 'metric:none' }, null],
  ])('goes through all of them once, page by page: %j', async (query, expected) => {
    const project = await projectOf({ c: 0.9, a: 0.1, b: 0.2, d: 0.5 });
    await registerFiles({ ...api, projectId: project }, { name: 'e' });
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await find({ ...query, limit: 2, ...(cursor ? { cursor } : {}) }, project);
      expect(page.models.length).toBeLessThanOrEqual(2);
      seen.push(...page.models.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    if (expected) expect(seen).toEqual(expected);
    else expect(seen.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each([
    ['a strange cursor', { cursor: 'abc' }],
    ['a cursor of another order', { cursor: Buffer.from('["x","y"]').toString('base64url') }],
    ['a condition that is none', { metric: ['val_accuracy~0.9'] }],
    ['a figure that is no number', { metric: ['val_accuracy>=high'] }],
    ['an order that is none', { sort: 'colour' }],
    ['a NUL', { search: 'a\0b' }],
    ['a NUL in a cursor', { sort: 'name', cursor: Buffer.from('["x\\u0000","y"]').toString('base64url') }],
    ['too many at once', { limit: 1000 }],
  ])('refuses %s', async (_what, query) => expect(await codeOf(find(query))).toBe('request.invalid'));

  it('takes whatever is looked for as text', async () => {
    for (const search of ["'; DROP TABLE mallo.users; --", '%', '_', '\\', '🐈'.repeat(50), '{a,b}', 'NULL', '"']) {
      expect(await names({ search }, await projectOf({}))).toEqual([]);
    }
    expect(await names({ metric: ["a' OR 1 --=1"], tag: ["k' = '"] })).toEqual([]);
  });

  it('is not for others', async () => {
    const stranger = await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'en' } });
    const client = createClient({ baseUrl: api.url, accessToken: await api.tokenOf(stranger.id) });
    expect(await codeOf(client.call(routes.list, { params: { projectId: api.projectId } }))).toBe('project.not_found');
  });
});

describe('tags', () => {
  it('are set and removed each by itself', async () => {
    const { modelId, version } = await registerFiles(api, { name: 'tagged' });
    const tag = (body: Record<string, string | null>) => api.owner.call(routes.tag, { params: { modelId }, body });
    await Promise.all([tag({ a: '1' }), tag({ b: '2' }), tag({ '키 - 값': '값=🐈' })]);
    expect((await tag({ a: null, c: '' })).tags).toEqual({ b: '2', c: '', '키 - 값': '값=🐈' });
    const place = { modelId, version };
    expect((await api.owner.call(routes.tagVersion, { params: place, body: { x: 'y' } })).tags).toEqual({ x: 'y' });
    expect((await api.owner.call(routes.version, { params: place })).tags).toEqual({ x: 'y' });
  });

  it.each([
    ['an empty key', { ' ': 'a' }],
    ['a key with =', { 'a=b': 'c' }],
    ['a NUL', { a: 'b\0' }],
    ['10,000 characters', { a: 'b'.repeat(10_000) }],
    ['a number', { a: 1 }],
  ])('refuse %s', async (_what, body) => {
    const { modelId } = await registerFiles(api, { name: 'refused' });
    expect(await codeOf(api.owner.call(routes.tag, { params: { modelId }, body: body as never }))).toBe(
      'request.invalid',
    );
  });
});
