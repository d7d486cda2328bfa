import type { Program } from '@mallo/backend';
import { type ImportedExperiment, type ImportedLoggedModel, type ImportedRun, MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import type { KeyValue } from './experiments.repository.js';
import { addModelPoints } from './logged-models.repository.js';
import { EXPERIMENT_ID_SQL, EXPERIMENT_LOCATION_SQL } from './run-fields.js';
import { addInputs, addOutputs } from './run-inputs.repository.js';
import { columnsOf, setTags } from './run-texts.js';
import { NOW_MS_SQL, storableText } from './sql.js';

/** What came of an import of one thing: whether it was not there, and what of it was there otherwise and stayed. */
export type Imported = { isNew: boolean; differing: string[] };

/** Also what the source knew of its points when all of them had come. */
export type ImportedRunInto = Imported & { pointsMark: string | null };

/** The experiment that it came into, and where its files are. */
export type ImportedInto = Imported & { experimentId: string; artifactLocation: string };

/** Where the keys and values of something are kept. */
type TextTable = { table: string; owner: string };
const EXPERIMENT_TAGS = { table: 'experiment_tags', owner: 'experiment_id' };
const RUN_PARAMS = { table: 'run_params', owner: 'run_id' };
const RUN_TAGS = { table: 'run_tags', owner: 'run_id' };
const MODEL_PARAMS = { table: 'logged_model_params', owner: 'model_id' };
const MODEL_TAGS = { table: 'logged_model_tags', owner: 'model_id' };

/** Statuses of a run from which it can still go on. */
const GOING_ON = ['queued', 'running'];

/** Things of an MLflow, under the ids and with the times that they had there. Each is written whole or not at all. */
@Injectable()
export class ImportsRepository {
  constructor(private readonly database: Database) {}

  experiment(projectId: string, said: ImportedExperiment): Promise<ImportedInto> {
    return this.database.transaction(async (client) => {
      const made = await client.query(
        `insert into telemetry.experiments (project_id, name, lifecycle_stage, created_ms, updated_ms)
         values ($1, $2, $3, $4, $5) on conflict (project_id, name) do nothing`,
        [projectId, storableText(said.name), said.lifecycleStage, said.createdMs, said.updatedMs],
      );
      const { rows } = await client.query<{
        key: number;
        experimentId: string;
        artifactLocation: string;
        stage: string;
      }>(
        `select experiment_id as key, ${EXPERIMENT_ID_SQL} as "experimentId", lifecycle_stage as stage,
                ${EXPERIMENT_LOCATION_SQL} as "artifactLocation"
           from telemetry.experiments where project_id = $1 and name = $2 for update`,
        [projectId, storableText(said.name)],
      );
      const [{ key, experimentId, artifactLocation, stage }] = rows as [(typeof rows)[number]];
      const differing = stage === said.lifecycleStage ? [] : ['lifecycle stage'];
      differing.push(...(await addTexts(client, EXPERIMENT_TAGS, key, said.tags)).map((tag) => `tag ${tag}`));
      return { experimentId, artifactLocation, isNew: made.rowCount === 1, differing };
    });
  }

  /** @throws MalloError import.in_other_project, request.not_found where there is no such experiment */
  run({ userId, projectId }: Program, runId: string, said: ImportedRun): Promise<ImportedRunInto> {
    return this.database.transaction(async (client) => {
      const experimentKey = await experimentOf(client, projectId, said.experimentId);
      const made = await client.query(
        `insert into telemetry.runs (run_id, owner_id, project_id, experiment_id, kind, name, user_name, status,
           lifecycle_stage, started_ms, ended_ms)
         values ($1, $2, $3, $4, 'logged', $5, $6, $7, $8, $9, $10) on conflict do nothing`,
        [
          runId,
          userId,
          projectId,
          experimentKey,
          storableText(said.name),
          storableText(said.user),
          said.status,
          said.lifecycleStage,
          said.startedMs,
          said.endedMs,
        ],
      );
      const isNew = made.rowCount === 1;
      const { rows } = await client.query<ThereRun>(
        `select project_id as "projectId", experiment_id as "experimentKey", name, status, lifecycle_stage as stage,
                started_ms as "startedMs", ended_ms as "endedMs", points_mark as "pointsMark"
           from telemetry.runs where run_id = $1 for update`,
        [runId],
      );
      const [there] = rows as [ThereRun];
      if (there.projectId !== projectId) throw new MalloError('import.in_other_project', { id: runId });
      // What was not over when it came here may have gone on there since.
      const follows = isNew || GOING_ON.includes(there.status);
      if (follows) await follow(client, runId, said);
      const params = await addTexts(client, RUN_PARAMS, runId, said.params);
      const tags = follows ? [] : await addTexts(client, RUN_TAGS, runId, said.tags);
      await addInputs(client, runId, experimentKey, said.datasets, said.inputModels);
      await addOutputs(client, runId, said.outputModels);
      const differing = [
        ...(follows ? [] : differencesOf(there, said)),
        ...(there.experimentKey === experimentKey ? [] : ['experiment']),
        ...params.map((key) => `param ${key}`),
        ...tags.map((key) => `tag ${key}`),
      ];
      return { isNew, differing, pointsMark: there.pointsMark };
    });
  }

  /** Whether a run, deleted or not, is of the project. */
  async hasRun(projectId: string, runId: string): Promise<boolean> {
    const rows = await this.database.query('select 1 from telemetry.runs where run_id = $1 and project_id = $2', [
      runId,
      projectId,
    ]);
    return rows.length > 0;
  }

  /** @throws MalloError import.in_other_project, request.not_found where there is no such experiment */
  loggedModel(projectId: string, modelId: string, said: ImportedLoggedModel): Promise<Imported> {
    return this.database.transaction(async (client) => {
      const experimentKey = await experimentOf(client, projectId, said.experimentId);
      const made = await client.query(
        `insert into telemetry.logged_models (model_id, project_id, experiment_id, name, model_type, source_run_id, status,
           lifecycle_stage, created_ms, updated_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
        [
          modelId,
          projectId,
          experimentKey,
          storableText(said.name),
          storableText(said.modelType),
          storableText(said.sourceRunId),
          said.status,
          said.lifecycleStage,
          said.createdMs,
          said.updatedMs,
        ],
      );
      const { rows } = await client.query<ThereModel>(
        `select project_id as "projectId", name, status, lifecycle_stage as stage
           from telemetry.logged_models where model_id = $1 for update`,
        [modelId],
      );
      const [there] = rows as [ThereModel];
      if (there.projectId !== projectId) throw new MalloError('import.in_other_project', { id: modelId });
      const isPending = there.status === 'PENDING' && said.status !== 'PENDING';
      if (isPending) {
        await client.query('update telemetry.logged_models set status = $2, updated_ms = $3 where model_id = $1', [
          modelId,
          said.status,
          said.updatedMs,
        ]);
      }
      const params = await addTexts(client, MODEL_PARAMS, modelId, said.params);
      const tags = await addTexts(client, MODEL_TAGS, modelId, said.tags);
      for (const [runId, points] of Map.groupBy(said.points, (point) => point.runId)) {
        const values = points.map((point) => ({ ...point, value: Number(point.value), modelId }));
        await addModelPoints(client, runId, values);
      }
      const differing = [
        ...(there.name === storableText(said.name) ? [] : ['name']),
        ...(isPending || there.status === said.status ? [] : ['status']),
        ...(there.stage === said.lifecycleStage ? [] : ['lifecycle stage']),
        ...params.map((key) => `param ${key}`),
        ...tags.map((key) => `tag ${key}`),
      ];
      return { isNew: made.rowCount === 1, differing };
    });
  }
}

type ThereRun = {
  projectId: string;
  experimentKey: number;
  name: string;
  status: string;
  stage: string;
  startedMs: number | null;
  endedMs: number | null;
  pointsMark: string | null;
};
type ThereModel = { projectId: string; name: string; status: string; stage: string };

function differencesOf(there: ThereRun, said: ImportedRun): string[] {
  const pairs = {
    name: [there.name, storableText(said.name)],
    status: [there.status, said.status],
    'lifecycle stage': [there.stage, said.lifecycleStage],
    'start time': [there.startedMs, said.startedMs],
    'end time': [there.endedMs, said.endedMs],
  };
  return Object.entries(pairs).flatMap(([what, [here, elsewhere]]) => (here === elsewhere ? [] : [what]));
}

/** Notes with the last points of a run what the source knows of all of them. */
export async function markPoints(client: PoolClient, runId: string, mark: string): Promise<void> {
  await client.query('update telemetry.runs set points_mark = $2 where run_id = $1', [runId, mark]);
}

async function follow(client: PoolClient, runId: string, said: ImportedRun): Promise<void> {
  await client.query(
    `update telemetry.runs set status = $2, lifecycle_stage = $3, ended_ms = $4, name = $5,
            changed_ms = ${NOW_MS_SQL}
      where run_id = $1`,
    [runId, said.status, said.lifecycleStage, said.endedMs, storableText(said.name)],
  );
  await setTags(client, runId, said.tags);
}

/** @throws MalloError request.not_found */
async function experimentOf(client: PoolClient, projectId: string, experimentId: string): Promise<number> {
  const { rows } = await client.query<{ key: number }>(
    `select experiment_id as key from telemetry.experiments where project_id = $1 and ${EXPERIMENT_ID_SQL} = $2`,
    [projectId, experimentId],
  );
  if (!rows[0]) throw new MalloError('request.not_found');
  return rows[0].key;
}

/** Adds those whose key is not there. @returns the keys that have another value, in their order */
async function addTexts(
  client: PoolClient,
  { table, owner }: TextTable,
  of: string | number,
  pairs: KeyValue[],
): Promise<string[]> {
  if (pairs.length === 0) return [];
  const { keys, values } = columnsOf(pairs);
  await client.query(
    `insert into telemetry.${table} (${owner}, key, value) select $1, * from unnest($2::text[], $3::text[])
     on conflict do nothing`,
    [of, keys, values],
  );
  const { rows } = await client.query<{ key: string }>(
    `select key from unnest($2::text[], $3::text[]) with ordinality as given (key, value, nth)
       join telemetry.${table} there using (key) where ${owner} = $1 and there.value <> given.value order by nth`,
    [of, keys, values],
  );
  return rows.map(({ key }) => key);
}
