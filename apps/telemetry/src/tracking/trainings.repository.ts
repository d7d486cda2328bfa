import type { TrainingRecord } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import { addProject } from './projects.repository.js';
import { RUN_NAME } from './run-texts.js';
import { NOW_MS_SQL, storableText } from './sql.js';

/** The status of a training only goes forward, so what is behind is late news. */
const RANK_SQL = (status: string) =>
  `(case ${status} when 'queued' then 0 when 'running' then 1 when 'cancelling' then 2 else 3 end)`;

/** Mallo's own trainings, as the api tells of them. */
@Injectable()
export class TrainingsRepository {
  constructor(private readonly database: Database) {}

  /** Makes a training known and brings its record up to date, all or nothing; the same again changes nothing. */
  open(runId: string, ownerId: string, projectId: string, training: TrainingRecord | undefined): Promise<void> {
    return this.database.transaction(async (client) => {
      await addProject(client, projectId, ownerId);
      await client.query(
        `insert into telemetry.runs (run_id, owner_id, project_id, experiment_id)
         select $1, $2, $3, experiment_id from telemetry.experiments where project_id = $3 and is_default
         on conflict do nothing`,
        [runId, ownerId, projectId],
      );
      if (training) await update(client, runId, projectId, training);
    });
  }
}

async function update(client: PoolClient, runId: string, projectId: string, training: TrainingRecord): Promise<void> {
  const { name, user, status, createdMs, startedMs, endedMs, params, tags } = training;
  const updated = await client.query(
    `update telemetry.runs set name = $3, user_name = $4, status = $5, created_ms = $6, started_ms = $7, ended_ms = $8,
            changed_ms = ${NOW_MS_SQL}
      where run_id = $1 and project_id = $2 and kind = 'training' and ${RANK_SQL('status')} <= ${RANK_SQL('$5::text')}`,
    [runId, projectId, storableText(name), storableText(user), status, createdMs, startedMs, endedMs],
  );
  if (updated.rowCount === 0) return;
  await put(client, 'run_params', runId, params);
  await put(client, 'run_tags', runId, { [RUN_NAME]: name, 'mlflow.user': user, ...tags });
}

async function put(
  client: PoolClient,
  table: 'run_params' | 'run_tags',
  runId: string,
  record: Record<string, string>,
): Promise<void> {
  await client.query(
    `insert into telemetry.${table} (run_id, key, value) select $1, * from unnest($2::text[], $3::text[])
     on conflict (run_id, key) do update set value = excluded.value where ${table}.value <> excluded.value`,
    [runId, Object.keys(record).map(storableText), Object.values(record).map(storableText)],
  );
}
