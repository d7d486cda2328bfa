import type {} from '@mallo/backend/testing/global-setup';
import { trackingRoutes } from '@mallo/contracts';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project, search, setLatest } from '../testing/trackings.js';

const database = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;
let project: Project;

/** Runs `a` to `e`, each begun after the one before. */
const RUNS = {
  a: { record: { params: { lr: '0.1', model: 'resnet50' } }, metrics: { acc: 0.9, 'val/loss x': 1 } },
  b: { record: { params: { lr: '0.01', model: 'resnet18' }, tags: { team: '말로' } }, metrics: { acc: 0.95 } },
  c: { record: { params: { model: 'vit' }, status: 'failed' as const, endedMs: 9000 }, metrics: { acc: Number.NaN } },
  d: { record: { params: { lr: '0.1' }, user: 'kim' }, metrics: { acc: Number.POSITIVE_INFINITY } },
  e: { record: { tags: { team: "it's" } }, metrics: { loss: 2 } },
};

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
  project = await newProject(telemetry);
  for (const [index, [name, { record, metrics }]] of Object.entries(RUNS).entries()) {
    const began = { name, status: 'completed' as const, startedMs: 1000 + index, endedMs: 2000 + index };
    const runId = await addTraining(project, { ...began, ...record });
    await setLatest(database, runId, metrics);
  }
});
afterAll(async () => {
  await telemetry.close();
  await database.end();
});

const names = async (asked: Parameters<typeof search>[1]) =>
  (await search(project, asked)).runs.map(({ name }) => name).join('');

test.each([
  ['', 'edcba'],
  ['metrics.acc > 0.9', 'db'],
  ['metrics.acc >= 0.9', 'dba'],
  ['metrics.acc = 0.95', 'b'],
  ['metrics.acc != 0.95', 'dca'],
  ['metrics.acc < 1e300', 'ba'],
  ['metric.`val/loss x` <= 1', 'a'],
  ["params.model LIKE 'resnet%'", 'ba'],
  ["params.model LIKE 'RESNET%'", ''],
  ["params.model ILIKE 'RESNET%'", 'ba'],
  ["parameters.lr = '0.1' and metrics.acc > 0.9", 'd'],
  ["params.lr != '0.1'", 'b'],
  ['params.lr IS NULL', 'ec'],
  ['params.lr IS NOT NULL AND params.model IS NOT NULL', 'ba'],
  ['tags.team = "말로"', 'b'],
  ["tags.team = 'it''s'", 'e'],
  ["attributes.status = 'FINISHED'", 'edba'],
  ["status = 'FAILED'", 'c'],
  ["attr.status != 'FINISHED'", 'c'],
  ["run_name = 'a'", 'a'],
  ["attributes.`Run name` LIKE '_'", 'edcba'],
  ["user_id = 'kim'", 'd'],
  ['start_time > 1002', 'ed'],
  ['attributes.end_time >= 2003.5', 'ec'],
  ["attributes.artifact_uri LIKE 'mlflow-artifacts:/0/run_%/artifacts'", 'edcba'],
  ["datasets.name = 'x'", ''],
  ["dataset.context IN ('train', 'test')", ''],
  ["params.model = '''; drop table telemetry.runs; --'", ''],
])('%s finds %s', async (filter, found) => {
  expect(await names({ filter })).toBe(found);
  expect((await search(project, { filter, limit: 1 })).total).toBe(found.length);
});

test('run_id IN and NOT IN take lists', async () => {
  const [e, d] = (await search(project)).runs.map(({ id }) => id);
  expect(await names({ filter: `run_id IN ('${e}', '${d}')` })).toBe('ed');
  expect(await names({ filter: `run_id NOT IN ('${e}', '${d}')` })).toBe('cba');
});

test('only some runs, statuses and kinds, each with the filter', async () => {
  const [e, d, c] = (await search(project)).runs.map(({ id }) => id) as [string, string, string];
  expect(await names({ runIds: [e, c] })).toBe('ec');
  expect(await names({ statuses: ['failed', 'running'] })).toBe('c');
  expect(await names({ statuses: ['completed'], runIds: [e, d, c], filter: "run_name != 'd'" })).toBe('e');
  expect(await names({ kinds: ['logged'] })).toBe('');
  const first = await search(project, { statuses: ['completed'], limit: 1 });
  expect(first.total).toBe(4);
  expect(await names({ statuses: ['completed'], limit: 1, cursor: first.nextCursor ?? undefined })).toBe('d');
  // A cursor belongs to its search.
  await expect(search(project, { limit: 1, cursor: first.nextCursor ?? undefined })).rejects.toMatchObject({
    code: 'request.invalid',
  });
});

test.each([
  [['metrics.acc DESC'], 'dbace'],
  [['metrics.acc'], 'abdce'],
  [['params.lr ASC'], 'bdaec'],
  [['params.lr DESC', 'start_time ASC'], 'adbce'],
  [['status', 'run_name DESC'], 'cedba'],
  [['attributes.end_time DESC'], 'cedba'],
  [['attributes.created ASC'], 'abcde'],
  [['tags.team'], 'ebdca'],
])('sorted by %s: %s, whole or page by page', async (orderBy, sorted) => {
  expect(await names({ orderBy })).toBe(sorted);
  const pages: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await search(project, { orderBy, limit: 2, cursor });
    expect(page.total).toBe(5);
    pages.push(page.runs.map(({ name }) => name).join(''));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(pages.join(' ')).toBe(`${sorted.slice(0, 2)} ${sorted.slice(2, 4)} ${sorted.slice(4)}`);
});

test('answers the columns that were asked for', async () => {
  const columns = { metrics: ['acc', '__proto__'], params: ['lr'], tags: ['team', 'mlflow.user'] };
  const { runs } = await search(project, { columns });
  expect(runs.find(({ name }) => name === 'd')).toMatchObject({
    metrics: { acc: { value: 'Infinity', step: 7, timeMs: 1007 } },
    params: { lr: '0.1' },
    tags: { 'mlflow.user': 'kim' },
  });
  expect(runs.find(({ name }) => name === 'c')?.metrics).toEqual({ acc: { value: 'NaN', step: 7, timeMs: 1007 } });
});

test.each([
  [{ filter: 'metrics.acc > 1 OR metrics.acc < 0' }, "Invalid clause(s) in filter string: 'OR'"],
  [{ filter: "metrics.acc > '1'" }, "Expected numeric value type for metric. Found '1'"],
  [{ filter: 'metrics.acc LIKE 1' }, "Invalid comparator 'LIKE'"],
  [{ filter: "params.lr > '1'" }, "Invalid comparator '>'"],
  [{ filter: 'params.lr = 1' }, "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1"],
  [{ filter: 'params.lr = abc' }, 'Use either single or double quotes'],
  [{ filter: "secrets.a = 'b'" }, "Invalid entity type 'secrets'"],
  [{ filter: "attributes.constructor = 'b'" }, "Invalid attribute key 'constructor'"],
  [{ filter: "constructor.a = 'b'" }, "Invalid entity type 'constructor'"],
  [{ filter: 'metrics.a IS NULL' }, 'only supported for tags and params'],
  [{ filter: "status IN ('FINISHED')" }, "Only ['run_id'] attributes support"],
  [{ orderBy: ['metrics.acc; select 1'] }, 'Could not be parsed'],
  [{ orderBy: ['datasets.name'] }, "Invalid identifier type 'dataset'"],
  [{ orderBy: ['params.a', 'params.`a` DESC'] }, 'duplicate fields'],
])('refuses %j', async (asked, problem) => {
  await expect(search(project, asked)).rejects.toMatchObject({
    code: 'run.search_invalid',
    params: { detail: expect.stringContaining(problem) },
  });
});

test('a cursor belongs to its search', async () => {
  await expect(search(project, { cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ code: 'request.invalid' });
  const { nextCursor } = await search(project, { limit: 1, orderBy: ['run_name'] });
  const cursor = nextCursor ?? '';
  expect(await names({ limit: 1, orderBy: ['run_name'], cursor })).toBe('b');
  await expect(search(project, { limit: 1, cursor })).rejects.toMatchObject({ code: 'request.invalid' });
});

test('looks only in the experiments that were named', async () => {
  expect(await names({ experimentIds: ['0'] })).toBe('edcba');
  expect(await names({ experimentIds: ['99999999999999999999'] })).toBe('');
});

test('names the keys there are, in parts and in all', async () => {
  const keys = (kind: 'metrics' | 'params' | 'tags', text = '', limit = 100) =>
    project.owner.call(trackingRoutes.keys, {
      params: { projectId: project.projectId },
      query: { kind, search: text, limit },
    });
  expect(await keys('metrics')).toEqual({ keys: ['acc', 'loss', 'val/loss x'], total: 3 });
  expect(await keys('metrics', 'LOSS', 1)).toEqual({ keys: ['loss'], total: 2 });
  expect(await keys('params', '%')).toEqual({ keys: [], total: 0 });
  expect(await keys('tags')).toEqual({ keys: ['mlflow.runName', 'mlflow.user', 'team'], total: 3 });
});
