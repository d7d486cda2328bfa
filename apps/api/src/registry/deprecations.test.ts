import type { ApiError } from '@mallo/client';
import { registryRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { registration, runResult } from '../testing/rows.js';
import { RegistryService } from './registry.service.js';

const WHY = '흉부 영상에서 틀립니다';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** A model of a version for each figure: 1.0.0, 1.1.0, … */
async function modelOf(name: string, accuracies: number[]): Promise<string> {
  let modelId = '';
  for (const accuracy of accuracies) {
    const made = await registration(api, name, { result: runResult(accuracy) });
    ({ modelId } = await api.app.get(RegistryService, { strict: false }).registerRun(made));
  }
  return modelId;
}

const deprecate = (modelId: string, version: string, deprecation: string | null = WHY) =>
  api.owner.call(routes.deprecate, { params: { modelId, version }, body: { deprecation } });
const resolve = async (uri: string) => (await api.owner.call(routes.resolve, { query: { uri } })).version;
const latestOf = async (search: string) =>
  (await api.owner.call(routes.list, { params: { projectId: api.projectId }, query: { search } })).models[0]?.latest
    .version;
const key = () => crypto.randomUUID();
const promote = (modelId: string, version?: string, alias?: string) =>
  api.owner.call(routes.promote, { params: { modelId }, body: { version, alias, key: key() } });
const rollback = (modelId: string, more: { allowDeprecated?: boolean; reason?: string } = {}) =>
  api.owner.call(routes.rollback, { params: { modelId }, body: { key: key(), ...more } });
const aliasesOf = async (modelId: string) => (await api.owner.call(routes.get, { params: { modelId } })).aliases;

describe('a deprecated version', () => {
  it('is the latest only where all are deprecated, and then the highest is', async () => {
    const modelId = await modelOf('latest', [0.7, 0.8, 0.9]);
    await deprecate(modelId, '1.2.0');
    expect([await resolve('mallo://models/latest'), await latestOf('latest')]).toEqual(['1.1.0', '1.1.0']);
    await deprecate(modelId, '1.1.0');
    await deprecate(modelId, '1.0.0');
    expect([await resolve('mallo://models/latest/latest'), await latestOf('latest')]).toEqual(['1.2.0', '1.2.0']);
    await deprecate(modelId, '1.0.0', null);
    expect([await resolve('mallo://models/latest'), await latestOf('latest')]).toEqual(['1.0.0', '1.0.0']);
  });

  it('is the best only where no other has the figure', async () => {
    const modelId = await modelOf('best', [0.7, 0.9]);
    await deprecate(modelId, '1.1.0');
    expect(await resolve('mallo://models/best/best:val_accuracy')).toBe('1.0.0');
    await deprecate(modelId, '1.0.0');
    expect(await resolve('mallo://models/best/best')).toBe('1.1.0');
  });

  it('is not promoted, nor given any other alias, and the error says why in both languages', async () => {
    const modelId = await modelOf('refused', [0.7, 0.8]);
    await promote(modelId, '1.0.0');
    await deprecate(modelId, '1.1.0');
    const before = await aliasesOf(modelId);
    const refused = await promote(modelId, '1.1.0').catch((error: ApiError) => error);
    const { en, ko } = (refused as ApiError).messages;
    expect([en, ko]).toEqual([expect.stringContaining(WHY), expect.stringContaining(WHY)]);
    expect(await codeOf(promote(modelId, '1.1.0', 'edge'))).toBe('model.version_deprecated');
    // It waits as the candidate since it was registered.
    expect(await codeOf(promote(modelId))).toBe('model.version_deprecated');
    expect(await aliasesOf(modelId)).toEqual(before);
  });

  it('may be what is rolled back from', async () => {
    const modelId = await modelOf('leave', [0.7, 0.8]);
    await promote(modelId, '1.0.0');
    await promote(modelId, '1.1.0');
    await deprecate(modelId, '1.1.0');
    expect((await rollback(modelId)).aliases).toMatchObject({ champion: '1.0.0', rollback: '1.1.0' });
  });

  it('is returned to only when that is said together with a reason', async () => {
    const modelId = await modelOf('return', [0.7, 0.8]);
    await promote(modelId, '1.0.0');
    await promote(modelId, '1.1.0');
    await deprecate(modelId, '1.0.0');
    expect(await codeOf(rollback(modelId))).toBe('model.return_deprecated');
    expect(await codeOf(rollback(modelId, { allowDeprecated: true, reason: ' ' }))).toBe('model.return_unexplained');
    expect(await aliasesOf(modelId)).toMatchObject({ champion: '1.1.0', rollback: '1.0.0' });
    const [last, first] = await api.owner.call(routes.aliasChanges, { params: { modelId } });
    const params = { modelId, changeId: first?.id ?? '' };
    expect(await codeOf(api.owner.call(routes.restoreAliases, { params, body: { key: key() } }))).toBe(
      'model.return_deprecated',
    );
    const reason = '1.1.0이 응답하지 않습니다';
    expect((await rollback(modelId, { allowDeprecated: true, reason })).aliases).toMatchObject({
      champion: '1.0.0',
      rollback: '1.1.0',
    });
    const changes = await api.owner.call(routes.aliasChanges, { params: { modelId } });
    expect(changes[0]).toMatchObject({ action: 'rollback', reason, before: last?.after });
  });
});
