import { readFile } from 'node:fs/promises';
import type {} from '@mallo/backend/testing/global-setup';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { startTokenApi, type TokenApi } from '../testing/token-api.js';
import { addTraining, newProject, type Project } from '../testing/trackings.js';
import { keyedRunId } from '../tracking/program-runs.service.js';
import { otlpRoutes } from './otlp.controller.js';

const sql = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;
let api: TokenApi;
let project: Project;

beforeAll(async () => {
  api = await startTokenApi();
  telemetry = await startTelemetry(inject('databaseUrl'), { API_URL: api.url });
  project = await newProject(telemetry, api);
});
afterAll(async () => {
  await telemetry.close();
  api.close();
  await sql.end();
});

const url = () => telemetry.url + otlpRoutes.metrics.path;
const headers = () => ({ authorization: api.authorization });

async function post(body: unknown, contentType = 'application/json') {
  const answer = await fetch(url(), {
    method: 'POST',
    headers: { ...headers(), 'content-type': contentType },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

function gauge(attributes: Record<string, string>, points: { step?: number; ms: number; value: number | string }[]) {
  const text = (record: Record<string, string>) =>
    Object.entries(record).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const dataPoints = points.map(({ step, ms, value }) => ({
    timeUnixNano: `${ms}000000`,
    asDouble: value,
    attributes: step === undefined ? [] : [{ key: 'step', value: { intValue: `${step}` } }],
  }));
  const metrics = [{ name: 'loss', gauge: { dataPoints } }];
  return { resourceMetrics: [{ resource: { attributes: text(attributes) }, scopeMetrics: [{ metrics }] }] };
}

async function runsNamed(name: string): Promise<string[]> {
  const { rows } = await sql.query('select run_id from telemetry.runs where project_id = $1 and name = $2', [
    api.projectId,
    name,
  ]);
  return rows.map(({ run_id }) => run_id);
}

test.each([
  ['protocol buffers', 'proto', ProtobufExporter],
  ['JSON', 'json', JsonExporter],
])('takes what OpenTelemetry’s own exporter sends as %s, with gzip', async (_, name, Exporter) => {
  const service = `trainer-${name}`;
  const exporter = new Exporter({ url: url(), headers: headers(), compression: 'gzip' as never });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': '1' }),
    readers: [reader],
  });
  const meter = provider.getMeter('test');
  meter.createCounter('images').add(64, { split: 'train' });
  meter.createGauge('loss').record(0.25);
  meter.createHistogram('batch.seconds').record(2);
  await provider.forceFlush();
  meter.createGauge('loss').record(0.125);
  await provider.shutdown();
  const [runId = ''] = await runsNamed(service);
  const { metrics } = await telemetry.points.metrics(runId, { search: '', limit: 100 });
  const last = Object.fromEntries(metrics.map(({ key, last: { value } }) => [key, value]));
  expect(last).toMatchObject({
    'images{split=train}': 64,
    loss: 0.125,
    'batch.seconds.count': 1,
    'batch.seconds.sum': 2,
    'batch.seconds.min': 2,
    'batch.seconds.max': 2,
  });
});

test('adds to the run that is named, by the steps that are given, and a repeat stores nothing twice', async () => {
  const runId = await addTraining(project);
  await sql.query(`update telemetry.runs set kind = 'logged' where run_id = $1`, [runId]);
  const points = [
    { step: 1, ms: 1000, value: 0.5 },
    { step: 2, ms: 2000, value: 'NaN' },
  ];
  for (let times = 0; times < 3; times += 1) {
    expect(await post(gauge({ 'mallo.run_id': runId }, points))).toEqual({ status: 200, body: {} });
  }
  const [curve] = await telemetry.points.curves([{ runId, key: 'loss' }], { axis: 'step' }, 100);
  expect([...(curve?.points.steps ?? [])]).toEqual([1, 2]);
  expect([...(curve?.points.timesMs ?? [])]).toEqual([1000, 2000]);
  expect([...(curve?.points.values ?? [])]).toEqual([0.5, Number.NaN]);
});

test('programs that begin at the same moment make one run', async () => {
  const body = (ms: number) => gauge({ 'service.name': 'many' }, [{ ms, value: ms }]);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => post(body(at + 1))));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const runs = await runsNamed('many');
  expect(runs).toHaveLength(1);
  const { metrics } = await telemetry.points.metrics(runs[0] ?? '', { search: '', limit: 10 });
  expect(metrics).toMatchObject([{ key: 'loss', count: 8 }]);
});

test('says what it cannot keep, and refuses what it cannot read', async () => {
  const long = gauge({ 'service.name': 'long' }, [{ ms: 1, value: 1 }]);
  const metric = long.resourceMetrics[0]?.scopeMetrics[0]?.metrics[0];
  if (metric) metric.name = 'x'.repeat(251);
  expect(await post(long)).toMatchObject({ status: 200, body: { partialSuccess: { rejectedDataPoints: 1 } } });
  expect(await post({ resourceMetrics: 'no' })).toMatchObject({
    status: 400,
    body: { error: { code: 'request.invalid' } },
  });
  expect(await post('garbage', 'application/x-protobuf')).toMatchObject({ status: 400 });
  const foreign = await addTraining(await newProject(telemetry));
  const named = gauge({ 'mallo.run_id': foreign }, [{ ms: 1, value: 1 }]);
  expect(await post(named)).toMatchObject({ status: 404, body: { error: { code: 'run.not_found' } } });
  const nobody = await fetch(url(), { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  expect(nobody.status).toBe(401);
});

type Standing = { status: string; ended_ms: number | null; tag: string | null };
async function standing(runId: string): Promise<Standing | undefined> {
  const { rows } = await sql.query<Standing>(
    `select status, ended_ms::float8, value as tag from telemetry.runs
       left join telemetry.run_tags tags on tags.run_id = runs.run_id and key = 'mallo.ended' where runs.run_id = $1`,
    [runId],
  );
  return rows[0];
}

/** As if nothing had come of a run for so long; another instance starts, which looks at once. */
async function beQuiet(runId: string, minutes: number): Promise<number> {
  const { rows } = await sql.query(
    'update telemetry.otlp_runs set heard_ms = heard_ms - $2 where run_id = $1 returning heard_ms::float8 as ms',
    [runId, minutes * 60_000],
  );
  await sql.query('update telemetry.runs set started_ms = 1 where run_id = $1', [runId]);
  const other = await startTelemetry(inject('databaseUrl'), { API_URL: api.url });
  await other.close();
  return rows[0].ms;
}

test('a run ends when nothing came for ten minutes, and goes on with what comes yet', async () => {
  const body = (ms: number) => gauge({ 'service.name': 'ending' }, [{ ms, value: ms }]);
  await post(body(1));
  const [runId = ''] = await runsNamed('ending');
  await beQuiet(runId, 9);
  expect(await standing(runId)).toEqual({ status: 'running', ended_ms: null, tag: null });
  await post(body(2));
  const heardMs = await beQuiet(runId, 10);
  expect(await standing(runId)).toEqual({ status: 'completed', ended_ms: heardMs, tag: 'quiet' });
  await post(body(3));
  expect(await standing(runId)).toEqual({ status: 'running', ended_ms: null, tag: null });
});

test('what somebody says of how it ended stays', async () => {
  const body = (ms: number) => gauge({ 'service.name': 'said' }, [{ ms, value: ms }]);
  await post(body(1));
  const [runId = ''] = await runsNamed('said');
  const batch = { writer: 'end', from: 0, to: 1, events: [{ type: 'run', timeMs: 5000, status: 'failed' }] };
  const said = await fetch(`${telemetry.url}/live/v1/runs/${runId}/events`, {
    method: 'POST',
    headers: { ...headers(), 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  });
  expect(said.status).toBe(200);
  await beQuiet(runId, 60);
  await post(body(2));
  expect(await standing(runId)).toEqual({ status: 'failed', ended_ms: 5000, tag: null });
});

test('a run that a program began itself is not ended for it', async () => {
  const runId = await addTraining(project);
  await sql.query(`update telemetry.runs set kind = 'logged', status = 'running' where run_id = $1`, [runId]);
  await post(gauge({ 'mallo.run_id': runId }, [{ ms: 1, value: 1 }]));
  expect((await sql.query('select from telemetry.otlp_runs where run_id = $1', [runId])).rowCount).toBe(0);
});

test('knows the runs that there were before', async () => {
  const names = ['trainer "α"\\', 'one\ntwo', '7'];
  for (const name of names) {
    await post(gauge({ 'service.name': name, 'service.instance.id': `${name}/1` }, [{ ms: 1, value: 1 }]));
  }
  const ids = names.map((name) => keyedRunId(api.projectId, name, `${name}/1`));
  const { rows: before } = await sql.query('delete from telemetry.otlp_runs returning run_id');
  const migration = await readFile(new URL('../../migrations/0012_otlp_runs.sql', import.meta.url), 'utf8');
  await sql.query(migration.slice(migration.indexOf('insert into')));
  const { rows: after } = await sql.query('select run_id from telemetry.otlp_runs');
  const sorted = (rows: { run_id: string }[]) => rows.map(({ run_id }) => run_id).toSorted();
  expect(sorted(after)).toEqual(sorted(before));
  expect(sorted(after)).toEqual(expect.arrayContaining(ids));
});
