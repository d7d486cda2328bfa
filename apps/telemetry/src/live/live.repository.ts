import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';

export type WatchedRun = { ownerId: string; seq: number };

@Injectable()
export class LiveRepository {
  constructor(private readonly database: Database) {}

  async find(runId: string): Promise<WatchedRun | null> {
    const [run] = await this.database.query<WatchedRun>(
      'select owner_id as "ownerId", seq from telemetry.runs where run_id = $1',
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
}
