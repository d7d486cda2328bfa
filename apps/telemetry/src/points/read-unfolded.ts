import type { PoolClient } from 'pg';
import type { CurveKind } from './columns.js';
import { type JournalRow, takeApart, type Unfolded } from './fold.js';

/** What a run has in its journal besides its chunks. @property foldedLines how many lines are in chunks */
export type UnfoldedRun = Unfolded & { kind: CurveKind; foldedLines: number };

/** Of no run any points: thousands of curves, each with columns of its own, take a while. */
export const NO_CURVES: ReadonlyMap<string, ReadonlySet<string>> = new Map();

/**
 * Reads what runs have in their journals besides their chunks; runs that are not known are left out.
 * @param client in a transaction that sees one moment
 * @param wanted the curves of each run whose points are wanted; all without it
 */
export async function readUnfolded(
  client: PoolClient,
  runIds: readonly string[],
  wanted?: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, UnfoldedRun>> {
  type Run = { runId: string; kind: CurveKind; foldedLines: number };
  const { rows } = await client.query<Run & (JournalRow | { payload: null })>(
    `select runs.run_id as "runId", kind, coalesce(folded.lines, 0) as "foldedLines",
            seq_from as "seqFrom", seq_to as "seqTo", payload
       from telemetry.runs
       left join telemetry.folded on folded.run_id = runs.run_id
       left join telemetry.journal on journal.run_id = runs.run_id and seq_from > coalesce(folded.seq, 0)
      where runs.run_id = any($1) order by runs.run_id, seq_from`,
    [runIds],
  );
  const runs = new Map<string, Run & { journal: JournalRow[] }>();
  for (const { runId, kind, foldedLines, ...row } of rows) {
    const run = runs.get(runId) ?? { runId, kind, foldedLines, journal: [] };
    runs.set(runId, run);
    if (row.payload) run.journal.push(row);
  }
  const unfolded = new Map<string, UnfoldedRun>();
  for (const [runId, { kind, foldedLines, journal }] of runs) {
    const keys = wanted?.get(runId);
    const parts = await takeApart(journal, wanted && ((key) => keys?.has(key) ?? false));
    unfolded.set(runId, { kind, foldedLines, ...parts });
  }
  return unfolded;
}
