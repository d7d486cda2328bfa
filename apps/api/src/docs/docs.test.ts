import * as contracts from '@mallo/contracts';
import { docsRoutes, isMlflowPath } from '@mallo/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { allRoutes } from './openapi.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

type Operation = { operationId: string; parameters: { name: string }[]; responses: object; security: object[] };
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object> } };

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = await api.anonymous.call(docsRoutes.openapi);
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('has every route of the contracts, each under a name of its own', async () => {
    const { paths } = (await api.anonymous.call(docsRoutes.openapi)) as Document;
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    const groups = Object.entries(contracts).filter(([name]) => name.endsWith('Routes'));
    expect(ids).toHaveLength(groups.reduce((sum, [, routes]) => sum + Object.keys(routes).length, 0));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['identity_login', 'live_ingest', 'dataset_upload', 'parse_parse']));
  });

  it('names the parameters of each path, the errors, and who may call', async () => {
    const { paths } = (await api.anonymous.call(docsRoutes.openapi)) as Document;
    const upload = paths['/api/v1/projects/{projectId}/datasets']?.post;
    expect(upload?.parameters.map(({ name }) => name)).toEqual(['projectId', 'name']);
    expect(Object.keys(upload?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '409', '413', '507']),
    );
    expect(upload?.security).toEqual([{ bearer: [] }, { cookie: [] }]);
    expect(paths['/api/v1/auth/login']?.post?.security).toEqual([]);
  });

  it('refers only to schemas that it has', async () => {
    const document = (await api.anonymous.call(docsRoutes.openapi)) as Document;
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(references.length).toBeGreaterThan(50);
    expect([...new Set(references)].filter((name) => !(name in document.components.schemas))).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('tells what is sent from what is answered only where they differ', async () => {
    const { components } = (await api.anonymous.call(docsRoutes.openapi)) as Document;
    const names = Object.keys(components.schemas);
    expect(names).toEqual(expect.arrayContaining(['Id', 'Dataset', 'ParseRequest', 'ErrorBody']));
    for (const name of names.filter((one) => one.endsWith('.request'))) {
      expect(components.schemas[name]).not.toEqual(components.schemas[name.replace('.request', '')]);
    }
  });
});

describe('the page of the API', () => {
  it('loads from here alone, under a policy that allows nothing else', async () => {
    const page = await api.anonymous.download(docsRoutes.page, {});
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(html).not.toMatch(/https?:/);
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const answer = await fetch(`${api.url}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
  });

  it('serves no other file', async () => {
    const answer = await fetch(`${api.url}/api/docs/${encodeURIComponent('../package.json')}`);
    expect(answer.status).toBe(400);
  });
});

describe('every route', () => {
  const guarded = allRoutes().filter(({ route }) => route.access !== 'public' && route.path.startsWith('/api/'));

  it.each(guarded.map(({ group, name, route }) => ({ id: `${group}.${name}`, route })))(
    'denies without a token: $id',
    async ({ route }) => {
      const answer = await fetch(api.url + route.path.replace(/:(\w+)/g, 'run_0000000000'), { method: route.method });
      expect(answer.status).toBe(401);
      // An answer to HEAD has no body (RFC 9110, 9.3.2).
      if (route.method === 'HEAD') return;
      const refusal = isMlflowPath(route.path)
        ? { error_code: 'UNAUTHENTICATED', message: expect.any(String) }
        : { error: { code: 'auth.required' } };
      expect(await answer.json()).toMatchObject(refusal);
    },
  );

  it.each(guarded.map(({ group, name, route }) => ({ id: `${group}.${name}`, route })))(
    'denies with a token that is not one: $id',
    async ({ route }) => {
      const headers = { authorization: 'Bearer mallo_nothing' };
      const answer = await fetch(api.url + route.path.replace(/:(\w+)/g, 'run_0000000000'), {
        method: route.method,
        headers,
      });
      expect(answer.status).toBe(401);
    },
  );
});
