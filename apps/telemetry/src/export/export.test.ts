import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type {} from '@mallo/backend/testing/global-setup';
import { exportRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { BatchWriter } from '../points/batch.js';
import { startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project } from '../testing/trackings.js';

let telemetry: Telemetry;
let project: Project;
let runId: string;

beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
  project = await newProject(telemetry);
  runId = await addTraining(project, { params: { lr: '0.1', 모델: 'a,"b"\nc' } });
  const other = await addTraining(project, { params: { lr: '0.2' } });
  for (const [run, count] of [
    [runId, 60_000],
    [other, 3],
  ] as const) {
    const writer = new BatchWriter();
    for (let step = 0; step < count; step += 1) writer.point('loss', step, 1_700_000_000_000 + step, step / 4);
    writer.point('nan', -1, 5, Number.NaN);
    await telemetry.points.append(run, writer.finish());
  }
});
afterAll(() => telemetry.close());

/** Asks for the file, and then DuckDB what is in it. */
async function ask(query: string, sql: (file: string) => string) {
  const path = exportRoutes.export.path.replace(':projectId', project.projectId);
  const answer = await fetch(`${telemetry.url}${path}?${query}`, {
    headers: { authorization: `Bearer ${project.owner.accessToken}` },
  });
  expect(answer.status).toBe(200);
  const folder = await mkdtemp(join(tmpdir(), 'mallo-exported-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, `file.${query.includes('csv') ? 'csv' : 'parquet'}`);
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = (await connection.runAndReadAll(sql(`'${file}'`))).getRowsJson();
  connection.closeSync();
  return rows;
}

test.each(['parquet', 'csv'])(
  'gives every point of a project once, as %s, and leaves no file behind',
  async (format) => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('mallo-export-'));
    const rows = await ask(
      `format=${format}`,
      (file) => `select key, count(*)::int, count(distinct (run_id, step))::int, sum(value), min(step)::int,
                      epoch_ms(max(time::timestamp))::text
                 from ${file} group by key order by key`,
    );
    const sum = (60_000 * 59_999) / 8 + 3 / 4;
    expect(rows).toEqual([
      ['loss', 60_003, 60_003, sum, 0, '1700000059999'],
      ['nan', 2, 2, 'NaN', -1, '5'],
    ]);
    const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('mallo-export-'));
    await vi.waitFor(async () => expect(await left()).toEqual(before), 20_000);
  },
);

test('gives one run’s points, and params with whatever characters they have', async () => {
  const points = await ask(
    `runId=${runId}`,
    (file) => `select distinct run_id, count(*)::int from ${file} group by run_id`,
  );
  expect(points).toEqual([[runId, 60_001]]);
  const sql = (file: string) => `select key, value from ${file} where run_id = '${runId}' order by key`;
  for (const format of ['parquet', 'csv']) {
    expect(await ask(`what=params&format=${format}`, sql)).toEqual([
      ['lr', '0.1'],
      ['모델', 'a,"b"\nc'],
    ]);
  }
});

test('refuses who does not own the project, and a run that is not in it', async () => {
  const stranger = await newProject(telemetry);
  const { projectId } = project;
  const asked = (owner: Project, run?: string) => {
    const query = run ? `?runId=${run}` : '';
    return fetch(`${telemetry.url}/live/v1/projects/${projectId}/export${query}`, {
      headers: { authorization: `Bearer ${owner.owner.accessToken}` },
    }).then(async (answer) => ((await answer.json()) as { error: { code: string } }).error.code);
  };
  expect(await asked(stranger)).toBe('project.not_found');
  expect(await asked(project, await addTraining(stranger))).toBe('run.not_found');
});

test('gives what a search finds, and says where its words cannot be read', async () => {
  const asked = async (owner: Project, body: object) => {
    const answer = await fetch(
      `${telemetry.url}/live/v1/projects/${project.projectId}/runs/export?what=params&format=csv`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${owner.owner.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
    );
    return [answer.status, await answer.text()] as const;
  };
  const found = await asked(project, { filter: "params.lr = '0.2'" });
  expect(found[0]).toBe(200);
  expect(found[1]).toMatch(/^run_id,key,value\n\w+,lr,0\.2\n$/);
  const chosen = await asked(project, { runIds: [runId], filter: "params.lr = '0.2'" });
  expect(chosen).toEqual([200, 'run_id,key,value\n']);
  expect(await asked(project, { runIds: [runId] })).toMatchObject([200, expect.stringContaining(`${runId},lr,0.1`)]);
  expect(await asked(project, { filter: 'params.lr ~ 1' })).toMatchObject([
    400,
    expect.stringContaining('run.search_invalid'),
  ]);
  const stranger = await newProject(telemetry);
  expect(await asked(stranger, {})).toMatchObject([404, expect.stringContaining('project.not_found')]);
});
