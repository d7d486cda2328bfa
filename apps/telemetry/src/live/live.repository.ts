import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { NOW_MS_SQL } from '../tracking/sql.js';
import type { ChangedRuns, RunRecord } from './watched-project.js';

export type WatchedRun = { ownerId: string; projectId: string; seq: number };

const RECORD = `run_id as id, status, changed_ms as "changedMs"`;

@Injectable()
export class LiveRepository {
  constructor(private readonly database: Database) {}

  async find(runId: string): Promise<WatchedRun | null> {
    const [run] = await this.database.query<WatchedRun>(
      'select owner_id as "ownerId", project_id as "projectId", seq from telemetry.runs where run_id = $1',
      [runId],
    );
    return run ?? null;
  }

  /** Null where the run is not known, or is not of the project where one is given. */
  async position(runId: string, projectId: string | null, writer: string): Promise<number | null> {
    const [row] = await this.database.query<{ position: number }>(
      `select coalesce(writers.position, 0) as position
         from telemetry.runs left join telemetry.writers on writers.run_id = runs.run_id and writer = $2
        where runs.run_id = $1 and ($3::text is null or (project_id = $3 and lifecycle_stage = 'active'))`,
      [runId, writer, projectId],
    );
    return row?.position ?? null;
  }

  async projectOf(runId: string): Promise<string | null> {
    return (await this.find(runId))?.projectId ?? null;
  }

  /** How far runs are. */
  seqs(runIds: string[]): Promise<{ runId: string; seq: number }[]> {
    return this.database.query('select run_id as "runId", seq from telemetry.runs where run_id = any($1)', [runIds]);
  }

  /** Runs of a project whose record changed after a time, which is no later than now; and when it is now. */
  async changedRuns(projectId: string, afterMs: number | null, overlapMs: number): Promise<ChangedRuns> {
    const [clock] = await this.database.query<{ nowMs: number }>(`select ${NOW_MS_SQL} as "nowMs"`, []);
    const nowMs = clock?.nowMs ?? 0;
    const records = await this.database.query<RunRecord>(
      `select ${RECORD} from telemetry.runs where project_id = $1 and changed_ms > $2`,
      [projectId, Math.min(afterMs ?? nowMs, nowMs) - overlapMs],
    );
    return { nowMs, records };
  }

  records(runIds: string[]): Promise<RunRecord[]> {
    return this.database.query(`select ${RECORD} from telemetry.runs where run_id = any($1)`, [runIds]);
  }
}
