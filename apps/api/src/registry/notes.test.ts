import { modelCardRoutes, registryRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { codeOf } from '../testing/code-of.js';
import { registerFiles } from '../testing/uploads.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function notable(name: string) {
  const { modelId, version } = await registerFiles(api, { name });
  const params = { modelId, version };
  return {
    params,
    write: (text: string, after: string | null) => api.owner.call(routes.writeNotes, { params, body: { text, after } }),
    history: () => api.owner.call(routes.notesHistory, { params }),
  };
}

it('notes are kept with who and when, each as it was', async () => {
  const { params, write, history } = await notable('noted');
  const first = await write('# 현장 시험\n\n좋아요', null);
  expect(first.notes).toMatchObject({ text: '# 현장 시험\n\n좋아요', by: 'Owner' });
  await write('better', first.notes?.id ?? null);
  expect((await history()).map(({ text }) => text)).toEqual(['better', '# 현장 시험\n\n좋아요']);
  const card = await api.owner.download(modelCardRoutes.readme, { params, query: { locale: 'ko' } });
  expect(await card.text()).toContain('## 노트\n\nbetter\n\n*Owner, ');
  expect((await api.owner.call(routes.version, { params })).artifacts).toEqual(first.artifacts);
});

it('notes are not written over those of somebody else, and once however often they are sent', async () => {
  const { write, history } = await notable('raced');
  const outcomes = await Promise.all(['a', 'b', 'c'].map((text) => codeOf(write(text, null))));
  expect(outcomes.toSorted()).toEqual(['no error', 'request.conflict', 'request.conflict']);
  const [notes] = await history();
  await Promise.all([write('same', notes?.id ?? null), write('same', notes?.id ?? null)]).catch(() => undefined);
  await write('same', notes?.id ?? null);
  expect(await history()).toHaveLength(2);
});

it('notes that no database could hold are refused', async () => {
  const { write } = await notable('refused');
  expect(await codeOf(write('a\0b', null))).toBe('request.invalid');
  expect(await codeOf(write('a'.repeat(100_001), null))).toBe('request.invalid');
});
