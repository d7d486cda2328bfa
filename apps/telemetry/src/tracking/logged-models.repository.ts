import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import type { KeyValue, LifecycleStage } from './experiments.repository.js';
import { EXPERIMENT_ID_SQL, EXPERIMENT_LOCATION_SQL } from './run-fields.js';
import { columnsOf } from './run-texts.js';
import { NOW_MS_SQL, storableText } from './sql.js';

export type ModelStatus = 'PENDING' | 'READY' | 'UPLOAD_FAILED';
export type ModelPoint = {
  modelId: string;
  runId: string;
  key: string;
  step: number;
  timeMs: number;
  value: number;
  datasetName: string;
  datasetDigest: string;
};
export type LoggedModelRow = {
  id: string;
  experimentId: string;
  name: string;
  modelType: string;
  sourceRunId: string;
  status: ModelStatus;
  lifecycleStage: LifecycleStage;
  artifactUri: string;
  createdMs: number;
  updatedMs: number;
};
export type LoggedModel = LoggedModelRow & { params: KeyValue[]; tags: KeyValue[]; points: ModelPoint[] };
export type NewLoggedModel = {
  id: string;
  projectId: string;
  experimentKey: number;
  name: string;
  modelType: string;
  sourceRunId: string;
  params: KeyValue[];
  tags: KeyValue[];
};

/** Where the files of a logged model are. */
export const MODEL_LOCATION_SQL = `(${EXPERIMENT_LOCATION_SQL} || '/models/' || models.model_id || '/artifacts')`;

export const MODEL_COLUMNS_SQL = `models.model_id as id, ${EXPERIMENT_ID_SQL} as "experimentId", models.name,
  models.model_type as "modelType", models.source_run_id as "sourceRunId", models.status,
  models.lifecycle_stage as "lifecycleStage",
  ${MODEL_LOCATION_SQL} as "artifactUri",
  models.created_ms as "createdMs", models.updated_ms as "updatedMs"`;
export const MODELS_SQL = 'telemetry.logged_models models join telemetry.experiments using (experiment_id)';

/** Models that programs log, before (and whether or not) they are registered. */
@Injectable()
export class LoggedModelsRepository {
  constructor(private readonly database: Database) {}

  create(model: NewLoggedModel): Promise<void> {
    return this.database.transaction(async (client) => {
      await client.query(
        `insert into telemetry.logged_models
           (model_id, project_id, experiment_id, name, model_type, source_run_id, status, created_ms, updated_ms)
         values ($1, $2, $3, $4, $5, $6, 'PENDING', $7, $7)`,
        [
          model.id,
          model.projectId,
          model.experimentKey,
          storableText(model.name),
          storableText(model.modelType),
          storableText(model.sourceRunId),
          Date.now(),
        ],
      );
      await runChanged(client, model.id);
      await put(client, 'logged_model_params', model.id, model.params);
      await put(client, 'logged_model_tags', model.id, model.tags);
    });
  }

  /** The model, if it is of this project; a deleted one too. */
  async find(projectId: string, id: string): Promise<LoggedModel | null> {
    const rows = await this.database.query<LoggedModelRow>(
      `select ${MODEL_COLUMNS_SQL} from ${MODELS_SQL} where models.project_id = $1 and models.model_id = $2`,
      [projectId, storableText(id)],
    );
    const [model] = await this.withParts(rows);
    return model ?? null;
  }

  async withParts(rows: LoggedModelRow[]): Promise<LoggedModel[]> {
    const ids = rows.map(({ id }) => id);
    type Part = KeyValue & { modelId: string };
    const pairs = (table: 'logged_model_params' | 'logged_model_tags') =>
      this.database.query<Part>(
        `select model_id as "modelId", key, value from telemetry.${table} where model_id = any($1::text[]) order by key`,
        [ids],
      );
    const [params, tags, points] = await Promise.all([
      pairs('logged_model_params'),
      pairs('logged_model_tags'),
      this.database.query<ModelPoint>(
        `select model_id as "modelId", run_id as "runId", key, step, time_ms as "timeMs", value,
                dataset_name as "datasetName", dataset_digest as "datasetDigest"
           from telemetry.logged_model_metrics where model_id = any($1::text[]) order by key, time_ms, step`,
        [ids],
      ),
    ]);
    const of = <T extends { modelId: string }>(list: T[]) => Map.groupBy(list, ({ modelId }) => modelId);
    const [paramsOf, tagsOf, pointsOf] = [of(params), of(tags), of(points)];
    return rows.map((row) => ({
      ...row,
      params: paramsOf.get(row.id) ?? [],
      tags: tagsOf.get(row.id) ?? [],
      points: pointsOf.get(row.id) ?? [],
    }));
  }

  setStatus(id: string, status: ModelStatus): Promise<void> {
    return this.database.transaction(async (client) => {
      const change = 'update telemetry.logged_models set status = $2, updated_ms = $3 where model_id = $1';
      await client.query(change, [id, status, Date.now()]);
      await runChanged(client, id);
    });
  }

  delete(id: string): Promise<void> {
    return this.database.transaction(async (client) => {
      const change = `update telemetry.logged_models set lifecycle_stage = 'deleted', updated_ms = $2 where model_id = $1`;
      await client.query(change, [id, Date.now()]);
      await runChanged(client, id);
    });
  }

  addParams(id: string, params: KeyValue[]): Promise<void> {
    return this.database.transaction((client) => put(client, 'logged_model_params', id, params));
  }

  setTags(id: string, tags: KeyValue[]): Promise<void> {
    return this.database.transaction((client) => put(client, 'logged_model_tags', id, tags));
  }

  /** @returns false where there was no such tag */
  async deleteTag(id: string, key: string): Promise<boolean> {
    const rows = await this.database.query(
      'delete from telemetry.logged_model_tags where model_id = $1 and key = $2 returning key',
      [id, storableText(key)],
    );
    return rows.length > 0;
  }
}

async function put(
  client: PoolClient,
  table: 'logged_model_params' | 'logged_model_tags',
  id: string,
  pairs: KeyValue[],
): Promise<void> {
  const { keys, values } = columnsOf(pairs);
  await client.query(
    `insert into telemetry.${table} (model_id, key, value) select $1, * from unnest($2::text[], $3::text[])
     on conflict (model_id, key) do update set value = excluded.value`,
    [id, keys, values],
  );
}

/** Notes points that a run logged of models; of a model that there is not, nothing. */
export async function addModelPoints(
  client: PoolClient,
  runId: string,
  points: Omit<ModelPoint, 'runId'>[],
): Promise<void> {
  if (points.length === 0) return;
  const column = <K extends keyof Omit<ModelPoint, 'runId'>>(name: K) => points.map((point) => point[name]);
  await client.query(
    `insert into telemetry.logged_model_metrics
       (run_id, model_id, key, step, time_ms, value, dataset_name, dataset_digest)
     select $1, given.* from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::float8[], $7::text[], $8::text[])
         as given (model_id, key, step, time_ms, value, dataset_name, dataset_digest)
       join telemetry.logged_models using (model_id)
       join telemetry.runs on runs.project_id = logged_models.project_id and runs.run_id = $1
     on conflict do nothing`,
    [
      runId,
      column('modelId').map(storableText),
      column('key').map(storableText),
      column('step'),
      column('timeMs'),
      column('value'),
      column('datasetName').map(storableText),
      column('datasetDigest').map(storableText),
    ],
  );
}

/** Whoever watches the run that logged a model is told by the run's change. */
async function runChanged(client: PoolClient, modelId: string): Promise<void> {
  await client.query(
    `update telemetry.runs set changed_ms = ${NOW_MS_SQL} from telemetry.logged_models models
      where models.model_id = $1 and runs.run_id = models.source_run_id and runs.project_id = models.project_id`,
    [modelId],
  );
}
