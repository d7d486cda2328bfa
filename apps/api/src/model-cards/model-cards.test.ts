import { modelCardRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { addDatasetVersion } from '../testing/rows.js';
import { registerFiles } from '../testing/uploads.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const card = (params: { modelId: string; version: string }, locale: 'ko' | 'en' = 'en') =>
  api.owner.call(routes.get, { params, query: { locale } });

it('a card of registered files knows the dataset that they were measured on, in either language', async () => {
  const datasetVersion = await addDatasetVersion(api, { name: 'measured', sha256: '7'.repeat(64) });
  const { modelId, version } = await registerFiles(api, { name: 'measured', more: { datasetVersion } });
  const english = await card({ modelId, version });
  expect(english.data).toMatchObject({ name: 'measured', versionNumber: 1, datasetId: expect.any(String) });
  expect(english.data?.statements[0]).toContain('were measured on version 1 of dataset measured');
  expect((await card({ modelId, version }, 'ko')).purpose).toBe('이미지를 분류합니다.');
});

it('a card of what was made from another version begins with the first', async () => {
  const { modelId } = await registerFiles(api, { name: 'chain' });
  await registerFiles(api, { name: 'chain', bump: 'patch', more: { madeFrom: '1.0.0' } });
  const { version } = await registerFiles(api, { name: 'chain', bump: 'patch', more: { madeFrom: '1.0.1' } });
  const { lineage } = await card({ modelId, version });
  expect(lineage.nodes.map(({ kind, id }) => id ?? kind)).toEqual(['files', '1.0.0', '1.0.1', '1.0.2']);
  const first = await card({ modelId, version: '1.0.0' });
  expect(first.lineage.nodes.map(({ kind, id }) => id ?? kind)).toEqual(['files', '1.0.0', '1.0.1']);
});

it('a card of a version that is not there is refused', async () => {
  expect(await codeOf(card({ modelId: 'mdl_none', version: '1.0.0' }))).toBe('model.not_found');
});
