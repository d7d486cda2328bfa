import { registryRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { registration } from '../testing/rows.js';
import { RegistryService } from './registry.service.js';

let api: TestApi;
let registry: RegistryService;
beforeAll(async () => {
  api = await startTestApi();
  registry = api.app.get(RegistryService, { strict: false });
});
afterAll(() => api.close());

/** A model of so many versions: 1.0.0, 1.1.0, … */
async function modelOf(name: string, versions: number): Promise<string> {
  let modelId = '';
  for (let count = 0; count < versions; count += 1) {
    ({ modelId } = await registry.registerRun(await registration(api, name)));
  }
  return modelId;
}

function promote(modelId: string, version?: string, change: { key?: string; alias?: string; reason?: string } = {}) {
  const body = { version, key: crypto.randomUUID(), ...change };
  return api.owner.call(routes.promote, { params: { modelId }, body });
}

function rollback(modelId: string, change: { key?: string; from?: string } = {}) {
  return api.owner.call(routes.rollback, { params: { modelId }, body: { key: crypto.randomUUID(), ...change } });
}

const aliasesOf = async (modelId: string) => (await api.owner.call(routes.get, { params: { modelId } })).aliases;
const changesOf = (modelId: string) => api.owner.call(routes.aliasChanges, { params: { modelId } });

describe('promoting', () => {
  it('makes the candidate the champion, and the champion before @rollback', async () => {
    const modelId = await modelOf('pets', 2);
    expect(await aliasesOf(modelId)).toEqual({ candidate: '1.1.0' });
    await promote(modelId, '1.0.0');
    expect((await promote(modelId)).aliases).toEqual({ champion: '1.1.0', rollback: '1.0.0' });
  });

  it('keeps who, when and why of every change', async () => {
    const modelId = await modelOf('told', 1);
    await promote(modelId, undefined, { reason: '현장 시험을 통과' });
    const [promotion, registration] = await changesOf(modelId);
    expect(promotion).toMatchObject({
      action: 'promote',
      by: 'Owner',
      reason: '현장 시험을 통과',
      before: { candidate: '1.0.0' },
      after: { champion: '1.0.0' },
    });
    expect(Date.parse(promotion?.at ?? '')).toBeLessThanOrEqual(Date.now());
    expect(registration).toMatchObject({ action: 'register', by: null, before: {}, after: { candidate: '1.0.0' } });
  });

  it('is done once however often it is sent', async () => {
    const modelId = await modelOf('once', 3);
    const key = crypto.randomUUID();
    await promote(modelId, '1.0.0');
    await Promise.all([1, 2, 3, 4].map(() => promote(modelId, '1.1.0', { key })));
    await promote(modelId, '1.2.0');
    // Late: its answer was lost, and another was promoted in the meantime.
    expect((await promote(modelId, '1.1.0', { key })).aliases).toEqual({ champion: '1.2.0', rollback: '1.1.0' });
    expect((await changesOf(modelId)).filter(({ action }) => action === 'promote')).toHaveLength(3);
  });

  it('leaves one whole history when many do it at once', async () => {
    const modelId = await modelOf('crowd', 8);
    const versions = Array.from({ length: 24 }, (_, index) => `1.${index % 8}.0`);
    await Promise.all(versions.map((version) => promote(modelId, version)));
    const changes = await changesOf(modelId);
    for (const [index, change] of changes.entries()) {
      if (changes[index + 1]) expect(change.before).toEqual(changes[index + 1]?.after);
    }
    expect(changes[0]?.after).toEqual(await aliasesOf(modelId));
  });

  it('refuses a version that is not there and a name that means something else, and changes nothing', async () => {
    const modelId = await modelOf('refused', 1);
    expect(await codeOf(promote(modelId, '9.9.9'))).toBe('model.not_found');
    for (const alias of [
      'latest',
      'best',
      'v2',
      '1.0.0',
      '../x',
      '',
      'a'.repeat(300),
      '두 낱말',
      '\u3164',
      'a\u115Fb',
    ]) {
      expect(await codeOf(promote(modelId, '1.0.0', { alias })), alias).toBe('request.invalid');
    }
    expect(await aliasesOf(modelId)).toEqual({ candidate: '1.0.0' });
    await promote(modelId);
    expect(await codeOf(promote(modelId))).toBe('model.nothing_waits');
  });

  it('is not for others', async () => {
    const modelId = await modelOf('private', 1);
    const body = { key: crypto.randomUUID(), version: '1.0.0' };
    expect(await codeOf(api.anonymous.call(routes.promote, { params: { modelId }, body }))).toMatch(/^auth\./);
  });
});

describe('rolling back', () => {
  it('swaps back and forth', async () => {
    const modelId = await modelOf('swapped', 2);
    expect(await codeOf(rollback(modelId))).toBe('model.nothing_to_return_to');
    await promote(modelId, '1.0.0');
    await promote(modelId, '1.1.0');
    expect((await rollback(modelId)).aliases).toEqual({ champion: '1.0.0', rollback: '1.1.0' });
    expect((await rollback(modelId)).aliases).toEqual({ champion: '1.1.0', rollback: '1.0.0' });
  });

  it('does nothing when the champion is another than the one that was seen', async () => {
    const modelId = await modelOf('moved', 3);
    await promote(modelId, '1.0.0');
    await promote(modelId, '1.1.0');
    expect(await codeOf(rollback(modelId, { from: '1.0.0' }))).toBe('request.conflict');
    expect(await aliasesOf(modelId)).toMatchObject({ champion: '1.1.0', rollback: '1.0.0' });
  });

  it('returns to any earlier state', async () => {
    const modelId = await modelOf('restored', 3);
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await promote(modelId, version);
    await promote(modelId, '1.1.0', { alias: 'edge' });
    const first = (await changesOf(modelId)).find(({ after }) => after.champion === '1.0.0');
    const params = { modelId, changeId: first?.id ?? '' };
    const body = { key: crypto.randomUUID(), reason: 'as it was' };
    expect((await api.owner.call(routes.restoreAliases, { params, body })).aliases).toEqual(first?.after);
    expect((await changesOf(modelId))[0]).toMatchObject({ action: 'restore', reason: 'as it was' });
  });

  it('lets a name of one’s own go', async () => {
    const modelId = await modelOf('named', 1);
    await promote(modelId, '1.0.0', { alias: 'edge' });
    const remove = () =>
      api.owner.call(routes.removeAlias, {
        params: { modelId, alias: 'edge' },
        body: { key: crypto.randomUUID() },
      });
    expect((await remove()).aliases).toEqual({ candidate: '1.0.0' });
    expect(await codeOf(remove())).toBe('model.alias_unset');
  });

  it('is the same alias however its letters are written', async () => {
    const modelId = await modelOf('written', 1);
    const alias = '현장'.normalize('NFD');
    expect((await promote(modelId, '1.0.0', { alias })).aliases).toEqual({ candidate: '1.0.0', 현장: '1.0.0' });
    for (const ref of ['현장', alias]) {
      const uri = `mallo://models/written@${ref}`;
      expect((await api.owner.call(routes.resolve, { query: { uri } })).version).toBe('1.0.0');
    }
  });

  it.each(['constructor', 'toString'])('means by the name %s nothing but that alias', async (alias) => {
    const modelId = await modelOf(`named ${alias}`, 2);
    const remove = () =>
      api.owner.call(routes.removeAlias, { params: { modelId, alias }, body: { key: crypto.randomUUID() } });
    expect(await codeOf(remove())).toBe('model.alias_unset');
    await promote(modelId, '1.0.0', { alias });
    expect((await promote(modelId, '1.1.0', { alias })).aliases).toEqual({ candidate: '1.1.0', [alias]: '1.1.0' });
    expect((await remove()).aliases).toEqual({ candidate: '1.1.0' });
  });
});
