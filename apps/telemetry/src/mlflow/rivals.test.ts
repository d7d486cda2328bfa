import type {} from '@mallo/backend/testing/global-setup';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { startTokenApi, type TokenApi } from '../testing/token-api.js';

const database = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;
let api: TokenApi;
beforeAll(async () => {
  api = await startTokenApi();
  telemetry = await startTelemetry(inject('databaseUrl'), { API_URL: api.url });
});
afterAll(async () => {
  await telemetry.close();
  api.close();
  await database.end();
});

type Answer = { experiment_id?: string; run?: { info: { run_id: string } }; error_code?: string; message?: string };

async function call(path: string, form: object): Promise<Answer & { status: number }> {
  const answer = await fetch(`${telemetry.url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { authorization: api.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(form),
  });
  return { status: answer.status, ...((await answer.json()) as Answer) };
}

test('of two renames to one name at the same moment the later is told that it is taken', async () => {
  const first = await call('experiments/create', { name: 'first' });
  const other = await call('experiments/create', { name: 'other' });
  const rival = await database.connect();
  await rival.query('begin');
  await rival.query(`update telemetry.experiments set name = 'wanted' where experiment_id = $1`, [other.experiment_id]);
  const renamed = call('experiments/update', { experiment_id: first.experiment_id, new_name: 'wanted' });
  await expect
    .poll(async () => (await database.query('select 1 from pg_locks where not granted')).rowCount, { timeout: 20_000 })
    .toBeGreaterThan(0);
  await rival.query('commit');
  rival.release();
  expect(await renamed).toEqual({
    status: 400,
    error_code: 'RESOURCE_ALREADY_EXISTS',
    message: 'Experiment(name=wanted) already exists.',
  });
});

test.each(['not JSON', '{"a": 1}', ''])('a model is noted although the tag for it was set to %j', async (value) => {
  const { run } = await call('runs/create', { experiment_id: '0' });
  const runId = run?.info.run_id;
  await call('runs/set-tag', { run_id: runId, key: 'mlflow.log-model.history', value });
  const model = { artifact_path: 'model', flavors: {}, utc_time_created: 'now', run_id: runId };
  expect(await call('runs/log-model', { run_id: runId, model_json: JSON.stringify(model) })).toEqual({ status: 200 });
  const { rows } = await database.query('select value from telemetry.run_tags where run_id = $1 and key = $2', [
    runId,
    'mlflow.log-model.history',
  ]);
  expect(JSON.parse(rows[0].value)).toEqual([model]);
});
