import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DemoModels, demoModelRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi, TRAINER_FOLDER } from '../testing/api.js';

// That all are made, each once whatever ends meanwhile, and how they answer, is shown by e2e/background.test.ts.

const MINUTE_MS = 60_000;
const HAS_PYTHON = existsSync(join(TRAINER_FOLDER, '.venv', 'bin', 'python'));

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const params = () => ({ projectId: api.projectId });
const state = (): Promise<DemoModels> => api.owner.call(routes.state, { params: params() });
const start = (): Promise<DemoModels> => api.owner.call(routes.start, { params: params() });
const cancel = (): Promise<DemoModels> => api.owner.call(routes.cancel, { params: params() });
const until = (is: (now: DemoModels) => boolean, patienceMs: number) =>
  vi.waitFor(
    async () => {
      const now = await state();
      if (now.state === 'failed') throw new Error(JSON.stringify(now.error));
      expect(is(now)).toBe(true);
      return now;
    },
    { timeout: patienceMs, interval: 300 },
  );

async function files(): Promise<string[]> {
  const kept = await readdir(join(api.home, 'objects'), { recursive: true });
  return kept.filter((name) => /^(incoming|uploads)\//.test(name));
}

it('the demo models are idle until somebody asks, and nobody else’s', async () => {
  const idle = { state: 'idle', step: 0, steps: 0, error: null, doing: null, made: [] };
  expect(await state()).toEqual(idle);
  const other = { projectId: 'prj_none' };
  await expect(api.owner.call(routes.state, { params: other })).rejects.toMatchObject({ code: 'project.not_found' });
  await expect(api.owner.call(routes.start, { params: other })).rejects.toMatchObject({ code: 'project.not_found' });
  await expect(api.anonymous.call(routes.start, { params: params() })).rejects.toMatchObject({ status: 401 });
});

it.skipIf(!HAS_PYTHON)(
  'they are cancelled with what trains them; whole versions stay (needs the Python environment)',
  { timeout: 10 * MINUTE_MS },
  async () => {
    await start();
    await until(({ made }) => made.length === 1, 5 * MINUTE_MS);
    await cancel();
    const cancelled = await until(({ state: now }) => now === 'cancelled', MINUTE_MS);
    expect(cancelled).toMatchObject({ error: null, doing: null });
    expect(cancelled.made).toHaveLength(await api.database.modelVersion.count());
    expect(await files()).toEqual([]);
    await api.restart();
    expect((await state()).state).toBe('cancelled');
    // Begun again, it takes what is there for made.
    await start();
    const { made } = await until((now) => now.state === 'running' && now.made.length > 0, MINUTE_MS);
    expect(made).toEqual(cancelled.made);
    await cancel();
    await until(({ state: now }) => now === 'cancelled', MINUTE_MS);
  },
);
