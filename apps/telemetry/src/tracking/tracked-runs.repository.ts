import type { Experiment } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { EXPERIMENT_ID_SQL } from './run-fields.js';
import { RUN_COLUMNS_SQL, RUNS_SQL, type RunRow } from './run-rows.js';
import { likeAnywhere, NOW_MS_SQL } from './sql.js';

const KEY_TABLES = { metrics: 'latest_points', params: 'run_params', tags: 'run_tags' } as const;

/** Experiments and runs, to be looked at. */
@Injectable()
export class TrackedRunsRepository {
  constructor(private readonly database: Database) {}

  /** Whoever watches a run asks for its files again once it changed. */
  async filesChanged(projectId: string, runId: string): Promise<void> {
    const change = `update telemetry.runs set changed_ms = ${NOW_MS_SQL} where project_id = $1 and run_id = $2`;
    await this.database.query(change, [projectId, runId]);
  }

  /** A project's experiments that were not deleted, the last changed first. */
  experiments(projectId: string): Promise<Experiment[]> {
    return this.database.query<Experiment>(
      `select ${EXPERIMENT_ID_SQL} as id, name, created_ms as "createdMs", coalesce(run_count, 0) as "runCount",
              greatest(updated_ms, changed_ms) as "updatedMs"
         from telemetry.experiments left join (
           select experiment_id, count(*) as run_count, max(changed_ms) as changed_ms
             from telemetry.runs where project_id = $1 and lifecycle_stage = 'active' group by experiment_id
         ) counted using (experiment_id)
        where project_id = $1 and lifecycle_stage = 'active'
        order by "updatedMs" desc, experiment_id desc`,
      [projectId],
    );
  }

  async run(runId: string): Promise<(RunRow & { ownerId: string }) | null> {
    const [row] = await this.database.query<RunRow & { ownerId: string }>(
      `select ${RUN_COLUMNS_SQL}, runs.owner_id as "ownerId" from ${RUNS_SQL} where runs.run_id = $1`,
      [runId],
    );
    return row ?? null;
  }

  /** Names that the project's runs have of a kind, in alphabetical order, and how many there are in all. */
  async keys(
    projectId: string,
    kind: keyof typeof KEY_TABLES,
    search: string,
    limit: number,
  ): Promise<{ keys: string[]; total: number }> {
    const rows = await this.database.query<{ key: string | null; total: number }>(
      `with named as materialized (
         select distinct logged.key collate "C" as key from telemetry.${KEY_TABLES[kind]} logged
           join telemetry.runs using (run_id)
          where project_id = $1 and lifecycle_stage = 'active' and logged.key ilike $2
       )
       select key, (select count(*) from named) as total from named order by key limit $3`,
      [projectId, likeAnywhere(search), limit],
    );
    return { keys: rows.flatMap(({ key }) => (key === null ? [] : [key])), total: rows[0]?.total ?? 0 };
  }
}
