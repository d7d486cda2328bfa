import { expect, test } from 'vitest';
import * as contracts from './index.js';
import type { RouteSpec } from './route.js';

const routes: RouteSpec[] = Object.entries(contracts)
  .filter(([name]) => name.endsWith('Routes'))
  .flatMap(([, group]) => Object.values(group as Record<string, RouteSpec>));

test('there are routes to look at', () => {
  expect(routes.length).toBeGreaterThan(30);
});

test('no two routes answer the same request', () => {
  const requests = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
  expect(new Set(requests).size).toBe(requests.length);
});

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  const named = [...route.path.matchAll(/:(\w+)|\*/g)].map(([all, name]) => name ?? all);
  expect(Object.keys(route.params?.shape ?? {}).sort()).toEqual(named.sort());
  expect(route.summary).not.toBe('');
});
