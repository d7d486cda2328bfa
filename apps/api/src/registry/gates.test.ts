import { type Gate, registryRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { addDatasetVersion, registration, runResult } from '../testing/rows.js';
import { registerFiles } from '../testing/uploads.js';
import { RegistryService } from './registry.service.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const key = () => crypto.randomUUID();
const ACCURACY: Gate = { metric: 'val_accuracy', direction: 'max', margin: 0 };

type Learned = { accuracy: number; dataset?: string; loss?: number };

/** A model with a version for each training, the first promoted, then these gates. */
async function modelOf(name: string, trainings: Learned[], gates: Gate[]): Promise<string> {
  let modelId = '';
  for (const { accuracy, loss = 0.1, dataset = 'b' } of trainings) {
    const result = { ...runResult(accuracy), metrics: { val_accuracy: accuracy, val_loss: loss } };
    const change = { result, datasetVersionSha256: dataset.repeat(64) };
    const made = await api.app
      .get(RegistryService, { strict: false })
      .registerRun(await registration(api, name, change));
    ({ modelId } = made);
  }
  await promote(modelId, '1.0.0');
  await setGates(modelId, gates);
  return modelId;
}

const promote = (modelId: string, version: string, alias = 'champion') =>
  api.owner.call(routes.promote, { params: { modelId }, body: { version, alias, key: key() } });
const setGates = (modelId: string, gates: Gate[], reason = '') =>
  api.owner.call(routes.setGates, { params: { modelId }, body: { gates, reason, key: key() } });
const aliasesOf = async (modelId: string) => (await api.owner.call(routes.get, { params: { modelId } })).aliases;

describe('a gate', () => {
  it('lets pass what is as good as the champion, and refuses what is worse with both figures', async () => {
    const modelId = await modelOf('gated', [{ accuracy: 0.9 }, { accuracy: 0.89 }, { accuracy: 0.9 }], [ACCURACY]);
    await expect(promote(modelId, '1.1.0')).rejects.toMatchObject({
      code: 'model.gate_failed',
      status: 409,
      params: {
        metric: 'val_accuracy',
        version: '1.1.0',
        value: 0.89,
        needed: '≥ 0.9',
        champion: '1.0.0',
        championValue: 0.9,
        dataset: `pets ${'b'.repeat(12)}`,
      },
    });
    expect(await aliasesOf(modelId)).toEqual({ champion: '1.0.0', candidate: '1.2.0' });
    expect((await promote(modelId, '1.2.0')).aliases).toEqual({ champion: '1.2.0', rollback: '1.0.0' });
  });

  it('asks for a margin, of a figure that is better large or small', async () => {
    const trainings = [
      { accuracy: 0.7, loss: 0.3 },
      { accuracy: 0.8, loss: 0.2 },
      { accuracy: 0.81, loss: 0.11 },
    ];
    const modelId = await modelOf('margin', trainings, [{ ...ACCURACY, margin: 0.1 }]);
    await setGates(modelId, [
      { ...ACCURACY, margin: 0.1 },
      { metric: 'val_loss', direction: 'min', margin: 0.15 },
    ]);
    const refused = await promote(modelId, '1.1.0').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'model.gate_failed', params: { metric: 'val_loss', needed: '≤ 0.15' } });
    expect((await promote(modelId, '1.2.0')).aliases.champion).toBe('1.2.0');
  });

  it('compares no figures of two versions of a dataset, and names both so that they read apart', async () => {
    const trainings = [
      { accuracy: 0.5, dataset: 'b' },
      { accuracy: 0.99, dataset: 'c' },
    ];
    const modelId = await modelOf('datasets', trainings, [ACCURACY]);
    await expect(promote(modelId, '1.1.0')).rejects.toMatchObject({
      code: 'model.gate_dataset_differs',
      params: { dataset: `pets ${'c'.repeat(12)}`, championDataset: `pets ${'b'.repeat(12)}`, value: 0.99 },
    });
    // A dataset that was made anew under the name of a deleted one: its version has the same number too.
    for (const dataset of ['b', 'c']) await addDatasetVersion(api, { sha256: dataset.repeat(64) });
    await expect(promote(modelId, '1.1.0')).rejects.toMatchObject({
      messages: {
        en: expect.stringMatching(/on pets v1 c{12}, and .* on pets v1 b{12}\./),
        ko: expect.stringMatching(/pets v1 c{12}에서.*pets v1 b{12}에서/),
      },
    });
  });

  it('says of which version it is not known what it was measured on, and what to do', async () => {
    const pets = await addDatasetVersion(api, { name: 'pets', sha256: 'f'.repeat(64) });
    const upload = (more: object) =>
      registerFiles(api, { name: 'of unknown', more: { metrics: { val_accuracy: 1 }, ...more } });
    const { modelId } = await upload({});
    await upload({ datasetName: 'pets' });
    await upload({ datasetVersion: pets });
    await promote(modelId, '1.0.0');
    await setGates(modelId, [ACCURACY]);
    await expect(promote(modelId, '1.1.0')).rejects.toMatchObject({
      code: 'model.gate_dataset_unknown',
      status: 409,
      // Whoever shows these beside each other has words of their own for what is not known.
      params: { dataset: 'pets v?', championDataset: '–' },
      messages: {
        en: expect.stringContaining('on which 1.1.0 and the @champion 1.0.0 were measured is not known. Register'),
        ko: expect.stringContaining('1.1.0 버전과 @champion 1.0.0 버전을 어느 데이터셋 버전에서 측정했는지 둘 다'),
      },
    });
    const known = `pets v1 ${'f'.repeat(12)}`;
    await expect(promote(modelId, '1.2.0')).rejects.toMatchObject({
      code: 'model.gate_dataset_unknown',
      messages: {
        en: expect.stringContaining(`on which the @champion 1.0.0 was measured is not known (1.2.0: on ${known})`),
        ko: expect.stringContaining(
          `@champion 1.0.0 버전을 어느 데이터셋 버전에서 측정했는지 알 수 없습니다(1.2.0 버전은 ${known})`,
        ),
      },
    });
    await setGates(modelId, []);
    await promote(modelId, '1.2.0');
    await setGates(modelId, [ACCURACY]);
    await expect(promote(modelId, '1.1.0')).rejects.toMatchObject({
      code: 'model.gate_dataset_unknown',
      messages: {
        en: expect.stringContaining(`on which 1.1.0 was measured is not known (the @champion 1.2.0: on ${known})`),
      },
    });
  });

  it('compares versions of files that say on which version of a dataset they were measured', async () => {
    const pets = await addDatasetVersion(api, { name: 'pets', sha256: 'd'.repeat(64) });
    const birds = await addDatasetVersion(api, { name: 'birds', sha256: 'e'.repeat(64) });
    const upload = (val_accuracy: number, datasetVersion: string) =>
      registerFiles(api, { name: 'brought along', more: { metrics: { val_accuracy }, datasetVersion } });
    const made = await upload(0.8, pets);
    expect(made).toMatchObject({ datasetName: 'pets', datasetVersionSha256: 'd'.repeat(64), config: null });
    const { modelId } = made;
    await promote(modelId, '1.0.0');
    await setGates(modelId, [ACCURACY]);
    await upload(0.7, pets);
    expect(await codeOf(promote(modelId, '1.1.0'))).toBe('model.gate_failed');
    await upload(0.9, birds);
    await expect(promote(modelId, '1.2.0')).rejects.toMatchObject({
      code: 'model.gate_dataset_differs',
      params: { dataset: `birds v1 ${'e'.repeat(12)}`, championDataset: `pets v1 ${'d'.repeat(12)}` },
    });
    await upload(0.8, pets);
    expect((await promote(modelId, '1.3.0')).aliases.champion).toBe('1.3.0');
  });

  it('refuses a version without the figure', async () => {
    const modelId = await modelOf('missing', [{ accuracy: 0.5 }, { accuracy: 0.6 }], [{ ...ACCURACY, metric: 'f1' }]);
    const refused = promote(modelId, '1.1.0');
    await expect(refused).rejects.toMatchObject({ code: 'model.gate_metric_missing', params: { value: '–' } });
  });

  it('stands only before the champion’s place: the first champion, other aliases and the way back are free', async () => {
    const modelId = await modelOf('free', [{ accuracy: 0.9 }, { accuracy: 0.95 }, { accuracy: 0.1 }], [ACCURACY]);
    await promote(modelId, '1.2.0', 'edge');
    await promote(modelId, '1.1.0');
    const body = { key: key() };
    expect((await api.owner.call(routes.rollback, { params: { modelId }, body })).aliases.champion).toBe('1.0.0');
    expect(await codeOf(promote(modelId, '1.2.0'))).toBe('model.gate_failed');
    await api.owner.call(routes.removeAlias, { params: { modelId, alias: 'champion' }, body: { key: key() } });
    expect((await promote(modelId, '1.2.0')).aliases.champion).toBe('1.2.0');
  });

  it('holds however many promote at once', async () => {
    const trainings = [0.5, 0.6, 0.7, 0.8, 0.9].map((accuracy) => ({ accuracy }));
    const modelId = await modelOf('raced', trainings, [ACCURACY]);
    const versions = ['1.3.0', '1.1.0', '1.4.0', '1.2.0'].flatMap((version) => [version, version, version]);
    await Promise.all(versions.map((version) => codeOf(promote(modelId, version))));
    expect((await aliasesOf(modelId)).champion).toBe('1.4.0');
    const changes = await api.owner.call(routes.aliasChanges, { params: { modelId } });
    const champions = changes.map(({ after }) => after.champion ?? '').filter((version) => version !== '');
    expect(champions).toEqual(champions.toSorted().reverse());
  });
});

describe('the gates of a model', () => {
  it('are kept with who changed them, when and why, once however often it is sent', async () => {
    const modelId = await modelOf('history', [{ accuracy: 0.9 }], [ACCURACY]);
    const body = { gates: [], reason: '급한 수정', key: key() };
    const ask = () => api.owner.call(routes.setGates, { params: { modelId }, body });
    const [model] = await Promise.all([ask(), ask(), ask()]);
    expect(model?.gates).toEqual([]);
    const changes = await api.owner.call(routes.gateChanges, { params: { modelId } });
    expect(changes).toHaveLength(2);
    expect(changes[0]).toMatchObject({ by: 'Owner', reason: '급한 수정', before: [ACCURACY], after: [] });
    expect(changes[1]).toMatchObject({ before: [], after: [ACCURACY] });
    expect(Date.parse(changes[0]?.at ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['two of one figure', [ACCURACY, { ...ACCURACY, margin: 0.1 }]],
    ['no figure', [{ ...ACCURACY, metric: ' ' }]],
    ['a direction that is none', [{ ...ACCURACY, direction: 'up' }]],
    ['a margin that is no number', [{ ...ACCURACY, margin: '0.1' }]],
  ])('refuse %s', async (_what, gates) => {
    const { modelId } = await registerFiles(api, { name: 'refused' });
    expect(await codeOf(setGates(modelId, gates as Gate[]))).toBe('request.invalid');
  });
});

describe('stages', () => {
  const stagesOf = async (modelId: string) => (await api.owner.call(routes.get, { params: { modelId } })).stages;
  const resolve = (name: string, ref: string) =>
    api.owner.call(routes.resolve, { query: { uri: `mallo://models/${name}/${ref}` } });

  it('are what the aliases and their history say', async () => {
    const modelId = await modelOf(
      'staged',
      [0.1, 0.2, 0.3, 0.4, 0.5].map((accuracy) => ({ accuracy })),
      [],
    );
    expect(await stagesOf(modelId)).toEqual({ Staging: ['1.4.0'], Production: ['1.0.0'], Archived: [] });
    await promote(modelId, '1.2.0');
    await promote(modelId, '1.4.0');
    await api.owner.call(routes.deprecate, {
      params: { modelId, version: '1.1.0' },
      body: { deprecation: 'old camera' },
    });
    const stages = { Staging: [], Production: ['1.4.0'], Archived: ['1.2.0', '1.1.0', '1.0.0'] };
    expect(await stagesOf(modelId)).toEqual(stages);
    expect((await resolve('staged', 'Production')).version).toBe('1.4.0');
    expect((await resolve('staged', 'archived')).version).toBe('1.2.0');
    expect(await codeOf(resolve('staged', 'Staging'))).toBe('model.alias_unknown');
  });

  it('cannot be set as aliases', async () => {
    const modelId = await modelOf('no-stage', [{ accuracy: 0.5 }], []);
    for (const alias of ['Production', 'staging', 'ARCHIVED']) {
      expect(await codeOf(promote(modelId, '1.0.0', alias))).toBe('request.invalid');
    }
  });
});

describe('a reference', () => {
  it('means the version that it says, deleted ones aside', async () => {
    const name = 'referred';
    const figures: Learned[] = [
      { accuracy: 0.95, loss: 0.1 },
      { accuracy: 0.95, loss: 0.4 },
      { accuracy: 0.9, loss: 0.3 },
    ];
    const modelId = await modelOf(name, figures, []);
    await promote(modelId, '1.1.0', 'edge');
    const meant = async (ref: string) => {
      const query = { uri: `mallo://models/${name}/${ref}` };
      const version = await api.owner.call(routes.resolve, { query }).catch(() => null);
      return version?.version ?? null;
    };
    const expected = {
      '1.1.0': '1.1.0',
      latest: '1.2.0',
      best: '1.1.0',
      'best:val_loss': '1.0.0',
      'best:val_loss:max': '1.1.0',
      v1: '1.0.0',
      v3: '1.2.0',
      '@champion': '1.0.0',
      edge: '1.1.0',
      '9.9.9': null,
      '999999999999.0.0': null,
      v4: null,
      v0: null,
      '@nobody': null,
      'best:nothing': null,
      '@latest': null,
    };
    for (const [ref, version] of Object.entries(expected)) expect([ref, await meant(ref)]).toEqual([ref, version]);
    await api.owner.call(routes.removeAlias, { params: { modelId, alias: 'edge' }, body: { key: key() } });
    await api.owner.call(routes.remove, { params: { modelId, version: '1.1.0' } });
    // The third registered stays the third.
    expect([await meant('v3'), await meant('v2'), await meant('best')]).toEqual(['1.2.0', null, '1.0.0']);
  });
});
