import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import { EXPERIMENT_ID_SQL, EXPERIMENT_LOCATION_SQL } from './run-fields.js';
import { isDuplicate, NOW_MS_SQL, storableText } from './sql.js';

export type LifecycleStage = 'active' | 'deleted';
export type KeyValue = { key: string; value: string };
export type ExperimentRow = {
  /** As it is shown: `0` is the default one. */
  id: string;
  /** As it is in the tables. */
  key: number;
  name: string;
  lifecycleStage: LifecycleStage;
  artifactLocation: string;
  createdMs: number;
  updatedMs: number;
  tags: KeyValue[];
};

export const EXPERIMENT_COLUMNS_SQL = `${EXPERIMENT_ID_SQL} as id, experiments.experiment_id as key, experiments.name,
  experiments.lifecycle_stage as "lifecycleStage", ${EXPERIMENT_LOCATION_SQL} as "artifactLocation",
  experiments.created_ms as "createdMs", experiments.updated_ms as "updatedMs",
  coalesce((select json_agg(json_build_object('key', key, 'value', value) order by key)
    from telemetry.experiment_tags tags where tags.experiment_id = experiments.experiment_id), '[]') as tags`;
const OF_PROJECT = `experiments.project_id = $1 and ${EXPERIMENT_ID_SQL} = $2`;

/** Experiments of a project, by the ids that are shown. */
@Injectable()
export class ExperimentsRepository {
  constructor(private readonly database: Database) {}

  async find(projectId: string, id: string): Promise<ExperimentRow | null> {
    const [row] = await this.database.query<ExperimentRow>(
      `select ${EXPERIMENT_COLUMNS_SQL} from telemetry.experiments where ${OF_PROJECT}`,
      [projectId, id],
    );
    return row ?? null;
  }

  async findByName(projectId: string, name: string): Promise<ExperimentRow | null> {
    const [row] = await this.database.query<ExperimentRow>(
      `select ${EXPERIMENT_COLUMNS_SQL} from telemetry.experiments where project_id = $1 and name = $2`,
      [projectId, storableText(name)],
    );
    return row ?? null;
  }

  /** @returns its id, or null where the name is taken */
  create(projectId: string, name: string, artifactLocation: string | null, tags: KeyValue[]): Promise<string | null> {
    return this.database.transaction(async (client) => {
      const made = await client.query<{ id: number }>(
        `insert into telemetry.experiments (project_id, name, artifact_location, created_ms, updated_ms)
         values ($1, $2, $3, $4, $4) on conflict (project_id, name) do nothing returning experiment_id as id`,
        [projectId, storableText(name), artifactLocation, Date.now()],
      );
      const id = made.rows[0]?.id;
      if (id === undefined) return null;
      for (const tag of tags) await setTag(client, id, tag);
      return String(id);
    });
  }

  /** Deletes or restores an experiment with its runs. @returns false where it did not stand the other way */
  setLifecycle(projectId: string, id: string, stage: LifecycleStage): Promise<boolean> {
    return this.database.transaction(async (client) => {
      const changed = await client.query<{ key: number }>(
        `update telemetry.experiments set lifecycle_stage = $3, updated_ms = $4
          where ${OF_PROJECT} and lifecycle_stage <> $3 returning experiment_id as key`,
        [projectId, id, stage, Date.now()],
      );
      const key = changed.rows[0]?.key;
      if (key === undefined) return false;
      await client.query(
        `update telemetry.runs set lifecycle_stage = $2, changed_ms = ${NOW_MS_SQL},
                deleted_ms = case when $2 = 'deleted' then $3::bigint end
          where experiment_id = $1 and lifecycle_stage <> $2`,
        [key, stage, Date.now()],
      );
      return true;
    });
  }

  /** @returns false where the name is taken */
  async rename(key: number, name: string): Promise<boolean> {
    try {
      await this.database.query(
        'update telemetry.experiments set name = $2, updated_ms = $3 where experiment_id = $1',
        [key, storableText(name), Date.now()],
      );
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  setTag(key: number, tag: KeyValue): Promise<void> {
    return this.database.transaction((client) => setTag(client, key, tag));
  }

  /** @returns false where there was no such tag */
  async deleteTag(key: number, tag: string): Promise<boolean> {
    const rows = await this.database.query(
      'delete from telemetry.experiment_tags where experiment_id = $1 and key = $2 returning key',
      [key, storableText(tag)],
    );
    return rows.length > 0;
  }
}

async function setTag(client: PoolClient, key: number, tag: KeyValue): Promise<void> {
  await client.query(
    `insert into telemetry.experiment_tags (experiment_id, key, value) values ($1, $2, $3)
     on conflict (experiment_id, key) do update set value = excluded.value`,
    [key, storableText(tag.key), storableText(tag.value)],
  );
}
