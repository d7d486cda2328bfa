import type { RetainedBytes, Retention, RetentionPass, RetentionSettings } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import { MODEL_LOCATION_SQL, MODELS_SQL } from '../tracking/logged-models.repository.js';
import { RUN_LOCATION_SQL } from '../tracking/run-fields.js';
import { RUNS_SQL } from '../tracking/run-rows.js';

export type RemovedFiles = { folder: string; trainingId: string | null };
type Counts = { removed?: number; trimmed?: number; freedBytes: number };

/** The pass was ended by somebody, here or in another process. */
export class PassEnded extends Error {
  override name = 'PassEnded';
}

const ENDED_SQL = `('completed', 'failed', 'cancelled')`;
/** Curves of the machine, as Mallo's sidecar and MLflow name them. */
const OF_MACHINE_SQL = `key >= 'system/' and key < 'system0'`;
const CHUNK_BYTES_SQL = 'octet_length(payload) + coalesce(octet_length(summary), 0)';
/** The files that are in the project's artifact root; others are elsewhere, and their owner's. */
const folderOf = (location: string) =>
  `(case when ${location} like 'mlflow-artifacts:%'
     then regexp_replace(${location}, '^mlflow-artifacts:(//[^/]*)?/', '') end)`;

/**
 * What is past its time, and removing it. One run or model is one transaction, with what the pass counts: it can end at
 * any of them, and whoever goes on finds the next.
 */
@Injectable()
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  async get(projectId: string): Promise<Retention> {
    type Row = RetentionSettings & Omit<RetentionPass, 'state'> & { state: RetentionPass['state'] | null };
    const [row] = await this.database.query<Row>(
      `select deleted_days as "deletedDays", detail_days as "detailDays", pass_state as state,
              pass_began_ms as "beganMs", pass_ended_ms as "endedMs", removed, trimmed, freed_bytes as "freedBytes"
         from telemetry.retention where project_id = $1`,
      [projectId],
    );
    if (!row) return { settings: { deletedDays: null, detailDays: null }, pass: null };
    const { deletedDays, detailDays, state, ...pass } = row;
    return { settings: { deletedDays, detailDays }, pass: state && { state, ...pass } };
  }

  async set(projectId: string, { deletedDays, detailDays }: RetentionSettings): Promise<void> {
    await this.database.query(
      `insert into telemetry.retention (project_id, deleted_days, detail_days) values ($1, $2, $3)
       on conflict (project_id) do update set deleted_days = $2, detail_days = $3`,
      [projectId, deletedDays, detailDays],
    );
  }

  async held(projectId: string): Promise<Omit<RetainedBytes, 'fileBytes'>> {
    type Row = { stage: string; runs: number; pointBytes: number; logBytes: number };
    const rows = await this.database.query<Row>(
      `with points as (
         select run_id, sum(${CHUNK_BYTES_SQL}) as bytes from telemetry.chunks join telemetry.runs using (run_id)
          where project_id = $1 group by run_id),
       lines as (
         select run_id, sum(octet_length(payload)) as bytes from telemetry.log_chunks join telemetry.runs using (run_id)
          where project_id = $1 group by run_id)
       select lifecycle_stage as stage, count(*) as runs, coalesce(sum(points.bytes), 0)::bigint as "pointBytes",
              coalesce(sum(lines.bytes), 0)::bigint as "logBytes"
         from telemetry.runs left join points using (run_id) left join lines using (run_id)
        where project_id = $1 group by lifecycle_stage`,
      [projectId],
    );
    const sum = (of: 'pointBytes' | 'logBytes') => rows.reduce((total, row) => total + row[of], 0);
    const deleted = rows.find(({ stage }) => stage === 'deleted');
    return {
      pointBytes: sum('pointBytes'),
      logBytes: sum('logBytes'),
      deleted: { runs: deleted?.runs ?? 0, bytes: (deleted?.pointBytes ?? 0) + (deleted?.logBytes ?? 0) },
    };
  }

  /** Begins a pass. @returns false where one is under way */
  async begin(projectId: string): Promise<boolean> {
    const begun = await this.database.query(
      `insert into telemetry.retention (project_id, pass_state, pass_began_ms) values ($1, 'running', $2)
       on conflict (project_id) do update set pass_state = 'running', pass_began_ms = $2, pass_ended_ms = null,
         removed = 0, trimmed = 0, freed_bytes = 0
         where retention.pass_state is distinct from 'running'
       returning project_id`,
      [projectId, Date.now()],
    );
    return begun.length > 0;
  }

  /** Ends the pass that is under way, if one is. */
  async end(projectId: string, state: Exclude<RetentionPass['state'], 'running'>): Promise<void> {
    await this.database.query(
      `update telemetry.retention set pass_state = $2, pass_ended_ms = $3 where project_id = $1 and pass_state = 'running'`,
      [projectId, state, Date.now()],
    );
  }

  /** Projects whose pass was begun and not ended; with `due` also those that may have something past its time. */
  async projects(due: boolean): Promise<string[]> {
    const rows = await this.database.query<{ projectId: string }>(
      `select project_id as "projectId" from telemetry.retention
        where pass_state = 'running' or ($1 and (deleted_days is not null or detail_days is not null
          or exists (select from telemetry.removed_files files where files.project_id = retention.project_id)))`,
      [due],
    );
    return rows.map(({ projectId }) => projectId);
  }

  /** Removes one run that was deleted before a time, unless it is under way. @returns false where none is left */
  removeRun(projectId: string, beforeMs: number): Promise<boolean> {
    return this.inPass(projectId, async (client) => {
      // What was deleted takes nothing from programs any more; a training may still be told of by its sidecar.
      const { rows } = await client.query<{ runId: string; folder: string | null; trainingId: string | null }>(
        `select runs.run_id as "runId", ${folderOf(RUN_LOCATION_SQL)} as folder,
                case when kind = 'training' then runs.run_id end as "trainingId"
           from ${RUNS_SQL}
          where runs.project_id = $1 and runs.lifecycle_stage = 'deleted' and deleted_ms <= $2
            and (kind = 'logged' or status in ${ENDED_SQL})
          order by deleted_ms limit 1 for update of runs`,
        [projectId, beforeMs],
      );
      const [run] = rows;
      if (!run) return null;
      const { rows: sizes } = await client.query<{ bytes: number }>(
        `select coalesce((select sum(${CHUNK_BYTES_SQL}) from telemetry.chunks where run_id = $1), 0)::bigint
              + coalesce((select sum(octet_length(payload)) from telemetry.log_chunks where run_id = $1), 0)::bigint
              as bytes`,
        [run.runId],
      );
      if (run.folder !== null) await noteFiles(client, projectId, run.folder, run.trainingId);
      await client.query('delete from telemetry.runs where run_id = $1', [run.runId]);
      return { removed: 1, freedBytes: sizes[0]?.bytes ?? 0 };
    });
  }

  /** Removes one logged model that was deleted before a time. @returns false where none is left */
  removeModel(projectId: string, beforeMs: number): Promise<boolean> {
    return this.inPass(projectId, async (client) => {
      const { rows } = await client.query<{ modelId: string; folder: string | null }>(
        `select models.model_id as "modelId", ${folderOf(MODEL_LOCATION_SQL)} as folder from ${MODELS_SQL}
          where models.project_id = $1 and models.lifecycle_stage = 'deleted' and models.updated_ms <= $2
          order by models.updated_ms limit 1 for update of models`,
        [projectId, beforeMs],
      );
      const [model] = rows;
      if (!model) return null;
      if (model.folder !== null) await noteFiles(client, projectId, model.folder, null);
      await client.query('delete from telemetry.logged_models where model_id = $1', [model.modelId]);
      return { removed: 1, freedBytes: 0 };
    });
  }

  /** Removes experiments that were deleted before a time and have nothing left in them. */
  async removeExperiments(projectId: string, beforeMs: number): Promise<void> {
    await this.inPass(projectId, async (client) => {
      await client.query(
        `delete from telemetry.experiments e
          where project_id = $1 and lifecycle_stage = 'deleted' and updated_ms <= $2 and not is_default
            and not exists (select from telemetry.runs where runs.experiment_id = e.experiment_id)
            and not exists (select from telemetry.logged_models m where m.experiment_id = e.experiment_id)`,
        [projectId, beforeMs],
      );
      return null;
    });
  }

  /** The next run, after one, that ended and last changed before a time and has details; null where there is none. */
  async nextWithDetails(projectId: string, beforeMs: number, after: string): Promise<string | null> {
    const [row] = await this.database.query<{ runId: string }>(
      `select run_id as "runId" from telemetry.runs
        where project_id = $1 and run_id > $3 and ${endedBefore('$2')}
          and (exists (select from telemetry.log_chunks where log_chunks.run_id = runs.run_id)
            or exists (select from telemetry.latest_points latest where latest.run_id = runs.run_id and ${OF_MACHINE_SQL}))
        order by run_id limit 1`,
      [projectId, beforeMs, after],
    );
    return row?.runId ?? null;
  }

  /** Removes the details of a run that ended before a time; of one that goes on, or waits to be folded, nothing. */
  async trimRun(projectId: string, runId: string, beforeMs: number): Promise<void> {
    await this.inPass(projectId, async (client) => {
      const { rows } = await client.query(
        `select from telemetry.runs where run_id = $1 and ${endedBefore('$2')} for no key update`,
        [runId, beforeMs],
      );
      if (rows.length === 0) return null;
      // Nobody folds it meanwhile; lines that come later are numbered from 1.
      const folded = await client.query(
        `update telemetry.folded set lines = 0 where run_id = $1
            and not exists (select from telemetry.journal where run_id = $1 and seq_to > folded.seq)
          returning run_id`,
        [runId],
      );
      if (folded.rowCount === 0) return null;
      const sizes = await client.query<{ bytes: number }>(
        `with lines as (delete from telemetry.log_chunks where run_id = $1 returning octet_length(payload) as bytes),
              points as (delete from telemetry.chunks where run_id = $1 and ${OF_MACHINE_SQL}
                         returning ${CHUNK_BYTES_SQL} as bytes),
              stands as (delete from telemetry.latest_points where run_id = $1 and ${OF_MACHINE_SQL})
         select coalesce(sum(bytes), 0)::bigint as bytes from (select * from lines union all select * from points) freed`,
        [runId],
      );
      return { trimmed: 1, freedBytes: sizes.rows[0]?.bytes ?? 0 };
    });
  }

  removedFiles(projectId: string, limit: number): Promise<RemovedFiles[]> {
    return this.database.query(
      `select folder, training_id as "trainingId" from telemetry.removed_files where project_id = $1 limit $2`,
      [projectId, limit],
    );
  }

  /** The api has let go of these. */
  async filesFreed(projectId: string, files: readonly RemovedFiles[], freedBytes: number): Promise<void> {
    await this.inPass(projectId, async (client) => {
      const folders = files.map(({ folder }) => folder);
      await client.query('delete from telemetry.removed_files where project_id = $1 and folder = any($2)', [
        projectId,
        folders,
      ]);
      return { freedBytes };
    });
  }

  /** Does one thing of a pass and counts it, all or nothing. @returns whether something was done @throws PassEnded */
  private inPass(projectId: string, work: (client: PoolClient) => Promise<Counts | null>): Promise<boolean> {
    return this.database.transaction(async (client) => {
      const { rows } = await client.query(
        `select from telemetry.retention where project_id = $1 and pass_state = 'running' for no key update`,
        [projectId],
      );
      if (rows.length === 0) throw new PassEnded();
      const done = await work(client);
      if (!done) return false;
      await client.query(
        `update telemetry.retention set removed = removed + $2, trimmed = trimmed + $3, freed_bytes = freed_bytes + $4
          where project_id = $1`,
        [projectId, done.removed ?? 0, done.trimmed ?? 0, done.freedBytes],
      );
      return true;
    });
  }
}

/** What a program says of when its run ended may be long ago, as of one that was brought from elsewhere. */
function endedBefore(time: string): string {
  return `status in ${ENDED_SQL} and greatest(ended_ms, changed_ms) <= ${time}`;
}

async function noteFiles(client: PoolClient, projectId: string, folder: string, trainingId: string | null) {
  await client.query(
    `insert into telemetry.removed_files (project_id, folder, training_id) values ($1, $2, $3) on conflict do nothing`,
    [projectId, folder, trainingId],
  );
}
