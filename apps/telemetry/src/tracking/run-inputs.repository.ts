import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import type { KeyValue } from './experiments.repository.js';
import { storableText } from './sql.js';

type Dataset = {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
};
export type DatasetInput = { dataset: Dataset; tags: KeyValue[] };
export type DatasetInputOf = DatasetInput & { runId: string };
export type ModelOutput = { modelId: string; step: number };
export type ModelOf = { runId: string; direction: 'input' | 'output'; modelId: string; step: number };

/** Which data and models runs used, and which models they made. */
@Injectable()
export class RunInputsRepository {
  constructor(private readonly database: Database) {}

  /** Adds inputs to a run; one that it has already stays as it is. */
  addInputs(runId: string, experimentKey: number, datasets: DatasetInput[], modelIds: string[]): Promise<void> {
    return this.database.transaction((client) => addInputs(client, runId, experimentKey, datasets, modelIds));
  }

  addOutputs(runId: string, models: ModelOutput[]): Promise<void> {
    return this.database.transaction((client) => addOutputs(client, runId, models));
  }

  datasetsOf(runIds: string[]): Promise<DatasetInputOf[]> {
    return this.database.query<DatasetInputOf>(
      `select run_id as "runId", tags, json_build_object('name', name, 'digest', digest, 'sourceType', source_type,
                'source', source, 'schema', schema, 'profile', profile) as dataset
         from telemetry.run_datasets join telemetry.datasets using (dataset_id)
        where run_id = any($1::text[]) order by run_id, dataset_id`,
      [runIds],
    );
  }

  modelsOf(runIds: string[]): Promise<ModelOf[]> {
    return this.database.query<ModelOf>(
      `select run_id as "runId", direction, model_id as "modelId", step from telemetry.run_models
        where run_id = any($1::text[]) order by run_id, place`,
      [runIds],
    );
  }
}

/** Adds inputs to a run; one that it has already stays as it is. */
export async function addInputs(
  client: PoolClient,
  runId: string,
  experimentKey: number,
  datasets: DatasetInput[],
  modelIds: string[],
): Promise<void> {
  for (const { dataset, tags } of datasets) {
    const { name, digest, sourceType, source, schema, profile } = dataset;
    const text = [name, digest, sourceType, source].map(storableText);
    const rest = [schema, profile].map((value) => value && storableText(value));
    await client.query(
      `insert into telemetry.datasets (experiment_id, name, digest, source_type, source, schema, profile)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [experimentKey, ...text, ...rest],
    );
    await client.query(
      `insert into telemetry.run_datasets (run_id, dataset_id, tags)
       select $1, dataset_id, $5 from telemetry.datasets where experiment_id = $2 and name = $3 and digest = $4
       on conflict do nothing`,
      [runId, experimentKey, text[0], text[1], storableText(JSON.stringify(tags))],
    );
  }
  await client.query(
    `insert into telemetry.run_models (run_id, direction, model_id) select $1, 'input', unnest($2::text[])
     on conflict do nothing`,
    [runId, modelIds.map(storableText)],
  );
}

/** Adds models that a run made; one that it has already stays as it is. */
export async function addOutputs(client: PoolClient, runId: string, models: ModelOutput[]): Promise<void> {
  await client.query(
    `insert into telemetry.run_models (run_id, direction, model_id, step)
     select $1, 'output', * from unnest($2::text[], $3::bigint[]) on conflict do nothing`,
    [runId, models.map(({ modelId }) => storableText(modelId)), models.map(({ step }) => step)],
  );
}
