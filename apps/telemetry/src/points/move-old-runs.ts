import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../database.js';
import type { LogEvent } from './batch.js';
import { columnsOf } from './columns.js';
import { foldCurves } from './fold-curves.js';
import { foldLines } from './fold-lines.js';

const POINTS_AT_ONCE = 100_000;
const LINES_AT_ONCE = 10_000;

/**
 * Moves what runs reported before there were chunks, one stretch in each transaction, so that it goes on where it was
 * after being killed. Nobody is served before, as nothing else looks at the old tables.
 */
export async function moveOldRuns(database: Database, log: Logger): Promise<void> {
  const exists = async () => {
    const [row] = await database.query<{ exists: boolean }>(
      `select to_regclass('telemetry.metrics_to_move') is not null as exists`,
      [],
    );
    return row?.exists ?? false;
  };
  while (await exists()) {
    const isMoved = await database.transaction(async (client) => {
      // Two processes that start at once take turns.
      await client.query(`select pg_advisory_xact_lock(hashtext('telemetry.metrics_to_move'))`);
      const { rows } = await client.query(`select 1 where to_regclass('telemetry.metrics_to_move') is not null`);
      if (rows.length === 0 || (await moveSome(client))) return false;
      await client.query('drop table telemetry.metrics_to_move');
      await client.query('drop index telemetry.events_logs');
      return true;
    });
    if (isMoved) log.info('the runs of before are in the new layout');
  }
}

/** @returns whether there was something to move */
async function moveSome(client: PoolClient): Promise<boolean> {
  type Point = { runId: string; key: string; step: number; timeMs: number; value: number };
  const points = await client.query<Point>(
    `with run as (select run_id from telemetry.metrics_to_move limit 1)
     delete from telemetry.metrics_to_move where ctid = any(array(
       select ctid from telemetry.metrics_to_move where run_id = (select run_id from run) order by key, step limit $1))
     returning run_id as "runId", key, step, time_ms as "timeMs", value`,
    [POINTS_AT_ONCE],
  );
  const [point] = points.rows;
  if (point) {
    const byKey = Map.groupBy(points.rows, ({ key }) => key);
    const curves = [...byKey].map(([key, rows]) => {
      const added = columnsOf(
        rows.map(({ step }) => step),
        rows.map(({ timeMs }) => timeMs),
        rows.map(({ value }) => value),
      );
      return { runId: point.runId, kind: 'training' as const, key, added, isNew: false };
    });
    await foldCurves(client, curves);
    return true;
  }
  const lines = await client.query<{ runId: string; seq: number; event: LogEvent; before: number }>(
    `with run as (select run_id, lines from telemetry.folded
                   where run_id = (select run_id from telemetry.events where type = 'log' limit 1)),
          moved as (
            delete from telemetry.events where (run_id, seq) in (
              select run_id, seq from telemetry.events
               where type = 'log' and run_id = (select run_id from run) order by seq limit $1)
            returning run_id, seq, event),
          counted as (
            update telemetry.folded set lines = lines + (select count(*) from moved)
             where run_id = (select run_id from run))
     select moved.run_id as "runId", seq, event, lines as before from moved, run order by seq`,
    [LINES_AT_ONCE],
  );
  const [line] = lines.rows;
  if (!line) return false;
  const moved = lines.rows.map(({ seq, event: { stream, timeMs, line: text } }) => ({
    seq,
    stream,
    timeMs,
    line: text,
  }));
  await foldLines(client, [{ runId: line.runId, before: line.before, added: moved }]);
  return true;
}
