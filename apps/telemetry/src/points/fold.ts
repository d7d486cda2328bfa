import type { PoolClient } from 'pg';
import { type LogEvent, type OtherEvent, readBatch } from './batch.js';
import { type Columns, type CurveKind, columnsOf } from './columns.js';
import { foldCurves } from './fold-curves.js';
import { foldLines } from './fold-lines.js';
import type { Line } from './lines.js';
import { Turns } from './turns.js';

/** One pass takes so much of the journals, so that it holds up nobody and takes little memory. */
const PASS_BYTES = 1024 * 1024;
const PASS_ROWS = 2000;
const PASS_EVENTS = 100_000;

/** What a stretch of a journal says, taken apart. @property keys of all curves, also of those whose points are not wanted */
export type Unfolded = {
  keys: Set<string>;
  points: Map<string, Columns>;
  lines: Line[];
  others: { seq: number; event: OtherEvent }[];
};

export type JournalRow = { seqFrom: number; seqTo: number; payload: Buffer };

/** A run whose journal is to be folded. @property keepEvents of the last, which watchers may still ask for */
export type RunToFold = { runId: string; keepEvents: number };
/** How far a run is folded. @property last the last number of its sequence */
type Folded = { runId: string; kind: CurveKind; seq: number; lines: number; last: number };
/** What comes next of a run, up to a number of its sequence. */
type Stretch = { run: Folded; to: number; unfolded: Unfolded };

/** Takes rows of a journal apart, in turns. @param wanted of which curves the points are wanted; all without it */
export async function takeApart(rows: readonly JournalRow[], wanted?: (key: string) => boolean): Promise<Unfolded> {
  const turns = new Turns();
  const growing = new Map<string, { steps: number[]; timesMs: number[]; values: number[] }>();
  const keys = new Set<string>();
  const lines: Line[] = [];
  const others: Unfolded['others'] = [];
  for (const row of rows) {
    let seq = row.seqFrom - 1;
    readBatch(row.payload, {
      point(key, step, timeMs, value) {
        seq += 1;
        let curve = growing.get(key);
        if (!curve) {
          keys.add(key);
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
    await turns.next();
  }
  const points = new Map<string, Columns>();
  for (const [key, { steps, timesMs, values }] of growing) {
    points.set(key, columnsOf(steps, timesMs, values));
    await turns.next();
  }
  return { keys, points, lines, others };
}

/**
 * Folds the next stretch of the journals of runs into their chunks: all of it or nothing, however often it is begun.
 * What was folded stays in the journal as far as watchers may still ask for it.
 * @returns the runs of which more is left
 */
export async function foldOnce(client: PoolClient, runs: readonly RunToFold[]): Promise<Set<string>> {
  const folded = await lockFolded(client, runs);
  const journals = await readJournals(client, folded);
  const stretches: Stretch[] = [];
  for (const run of folded) {
    const rows = journals.get(run.runId);
    if (rows) stretches.push({ run, to: rows.at(-1)?.seqTo ?? run.seq, unfolded: await takeApart(rows) });
  }
  await foldCurves(
    client,
    stretches.flatMap(({ run: { runId, kind, seq }, unfolded }) =>
      [...unfolded.points].map(([key, added]) => ({ runId, kind, key, added, isNew: seq === 0 })),
    ),
  );
  await foldLines(
    client,
    stretches.map(({ run: { runId, lines }, unfolded }) => ({ runId, before: lines, added: unfolded.lines })),
  );
  await keepOthers(client, stretches);
  await writeFolded(client, stretches);
  const reached = new Map(stretches.map(({ run, to }) => [run.runId, to]));
  await dropFolded(client, runs, folded, reached);
  return new Set(folded.flatMap(({ runId, seq, last }) => ((reached.get(runId) ?? seq) < last ? runId : [])));
}

/** How far runs are folded, in the order in which they are locked: one process at a time folds a run. */
async function lockFolded(client: PoolClient, runs: readonly RunToFold[]): Promise<Folded[]> {
  const runIds = runs.map(({ runId }) => runId);
  await client.query(
    `insert into telemetry.folded (run_id, seq, lines)
     select run_id, 0, 0 from telemetry.runs where run_id = any($1) order by run_id on conflict (run_id) do nothing`,
    [runIds],
  );
  const { rows } = await client.query<Folded>(
    `select run_id as "runId", kind, folded.seq, folded.lines, runs.seq as last
       from telemetry.folded join telemetry.runs using (run_id)
      where run_id = any($1) order by run_id for update of folded`,
    [runIds],
  );
  return rows;
}

/** What follows in the journals of the runs, of as many of them as a pass takes. */
async function readJournals(client: PoolClient, runs: readonly Folded[]): Promise<Map<string, JournalRow[]>> {
  const some: Folded[] = [];
  let events = 0;
  for (const run of runs) {
    if (run.last <= run.seq || (some.length > 0 && events + run.last - run.seq > PASS_EVENTS)) continue;
    some.push(run);
    events += run.last - run.seq;
  }
  if (some.length === 0) return new Map();
  const { rows } = await client.query<JournalRow & { runId: string }>(
    `select run_id as "runId", seq_from as "seqFrom", seq_to as "seqTo", payload from telemetry.journal
       join (select run.run_id, next.seq_from, row_number() over place as nth,
                    sum(next.bytes) over place - next.bytes as before
               from unnest($1::text[], $2::bigint[]) as run (run_id, seq)
               cross join lateral (select seq_from, length(payload) as bytes from telemetry.journal
                                    where run_id = run.run_id and seq_from > run.seq order by seq_from limit $3) next
             window place as (order by run.run_id, next.seq_from)) next using (run_id, seq_from)
      where nth <= $3 and before < $4 order by run_id, seq_from`,
    [some.map(({ runId }) => runId), some.map(({ seq }) => seq), PASS_ROWS, PASS_BYTES],
  );
  return Map.groupBy(rows, ({ runId }) => runId);
}

/** Notices and changes of the runs stay as they are, they are few; of `progress` only the last is of use. */
async function keepOthers(client: PoolClient, stretches: readonly Stretch[]): Promise<void> {
  const kept = stretches.flatMap(({ run: { runId }, unfolded }) =>
    unfolded.others.flatMap(({ seq, event }) => (event.type === 'progress' ? [] : { runId, seq, event })),
  );
  if (kept.length === 0) return;
  await client.query(
    `insert into telemetry.events (run_id, seq, type, event)
     select * from unnest($1::text[], $2::bigint[], $3::text[], $4::json[])`,
    [
      kept.map(({ runId }) => runId),
      kept.map(({ seq }) => seq),
      kept.map(({ event }) => event.type),
      kept.map(({ event }) => JSON.stringify(event)),
    ],
  );
}

async function writeFolded(client: PoolClient, stretches: readonly Stretch[]): Promise<void> {
  if (stretches.length === 0) return;
  const progress = stretches.map(
    ({ unfolded }) => unfolded.others.findLast(({ event }) => event.type === 'progress')?.event,
  );
  await client.query(
    `update telemetry.folded set seq = reached.seq, lines = folded.lines + reached.lines,
            progress = coalesce(reached.progress, folded.progress)
       from unnest($1::text[], $2::bigint[], $3::bigint[], $4::json[]) as reached (run_id, seq, lines, progress)
      where folded.run_id = reached.run_id`,
    [
      stretches.map(({ run }) => run.runId),
      stretches.map(({ to }) => to),
      stretches.map(({ unfolded }) => unfolded.lines.length),
      progress.map((event) => (event ? JSON.stringify(event) : null)),
    ],
  );
}

/** Lets go of what was folded, but for the last events of each run. */
async function dropFolded(
  client: PoolClient,
  runs: readonly RunToFold[],
  folded: readonly Folded[],
  reached: ReadonlyMap<string, number>,
): Promise<void> {
  const keepEvents = new Map(runs.map((run) => [run.runId, run.keepEvents]));
  const dropped = folded.flatMap(({ runId, seq, last }) => {
    const to = Math.min(reached.get(runId) ?? seq, last - (keepEvents.get(runId) ?? 0));
    return to > 0 ? { runId, to } : [];
  });
  if (dropped.length === 0) return;
  await client.query(
    `delete from telemetry.journal using unnest($1::text[], $2::bigint[]) as dropped (run_id, seq)
      where journal.run_id = dropped.run_id and seq_from <= dropped.seq and seq_to <= dropped.seq`,
    [dropped.map(({ runId }) => runId), dropped.map(({ to }) => to)],
  );
}
