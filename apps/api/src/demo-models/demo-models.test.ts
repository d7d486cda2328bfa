import { demoModelRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';

// That they are trained, registered once whatever ends meanwhile, and answer is shown in e2e/background.test.ts.

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('the demo models are idle until somebody asks, and nobody else’s', async () => {
  const params = { projectId: api.projectId };
  const idle = { state: 'idle', step: 0, steps: 0, error: null, doing: null, made: [] };
  expect(await api.owner.call(routes.state, { params })).toEqual(idle);
  const other = { projectId: 'prj_none' };
  await expect(api.owner.call(routes.state, { params: other })).rejects.toMatchObject({ code: 'project.not_found' });
  await expect(api.owner.call(routes.start, { params: other })).rejects.toMatchObject({ code: 'project.not_found' });
  await expect(api.anonymous.call(routes.start, { params })).rejects.toMatchObject({ status: 401 });
});
