import type { CurvePoints, CurveRef } from '@mallo/contracts';
import type { PoolClient } from 'pg';
import { asJson } from './batch.js';
import { openChunks, SUMMARISED } from './chunk.js';
import {
  type Columns,
  type CurveKind,
  columnsOf,
  comparePoints,
  merged,
  NO_POINTS,
  pick,
  slice,
  unpack,
} from './columns.js';
import { readUnfolded, type UnfoldedRun } from './read-unfolded.js';
import { thin } from './thin.js';

export type Stretch = { axis: 'step' | 'time'; from?: number | undefined; to?: number | undefined };
/** A curve's points, thinned where they were more. @property total how many there are in the stretch */
export type ReadCurve = CurveRef & { total: number; points: Columns };

/** Chunks whose summaries are in memory together: at most 8 MB, and 2 MB more of the longest curve of 10⁷ points. */
const CHUNKS_AT_ONCE = 5_000;

type Head = {
  nth: number;
  ctid: string;
  stepFrom: number;
  stepTo: number;
  timeFrom: number;
  timeTo: number;
  lastTime: number;
  lastValue: number;
  points: number;
  summary: Buffer | null;
};

/**
 * Reads curves as of one moment: chunks and what the journal has besides. A long curve is drawn from the summaries of
 * its chunks, and only those are opened that are not all in the stretch, or that the journal changes.
 * @param client in a transaction that sees one moment
 * @param known what these runs have in their journals, where the caller has read it
 */
export async function readCurves(
  client: PoolClient,
  refs: readonly CurveRef[],
  stretch: Stretch,
  maxPoints: number,
  known?: ReadonlyMap<string, UnfoldedRun>,
): Promise<ReadCurve[]> {
  const unfolded = known ?? (await readUnfoldedCurves(client, refs));
  const curves: ReadCurve[] = [];
  for (const some of await inGroups(client, refs)) {
    const heads = await readHeads(client, some, stretch);
    const plans = some.map((ref, nth) => {
      const { kind, points } = unfolded.get(ref.runId) ?? { kind: 'logged' as const, points: new Map() };
      return plan(kind, points.get(ref.key) ?? NO_POINTS, heads[nth] ?? [], stretch, maxPoints);
    });
    const opened = await openChunks(
      client,
      plans.flatMap(({ toOpen }) => toOpen),
    );
    for (const [nth, ref] of some.entries()) {
      const planned = plans[nth];
      if (planned) curves.push({ ...ref, ...assemble(planned, opened, stretch, maxPoints) });
    }
  }
  return curves;
}

export function curvePointsOf({ runId, key, total, points }: ReadCurve): CurvePoints {
  const { steps, timesMs, values } = points;
  return { runId, key, total, steps: [...steps], timesMs: [...timesMs], values: Array.from(values, asJson) };
}

type Plan = { kind: CurveKind; tail: Columns; heads: Head[]; toOpen: Head[] };

/** Which chunks have to be opened: all where they are few; else those that the stretch cuts or the journal touches. */
function plan(kind: CurveKind, journal: Columns, heads: Head[], stretch: Stretch, maxPoints: number): Plan {
  const tail = merged(kind, [journal]);
  const [from, to] = [stretch.from ?? Number.NEGATIVE_INFINITY, stretch.to ?? Number.POSITIVE_INFINITY];
  const summarised = heads.reduce((sum, { points, summary }) => sum + (summary ? points / SUMMARISED : points), 0);
  const isRough = summarised * 2 < maxPoints;
  const toOpen = heads.filter((head) => {
    const [low, high] = stretch.axis === 'step' ? [head.stepFrom, head.stepTo] : [head.timeFrom, head.timeTo];
    return isRough || !head.summary || low < from || high > to || touches(kind, tail, head);
  });
  return { kind, tail, heads, toOpen };
}

/** Whether added points may belong among those of a chunk, or replace some. */
function touches(kind: CurveKind, added: Columns, head: Head): boolean {
  const last = added.steps.at(-1);
  if (last === undefined || head.stepFrom > last) return false;
  const end = columnsOf([head.stepTo], [head.lastTime], [head.lastValue]);
  return comparePoints(kind, added, 0, end, 0) <= 0;
}

function assemble(
  { kind, tail, heads, toOpen }: Plan,
  opened: ReadonlyMap<string, Columns>,
  stretch: Stretch,
  maxPoints: number,
): { total: number; points: Columns } {
  const whole = new Set(toOpen);
  let untold = 0;
  const parts = heads.map((head) => {
    if (whole.has(head) || !head.summary) return opened.get(head.ctid) ?? NO_POINTS;
    const told = unpack(head.summary);
    untold += head.points - told.steps.length;
    return told;
  });
  const all = within(merged(kind, [...parts, tail]), stretch);
  const ordered = stretch.axis === 'time' ? byTime(all) : all;
  return { total: all.steps.length + untold, points: thin(ordered, maxPoints) };
}

function within(points: Columns, { axis, from, to }: Stretch): Columns {
  if (from === undefined && to === undefined) return points;
  const places: number[] = [];
  const along = axis === 'step' ? points.steps : points.timesMs;
  for (const [at, value] of along.entries()) {
    if (value >= (from ?? value) && value <= (to ?? value)) places.push(at);
  }
  const first = places[0] ?? 0;
  const isOnePiece = places.length > 0 && (places.at(-1) as number) - first === places.length - 1;
  return isOnePiece ? slice(points, first, first + places.length) : pick(points, places);
}

/** A clock may have been set back while the steps went on. */
function byTime(points: Columns): Columns {
  const { timesMs } = points;
  if (timesMs.every((time, at) => at === 0 || time >= (timesMs[at - 1] as number))) return points;
  const places = Uint32Array.from(timesMs, (_, at) => at);
  return pick(
    points,
    places.sort(
      (i, j) => (timesMs[i] as number) - (timesMs[j] as number) || comparePoints('logged', points, i, points, j),
    ),
  );
}

/** Refs in their order, in groups that have not many chunks together. */
async function inGroups(client: PoolClient, refs: readonly CurveRef[]): Promise<CurveRef[][]> {
  const { rows } = await client.query<{ nth: number; chunks: number }>(
    `select refs.nth::int - 1 as nth, count(*) as chunks
       from unnest($1::text[], $2::text[]) with ordinality as refs (run_id, key, nth)
       join telemetry.chunks using (run_id, key) group by refs.nth`,
    [refs.map(({ runId }) => runId), refs.map(({ key }) => key)],
  );
  const chunksOf = new Map(rows.map(({ nth, chunks }) => [nth, chunks]));
  const groups: CurveRef[][] = [];
  let together = Number.POSITIVE_INFINITY;
  for (const [nth, ref] of refs.entries()) {
    const chunks = 1 + (chunksOf.get(nth) ?? 0);
    together += chunks;
    if (together > CHUNKS_AT_ONCE) {
      groups.push([]);
      together = chunks;
    }
    groups.at(-1)?.push(ref);
  }
  return groups;
}

async function readHeads(
  client: PoolClient,
  refs: readonly CurveRef[],
  { axis, from, to }: Stretch,
): Promise<Head[][]> {
  const along = axis === 'step' ? 'step' : 'time';
  const { rows } = await client.query<Head>(
    `select refs.nth::int - 1 as nth, chunks.ctid::text as ctid, step_from as "stepFrom", step_to as "stepTo",
            time_from as "timeFrom", time_to as "timeTo", last_time as "lastTime", last_value as "lastValue",
            points, summary
       from unnest($1::text[], $2::text[]) with ordinality as refs (run_id, key, nth)
       join telemetry.chunks using (run_id, key)
      where ($3::bigint is null or ${along}_to >= $3) and ($4::bigint is null or ${along}_from <= $4)
      order by refs.nth, step_to, last_time, last_value`,
    [refs.map(({ runId }) => runId), refs.map(({ key }) => key), from ?? null, to ?? null],
  );
  const heads: Head[][] = refs.map(() => []);
  for (const row of rows) heads[row.nth]?.push(row);
  return heads;
}

function readUnfoldedCurves(client: PoolClient, refs: readonly CurveRef[]): Promise<Map<string, UnfoldedRun>> {
  const wanted = new Map<string, Set<string>>();
  for (const { runId, key } of refs) wanted.set(runId, (wanted.get(runId) ?? new Set()).add(key));
  return readUnfolded(client, [...wanted.keys()], wanted);
}
