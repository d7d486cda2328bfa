import { identityRoutes, projectRoutes, trackingRoutes } from '@mallo/contracts';
import { hydrate } from '@tanstack/react-query';
import { beforeEach, expect, test, vi } from 'vitest';
import { fakeApi, Refusal } from '@/test-page';
import { PROJECT } from '@/test-project';
import { runPage, trackedRun } from '@/test-runs';
import { answersAhead } from './answers-ahead';
import { createQueryClient } from './query-provider';
import { pagesKey, routeKey } from './use-route';

const asked = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock('next/headers', () => ({ headers: async () => asked.headers }));

const SEARCH = { params: { projectId: 'prj_1' }, body: { limit: 100 } };

function serve() {
  return fakeApi([
    [identityRoutes.me, () => new Refusal(401, 'auth.required')],
    [projectRoutes.list, () => [PROJECT]],
    [trackingRoutes.search, () => runPage([trackedRun()])],
  ]);
}

function askForAll() {
  return answersAhead(async (ahead) => [
    await ahead.route(identityRoutes.me, {}),
    await ahead.route(projectRoutes.list, {}),
    await ahead.pages(trackingRoutes.search, SEARCH),
  ]);
}

beforeEach(() => {
  vi.stubEnv('API_URL', 'http://localhost');
  vi.stubEnv('TELEMETRY_URL', 'http://localhost');
  asked.headers = new Headers({ cookie: 'mallo_access=secret', accept: 'text/html,*/*;q=0.8' });
});

test('gives the page what it will ask for, without what was refused', async () => {
  serve();
  const queryClient = createQueryClient();
  // As it crosses from the server to the browser.
  hydrate(queryClient, JSON.parse(JSON.stringify(await askForAll())));
  expect(queryClient.getQueryData(routeKey(projectRoutes.list, {}))).toEqual([PROJECT]);
  expect(queryClient.getQueryData(pagesKey(trackingRoutes.search, SEARCH))).toMatchObject({
    pages: [{ runs: [{ id: 'run_1' }] }],
  });
  expect(queryClient.getQueryState(routeKey(identityRoutes.me, {}))).toBeUndefined();
});

test('asks in the name of whoever opens the page', async () => {
  serve();
  await askForAll();
  for (const [, init] of vi.mocked(fetch).mock.calls) {
    expect(new Headers(init?.headers).get('cookie')).toBe('mallo_access=secret');
  }
});

test('asks nothing for somebody unknown, nor on the way from one page to another', async () => {
  const calls = serve();
  asked.headers = new Headers({ accept: 'text/html' });
  await askForAll();
  asked.headers = new Headers({ cookie: 'mallo_access=secret', accept: '*/*' });
  await askForAll();
  expect(calls).toEqual([]);
});
