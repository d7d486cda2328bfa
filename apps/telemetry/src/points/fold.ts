import type { PoolClient } from 'pg';
import { type LogEvent, type OtherEvent, readBatch } from './batch.js';
import { type Columns, type CurveKind, columnsOf } from './columns.js';
import { foldCurves } from './fold-curves.js';
import { foldLines } from './fold-lines.js';
import type { Line } from './lines.js';

/** One pass takes so much of a journal, so that it holds up nobody and takes little memory. */
const PASS_BYTES = 1024 * 1024;
const PASS_ROWS = 2000;

/** What a stretch of a journal says, taken apart. */
export type Unfolded = {
  points: Map<string, Columns>;
  lines: Line[];
  others: { seq: number; event: OtherEvent }[];
};

export type JournalRow = { seqFrom: number; seqTo: number; payload: Buffer };

/** Takes rows of a journal apart. @param wanted of which curves the points are wanted; all without it */
export function takeApart(rows: readonly JournalRow[], wanted?: (key: string) => boolean): Unfolded {
  const growing = new Map<string, { steps: number[]; timesMs: number[]; values: number[] }>();
  const lines: Line[] = [];
  const others: Unfolded['others'] = [];
  for (const row of rows) {
    let seq = row.seqFrom - 1;
    readBatch(row.payload, {
      point(key, step, timeMs, value) {
        seq += 1;
        let curve = growing.get(key);
        if (!curve) {
          if (wanted && !wanted(key)) return;
          curve = { steps: [], timesMs: [], values: [] };
          growing.set(key, curve);
        }
        curve.steps.push(step);
        curve.timesMs.push(timeMs);
        curve.values.push(value);
      },
      line(stream: LogEvent['stream'], timeMs, line) {
        seq += 1;
        lines.push({ seq, stream, timeMs, line });
      },
      other(event) {
        seq += 1;
        others.push({ seq, event });
      },
    });
  }
  const points = new Map<string, Columns>();
  for (const [key, { steps, timesMs, values }] of growing) points.set(key, columnsOf(steps, timesMs, values));
  return { points, lines, others };
}

/**
 * Folds the next stretch of a run's journal into its chunks: all of it or nothing, however often it is begun. What was
 * folded stays in the journal as far as watchers may still ask for it: the last `keepEvents`.
 * @returns whether more may be left
 */
export async function foldOnce(client: PoolClient, runId: string, keepEvents: number): Promise<boolean> {
  // Also the lock under which one process at a time folds a run.
  const { rows } = await client.query<{ seq: number; lines: number; kind: CurveKind; last: number }>(
    `with run as (select run_id, kind, seq from telemetry.runs where run_id = $1),
          folded as (
            insert into telemetry.folded (run_id, seq, lines) select run_id, 0, 0 from run
              on conflict (run_id) do update set seq = folded.seq returning seq, lines)
     select folded.seq, folded.lines, run.kind, run.seq as last from folded, run`,
    [runId],
  );
  const [run] = rows;
  if (!run) return false;
  const journal = await client.query<JournalRow>(
    `select seq_from as "seqFrom", seq_to as "seqTo", payload from telemetry.journal
       join (select seq_from, sum(length(payload)) over (order by seq_from) - length(payload) as before
               from (select seq_from, payload from telemetry.journal where run_id = $1 and seq_from > $2
                      order by seq_from limit $3) next) next using (seq_from)
      where run_id = $1 and before < $4 order by seq_from`,
    [runId, run.seq, PASS_ROWS, PASS_BYTES],
  );
  const seq = journal.rows.at(-1)?.seqTo ?? run.seq;
  if (seq > run.seq) {
    const { points, lines, others } = takeApart(journal.rows);
    await foldCurves(client, runId, run.kind, points);
    await foldLines(client, runId, run.lines, lines);
    await keepOthers(client, runId, others);
    const progress = others.findLast(({ event }) => event.type === 'progress')?.event;
    await client.query(
      'update telemetry.folded set seq = $2, lines = lines + $3, progress = coalesce($4, progress) where run_id = $1',
      [runId, seq, lines.length, progress ? JSON.stringify(progress) : null],
    );
  }
  await client.query('delete from telemetry.journal where run_id = $1 and seq_to <= least($2::bigint, $3::bigint)', [
    runId,
    seq,
    run.last - keepEvents,
  ]);
  const bytes = journal.rows.reduce((sum, { payload }) => sum + payload.length, 0);
  return journal.rows.length === PASS_ROWS || bytes >= PASS_BYTES;
}

/** Notices and changes of the run stay as they are, they are few; of `progress` only the last is of use. */
async function keepOthers(client: PoolClient, runId: string, others: Unfolded['others']): Promise<void> {
  const kept = others.filter(({ event }) => event.type !== 'progress');
  if (kept.length === 0) return;
  await client.query(
    `insert into telemetry.events (run_id, seq, type, event)
     select $1, * from unnest($2::bigint[], $3::text[], $4::json[])`,
    [
      runId,
      kept.map(({ seq }) => seq),
      kept.map(({ event }) => event.type),
      kept.map(({ event }) => JSON.stringify(event)),
    ],
  );
}
