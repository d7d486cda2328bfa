import type {} from '@mallo/backend/testing/global-setup';
import type { RouteSpec } from '@mallo/contracts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTelemetry, type Telemetry, tokens } from '../testing/telemetry.js';
import { newProject } from '../testing/trackings.js';
import { experimentRoutes } from './experiments.controller.js';
import { loggedModelRoutes } from './logged-models.controller.js';
import { metricRoutes } from './metrics.controller.js';
import { runRoutes } from './runs.controller.js';

const routes = [experimentRoutes, runRoutes, metricRoutes, loggedModelRoutes].flatMap((group) =>
  Object.values<RouteSpec>(group),
);

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
});
afterAll(() => telemetry.close());

const ask = (route: RouteSpec, authorization?: string) =>
  fetch(telemetry.url + route.path.replace(/:\w+/g, 'm-1'), {
    method: route.method,
    headers: authorization ? { authorization } : {},
  });

test('there is a route for each call of the client', () => {
  expect(routes).toHaveLength(35);
});

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s refuses who has no token, in MLflow’s form',
  async (_, route) => {
    for (const authorization of [undefined, 'Bearer nonsense', `Basic ${btoa('me:nonsense')}`]) {
      const answer = await ask(route, authorization);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ error_code: 'UNAUTHENTICATED', message: expect.any(String) });
    }
  },
);

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s refuses a token that stands for no project',
  async (_, route) => {
    const { owner } = await newProject(telemetry);
    const answer = await ask(route, `Bearer ${owner.accessToken}`);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error_code: 'PERMISSION_DENIED' });
    const asRun = await ask(route, `Bearer ${await tokens.sign({ kind: 'run', runId: 'run_1' })}`);
    expect(asRun.status).toBe(403);
  },
);

test('says what it can do to whoever asks', async () => {
  const answer = await fetch(`${telemetry.url}/api/3.0/mlflow/server-info`);
  expect(await answer.json()).toMatchObject({ store_type: 'SqlStore', workspaces_enabled: false });
});
