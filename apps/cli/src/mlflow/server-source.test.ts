import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { GatheredReport } from './report.js';
import { ServerSource } from './server-source.js';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0)) await clean();
});

/** A server with one registered model, of an MLflow that takes no filter of models: before 1.28. */
async function oldServer(): Promise<string> {
  const server = createServer((request, answer) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://server');
    const isRefused = pathname.endsWith('/registered-models/search') && searchParams.has('filter');
    const model = { name: 'pets' };
    const answers: Record<string, object> = {
      '/registered-models/search': { registered_models: [model] },
      '/registered-models/get': { registered_model: model },
    };
    const [, path = ''] = /\/mlflow(\/.*)$/.exec(pathname) ?? [];
    const refusal = { error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid filter string' };
    answer.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(isRefused ? refusal : (answers[path] ?? {})));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleaning.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('says that prompts are left out where a server does not list them', async () => {
  const report = new GatheredReport();
  const url = await oldServer();
  const source = await ServerSource.open(url, {}, report);
  const names: string[] = [];
  for await (const { name } of source.registeredModels()) names.push(name);
  expect(names).toEqual(['pets']);
  expect(report.lines('en').join('\n')).toContain(
    `${url}: Prompts were left out, as this server does not list them: Invalid filter string`,
  );
  expect(report.hasProblems).toBe(false);
});
