import * as contracts from '@mallo/contracts';
import { ERRORS, ErrorBody, type ErrorCode, isMlflowPath, MlflowErrorBody, type RouteSpec } from '@mallo/contracts';
import { z } from 'zod';
import { type Components, type JsonSchema, jsonSchema, mergeTwins } from './json-schemas.js';

type NamedRoute = { group: string; name: string; route: RouteSpec };

/** Every route of the contracts, those of the other services too: the front door serves them all. */
export function allRoutes(): NamedRoute[] {
  return Object.entries(contracts).flatMap(([key, routes]) => {
    if (!key.endsWith('Routes')) return [];
    const group = key.slice(0, -'Routes'.length);
    return Object.entries(routes as Record<string, RouteSpec>).map(([name, route]) => ({ group, name, route }));
  });
}

const SECURITY: Record<RouteSpec['access'], Record<string, string[]>[]> = {
  public: [],
  user: [{ bearer: [] }, { cookie: [] }],
  program: [{ bearer: [] }],
  run: [{ bearer: [] }],
  writer: [{ bearer: [] }],
  service: [{ bearer: [] }],
};

/** Errors that a route can answer without naming them. */
function errorsOf(route: RouteSpec): ErrorCode[] {
  const codes = new Set<ErrorCode>(route.errors);
  if (route.params || route.query || route.body) codes.add('request.invalid');
  if (route.access !== 'public') codes.add('auth.required').add('auth.forbidden');
  return [...codes.add('server.unexpected')];
}

function errorAnswers(route: RouteSpec, components: Components): JsonSchema {
  const schema = jsonSchema(isMlflowPath(route.path) ? MlflowErrorBody : ErrorBody, 'answer', components);
  const byStatus = Map.groupBy(errorsOf(route), (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${ERRORS[code].en}`).join('\n\n'),
        content: { 'application/json': { schema } },
      },
    ]),
  );
}

function goodAnswer({ response }: RouteSpec, components: Components): JsonSchema {
  if (!response) return { 204: { description: 'Done' } };
  if (response === 'stream') {
    return { 200: { description: 'The bytes', content: { 'application/octet-stream': { schema: bytes } } } };
  }
  const schema = jsonSchema(response, 'answer', components);
  return { 200: { description: 'Done', content: { 'application/json': { schema } } } };
}

const bytes = { type: 'string', format: 'binary' };

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query', components: Components): JsonSchema[] {
  return Object.entries(schema?.shape ?? {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || !(value as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(value as z.ZodType, 'request', components),
  }));
}

function requestBody({ body }: RouteSpec, components: Components): JsonSchema {
  if (!body) return {};
  if (body === 'stream') {
    return { requestBody: { required: true, content: { 'application/octet-stream': { schema: bytes } } } };
  }
  const content = { 'application/json': { schema: jsonSchema(body, 'request', components) } };
  return { requestBody: { required: true, content } };
}

function operation({ group, name, route }: NamedRoute, components: Components): JsonSchema {
  return {
    operationId: `${group}_${name}`,
    tags: [group],
    summary: route.summary,
    security: SECURITY[route.access],
    parameters: [...parameters(route.params, 'path', components), ...parameters(route.query, 'query', components)],
    ...requestBody(route, components),
    responses: { ...goodAnswer(route, components), ...errorAnswers(route, components) },
  };
}

/** All routes of Mallo as an OpenAPI 3.1 document. */
export function openApiDocument(version: string): JsonSchema {
  const components: Components = new Map();
  const paths: Record<string, JsonSchema> = {};
  for (const named of allRoutes()) {
    const path = named.route.path.replace(/:(\w+)/g, '{$1}').replace('*', '{*}');
    paths[path] = { ...paths[path], [named.route.method.toLowerCase()]: operation(named, components) };
  }
  const merged = mergeTwins(paths, components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mallo',
      version,
      description: 'Train models from a sentence. Programs send a token (Settings → Tokens) as a bearer.',
    },
    servers: [{ url: '/' }],
    paths: merged.paths,
    components: {
      schemas: merged.schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'mallo_access' },
      },
    },
  };
}
