import { zooRoutes as routes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { ZooService } from './zoo.service.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('answers the models a name is like, the nearest first, as many as asked for', async () => {
  const models = await api.owner.call(routes.search, { query: { query: 'resnet50', limit: 5 } });
  expect(models).toHaveLength(5);
  expect(models[0]).toMatchObject({ name: 'resnet50', source: 'timm' });
  expect(models[0]?.paramsM).toBeCloseTo(25.6, 0);
});

it('finds a model however its name is written, and none that does not exist', () => {
  const zoo = api.app.get(ZooService, { strict: false });
  expect(zoo.find('ResNet-18')?.name).toBe('resnet18');
  expect(zoo.find('resnet18')?.gflops).toBeGreaterThan(1);
  expect(zoo.find('resnet1800')).toBeUndefined();
});

it('names three models near one that does not exist', () => {
  const nearest = api.app.get(ZooService, { strict: false }).nearest('resnet1800');
  expect(nearest).toHaveLength(3);
  expect(nearest).toContain('resnet18');
});

it.each([{ limit: 0 }, { limit: 101 }, { query: 'x'.repeat(201) }])('refuses %j', async (query) => {
  await expect(api.owner.call(routes.search, { query })).rejects.toMatchObject({ code: 'request.invalid' });
});
