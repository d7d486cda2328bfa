import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';

const INFRA = fileURLToPath(new URL('../../../../infra', import.meta.url));

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('has every figure of the api that a dashboard or an alert of infra names', async () => {
  const text = await (await fetch(`${api.url}/metrics`)).text();
  const files = await readdir(INFRA, { recursive: true });
  const texts = await Promise.all(
    files.filter((file) => /\.(json|yml)$/.test(file)).map((file) => readFile(`${INFRA}/${file}`, 'utf8')),
  );
  const named = texts.flatMap((one) => [...one.matchAll(/\bmallo_(?:api|http)_\w+/g)].map(([name]) => name));
  expect(named).toContain('mallo_api_runs');
  expect([...new Set(named)].filter((name) => !text.includes(`\n${name}{`))).toEqual([]);
  expect(text).toContain('mallo_api_runs{status="queued"} 0');
});
