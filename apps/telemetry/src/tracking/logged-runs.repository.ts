import { ENDED_STATUSES, MalloError, type ProgramStatus, type RunKind, type RunStatus } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import type { KeyValue, LifecycleStage } from './experiments.repository.js';
import { EXPERIMENT_ID_SQL, MLFLOW_STATUS_SQL, RUN_LOCATION_SQL } from './run-fields.js';
import { RUNS_SQL } from './run-rows.js';
import { addParams, RUN_NAME, setTags } from './run-texts.js';
import { NOW_MS_SQL, storableText } from './sql.js';

export type NewLoggedRun = {
  runId: string;
  ownerId: string;
  projectId: string;
  /** Of the experiment, as it is in the tables. */
  experimentKey: number;
  name: string;
  user: string;
  startedMs: number;
  params?: KeyValue[];
  tags: KeyValue[];
};
/** A run as MLflow's dialect tells of it. */
export type RunInfo = {
  id: string;
  kind: RunKind;
  name: string;
  experimentId: string;
  experimentKey: number;
  user: string;
  /** In MLflow's words. */
  status: string;
  startedMs: number | null;
  endedMs: number | null;
  lifecycleStage: LifecycleStage;
  artifactUri: string;
};
export type RunChange = { status?: RunStatus | undefined; endedMs?: number | undefined; name?: string | undefined };

const RUN_INFO_SQL = `runs.run_id as id, runs.kind, runs.name, ${EXPERIMENT_ID_SQL} as "experimentId",
  runs.experiment_id as "experimentKey", runs.user_name as "user", ${MLFLOW_STATUS_SQL} as status,
  runs.started_ms as "startedMs", runs.ended_ms as "endedMs", runs.lifecycle_stage as "lifecycleStage",
  ${RUN_LOCATION_SQL} as "artifactUri"`;

/** How a program says that its run stands, and since when. */
export type Standing = { status: ProgramStatus; timeMs: number };

/**
 * Says how a run of a project stands that a program logs, in a transaction of the caller's; nothing where there is no
 * such run.
 * @throws MalloError `request.invalid` where the run is a training, whose state is Mallo's own
 */
export async function setStatus(
  client: PoolClient,
  { projectId, runId }: { projectId: string; runId: string },
  { status, timeMs }: Standing,
): Promise<void> {
  const hasEnded = ENDED_STATUSES.includes(status);
  const { rows } = await client.query<{ kind: RunKind }>(
    `update telemetry.runs set changed_ms = ${NOW_MS_SQL},
            status = case when kind = 'logged' then $2 else status end,
            ended_ms = case when kind = 'logged' then $3 else ended_ms end
      where run_id = $1 and project_id = $4 returning kind`,
    [runId, status, hasEnded ? timeMs : null, projectId],
  );
  if (rows[0]?.kind !== 'training') return;
  throw new MalloError('request.invalid', {
    problem: {
      en: 'how a training stands is said by Mallo itself',
      ko: '학습이 어떤 상태인지는 말로가 스스로 적습니다',
    },
  });
}

/** Runs that programs log. */
@Injectable()
export class LoggedRunsRepository {
  constructor(private readonly database: Database) {}

  create(run: NewLoggedRun): Promise<void> {
    return this.database.transaction(async (client) => {
      await client.query(
        `insert into telemetry.runs (run_id, owner_id, project_id, experiment_id, kind, name, user_name, status, started_ms)
         values ($1, $2, $3, $4, 'logged', $5, $6, 'running', $7)`,
        [
          run.runId,
          run.ownerId,
          run.projectId,
          run.experimentKey,
          storableText(run.name),
          storableText(run.user),
          run.startedMs,
        ],
      );
      await addParams(client, run.runId, run.params ?? []);
      await setTags(client, run.runId, run.tags);
    });
  }

  /** The run, if it is of this project. */
  async find(projectId: string, runId: string): Promise<RunInfo | null> {
    const [row] = await this.infos(projectId, [runId]);
    return row ?? null;
  }

  infos(projectId: string, runIds: string[]): Promise<RunInfo[]> {
    return this.database.query<RunInfo>(
      `select ${RUN_INFO_SQL} from ${RUNS_SQL} where runs.project_id = $1 and runs.run_id = any($2::text[])`,
      [projectId, runIds.map(storableText)],
    );
  }

  /** Changes how a run stands; it is renamed by its tag. */
  change(runId: string, { status, endedMs, name }: RunChange): Promise<void> {
    return this.database.transaction(async (client) => {
      await client.query(
        `update telemetry.runs set status = coalesce($2, status), ended_ms = coalesce($3, ended_ms),
                changed_ms = ${NOW_MS_SQL}
          where run_id = $1`,
        [runId, status ?? null, endedMs ?? null],
      );
      if (name !== undefined) await setTags(client, runId, [{ key: RUN_NAME, value: name }]);
    });
  }

  async setLifecycle(runId: string, stage: LifecycleStage): Promise<void> {
    await this.database.query(
      `update telemetry.runs set lifecycle_stage = $2, changed_ms = ${NOW_MS_SQL},
              deleted_ms = case when $2 = 'deleted' then coalesce(deleted_ms, $3::bigint) end
        where run_id = $1`,
      [runId, stage, Date.now()],
    );
  }

  /** @returns false where there was no such tag */
  async deleteTag(runId: string, key: string): Promise<boolean> {
    const rows = await this.database.query(
      'delete from telemetry.run_tags where run_id = $1 and key = $2 returning key',
      [runId, storableText(key)],
    );
    return rows.length > 0;
  }
}
