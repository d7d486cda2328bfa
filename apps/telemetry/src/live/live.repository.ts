import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import type { RunRecord } from './watched-project.js';

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

  /** Null where the run is not known. */
  async position(runId: string, writer: string): Promise<number | null> {
    const [row] = await this.database.query<{ position: number }>(
      `select coalesce(writers.position, 0) as position
         from telemetry.runs left join telemetry.writers on writers.run_id = runs.run_id and writer = $2
        where runs.run_id = $1`,
      [runId, writer],
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

  /** Runs of a project whose record changed after a time. */
  changedRuns(projectId: string, sinceMs: number): Promise<RunRecord[]> {
    return this.database.query(`select ${RECORD} from telemetry.runs where project_id = $1 and changed_ms > $2`, [
      projectId,
      sinceMs,
    ]);
  }

  records(runIds: string[]): Promise<RunRecord[]> {
    return this.database.query(`select ${RECORD} from telemetry.runs where run_id = any($1)`, [runIds]);
  }
}
