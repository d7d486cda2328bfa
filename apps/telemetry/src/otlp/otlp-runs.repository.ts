import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { NOW_MS_SQL } from '../tracking/sql.js';

/** The tag of a run that ended as nothing came any more. */
const ENDED_TAG = 'mallo.ended';
const ENDED_QUIET = 'quiet';

/** Runs that programs began by OTLP: when they were last heard of. */
@Injectable()
export class OtlpRunsRepository {
  constructor(private readonly database: Database) {}

  /** Something came of a run. One that had ended as nothing came goes on. */
  async heard(runId: string): Promise<void> {
    const known = await this.database.query(
      `update telemetry.otlp_runs set heard_ms = ${NOW_MS_SQL} where run_id = $1 and not is_quiet returning run_id`,
      [runId],
    );
    if (known.length > 0) return;
    await this.database.transaction(async (client) => {
      await client.query(
        `insert into telemetry.otlp_runs (run_id, heard_ms) values ($1, ${NOW_MS_SQL})
         on conflict (run_id) do update set heard_ms = excluded.heard_ms, is_quiet = false`,
        [runId],
      );
      const { rowCount } = await client.query(
        'delete from telemetry.run_tags where run_id = $1 and key = $2 and value = $3',
        [runId, ENDED_TAG, ENDED_QUIET],
      );
      if (rowCount === 0) return;
      // Somebody may have said since how it really ended.
      await client.query(
        `update telemetry.runs set status = 'running', ended_ms = null, changed_ms = ${NOW_MS_SQL}
          where run_id = $1 and status = 'completed'`,
        [runId],
      );
    });
  }

  /** Ends those that go on and of which nothing came for so long, when they were last heard of. @returns how many */
  async endQuiet(quietMs: number): Promise<number> {
    const ended = await this.database.query(
      `with quiet as (
         update telemetry.otlp_runs set is_quiet = true
          where not is_quiet and heard_ms <= ${NOW_MS_SQL} - $1::bigint returning run_id, heard_ms
       ), ended as (
         update telemetry.runs set status = 'completed', ended_ms = greatest(started_ms, heard_ms),
                changed_ms = ${NOW_MS_SQL}
           from quiet where runs.run_id = quiet.run_id and status = 'running' returning runs.run_id
       )
       insert into telemetry.run_tags (run_id, key, value) select run_id, $2, $3 from ended
         on conflict (run_id, key) do update set value = excluded.value
       returning run_id`,
      [quietMs, ENDED_TAG, ENDED_QUIET],
    );
    return ended.length;
  }
}
