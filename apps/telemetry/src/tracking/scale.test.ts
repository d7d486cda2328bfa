import type {} from '@mallo/backend/testing/global-setup';
import { trackingRoutes } from '@mallo/contracts';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTelemetry, type Telemetry } from '../testing/telemetry.js';
import { addTraining, newProject, type Project, search } from '../testing/trackings.js';

const database = new pg.Pool({ connectionString: inject('databaseUrl') });
let telemetry: Telemetry;
let project: Project;

/** 10,000 runs of 8 metrics, 5 params and 2 tags each, and a training with 12,000 metric names. */
beforeAll(async () => {
  telemetry = await startTelemetry(inject('databaseUrl'));
  project = await newProject(telemetry);
  const training = await addTraining(project, { name: 'wide', status: 'completed', startedMs: 1 });
  const { ownerId, projectId } = project;
  await database.query(
    `insert into telemetry.runs
       (run_id, owner_id, project_id, experiment_id, kind, name, user_name, status, started_ms, ended_ms)
     select 'run_many' || i, $1, $2, (select experiment_id from telemetry.experiments where project_id = $2), 'logged',
            'n' || i, 'u' || i % 10, (array['completed', 'failed', 'running'])[1 + i % 3], 1000 + i, 2000 + i
       from generate_series(1, 10000) i`,
    [ownerId, projectId],
  );
  const logged = `from telemetry.runs, generate_series(1, $2::int) k where project_id = $1 and kind = 'logged'`;
  await database.query(`insert into telemetry.run_params select run_id, 'p' || k, (began_ms % 100)::text ${logged}`, [
    projectId,
    20,
  ]);
  await database.query(`insert into telemetry.run_tags select run_id, 't' || k, 'v' || began_ms % 7 ${logged}`, [
    projectId,
    2,
  ]);
  await database.query(
    `insert into telemetry.latest_points select run_id, 'm' || k, 10, 10, (began_ms * k) % 1000, 10 ${logged}`,
    [projectId, 8],
  );
  await database.query(
    `insert into telemetry.latest_points select $1, 'name/' || k, 10, 10, k, 10 from generate_series(1, 12000) k`,
    [training],
  );
  await database.query('analyze');
}, 120_000);
afterAll(async () => {
  await telemetry.close();
  await database.end();
});

test('every run of 10,000 is on exactly one page, in order, whatever they are sorted by', async () => {
  const seen: number[] = [];
  const ids = new Set<string>();
  const columns = { metrics: ['m7'], params: [], tags: [] };
  for (let cursor: string | undefined; ; ) {
    const page = await search(project, { orderBy: ['metrics.m7 DESC'], limit: 1000, columns, cursor });
    expect(page.total).toBe(10_001);
    for (const { id, metrics } of page.runs) {
      ids.add(id);
      seen.push(Number(metrics.m7?.value ?? -1));
    }
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(ids.size).toBe(10_001);
  expect(seen).toEqual(seen.toSorted((a, b) => b - a));
});

test('finds among 10,000 runs what a filter of metric, param, tag and status asks for, and counts it', async () => {
  const filter = "metrics.m1 < 500 and params.p3 = '7' and tags.t2 LIKE 'v%' and status = 'FINISHED'";
  const { rows } = await database.query(
    `select count(*)::int as total from telemetry.runs where project_id = $1 and kind = 'logged'
        and began_ms % 1000 < 500 and began_ms % 100 = 7 and status = 'completed'`,
    [project.projectId],
  );
  const found = await search(project, { filter, limit: 5 });
  expect(found.total).toBe(rows[0].total);
  expect(found.runs).toHaveLength(5);
});

test('names 12,000 metrics of one run beside those of 10,000 others', async () => {
  const params = { projectId: project.projectId };
  const query = { kind: 'metrics' as const, search: '', limit: 1000 };
  const keys = await project.owner.call(trackingRoutes.keys, { params, query });
  expect(keys).toMatchObject({ total: 12_008, keys: { length: 1000 } });
  const { runs } = await search(project, { filter: 'metrics.`name/11999` > 0' });
  expect(runs.map(({ name }) => name)).toEqual(['wide']);
});
