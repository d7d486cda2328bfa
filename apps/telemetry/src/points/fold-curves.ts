import type { PoolClient } from 'pg';
import { CHUNK_POINTS, type Chunk, encodeChunks, insertChunks, openChunks } from './chunk.js';
import { type Columns, type CurveKind, columnsOf, comparePoints, merged, NO_POINTS, slice } from './columns.js';
import { latestOf, standsAt, writeLatest } from './latest.js';

/** A chunk without its points: where it lies, and its last point. */
type Head = { key: string; ctid: string; points: number; end: Columns };
/** Points that come into one chunk, or behind all chunks of the curve, where they may join some of the last. */
type Share = { added: Columns; into: Head[]; behindAll: boolean };

/** Of the chunks before the added points so many at most can be short. */
const LAST_CHUNKS = 16;

/** Puts points into the chunks of their curves, and brings `latest_points` up to date. */
export async function foldCurves(
  client: PoolClient,
  runId: string,
  kind: CurveKind,
  points: ReadonlyMap<string, Columns>,
): Promise<void> {
  if (points.size === 0) return;
  const added = new Map([...points].map(([key, columns]) => [key, merged(kind, [columns])]));
  const heads = await headsFrom(client, runId, kind, added);
  const shares = new Map([...added].map(([key, columns]) => [key, shared(kind, columns, heads.get(key) ?? [])]));
  const touched = [...shares.values()].flat().flatMap(({ into }) => into);
  const opened = await openChunks(client, touched);
  const latest = await latestOf(client, runId, [...added.keys()]);

  const written: (Chunk | Promise<Chunk>)[] = [];
  const stands = [];
  for (const [key, ofCurve] of shares) {
    let more = 0;
    for (const { added: columns, into, behindAll } of ofCurve) {
      const all = merged(kind, [...into.map(({ ctid }) => opened.get(ctid) ?? NO_POINTS), columns]);
      more += all.steps.length - into.reduce((sum, { points: count }) => sum + count, 0);
      written.push(...encodeChunks(key, all, !behindAll));
    }
    stands.push(standsAt(kind, key, added.get(key) as Columns, more, latest.get(key)));
  }
  await client.query('delete from telemetry.chunks where ctid = any($1::tid[])', [[...opened.keys()]]);
  await insertChunks(client, runId, await Promise.all(written));
  await writeLatest(client, runId, stands);
}

/**
 * Of each curve, in order, the chunks that end at or after the first added point, which may come into them, and some
 * that end before it.
 */
async function headsFrom(
  client: PoolClient,
  runId: string,
  kind: CurveKind,
  added: ReadonlyMap<string, Columns>,
): Promise<Map<string, Head[]>> {
  const firsts = [...added].map(([key, { steps, timesMs, values }]) => ({
    key,
    step: steps[0],
    // Of a training the step alone says where a point belongs.
    time: kind === 'training' ? Number.MIN_SAFE_INTEGER : timesMs[0],
    value: kind === 'training' ? Number.NEGATIVE_INFINITY : values[0],
  }));
  type Row = { key: string; ctid: string; points: number; step: number; time: number; value: number };
  const { rows } = await client.query<Row>(
    `select chunks.key, chunks.ctid::text as ctid, points, step_to as step, last_time as time, last_value as value
       from unnest($2::text[], $3::bigint[], $4::bigint[], $5::float8[]) as first (key, step, time, value)
       join lateral (
         select ctid, * from telemetry.chunks
          where run_id = $1 and key = first.key
            and (step_to, last_time, last_value) >= (first.step, first.time, first.value)
         union all
         (select ctid, * from telemetry.chunks
           where run_id = $1 and key = first.key
             and (step_to, last_time, last_value) < (first.step, first.time, first.value)
           order by step_to desc, last_time desc, last_value desc limit $6)
       ) chunks on true
      order by chunks.key, step_to, last_time, last_value`,
    [
      runId,
      firsts.map(({ key }) => key),
      firsts.map(({ step }) => step),
      firsts.map(({ time }) => time),
      firsts.map(({ value }) => value),
      LAST_CHUNKS,
    ],
  );
  const heads = rows.map(({ key, ctid, points, step, time, value }) => ({
    key,
    ctid,
    points,
    end: columnsOf([step], [time], [value]),
  }));
  return Map.groupBy(heads, ({ key }) => key);
}

/** Which points come into which chunk: the first that ends at or after them. */
function shared(kind: CurveKind, added: Columns, heads: readonly Head[]): Share[] {
  const shares: Share[] = [];
  const total = added.steps.length;
  let from = 0;
  for (const head of heads) {
    let to = from;
    while (to < total && comparePoints(kind, added, to, head.end, 0) <= 0) to += 1;
    if (to > from) shares.push({ added: slice(added, from, to), into: [head], behindAll: false });
    from = to;
  }
  if (from === total) return shares;
  const rest = slice(added, from, total);
  const share = shares.at(-1);
  if (share && share.into[0] === heads.at(-1)) {
    share.added = merged(kind, [share.added, rest]);
    share.behindAll = true;
  } else {
    shares.push({ added: rest, into: joined(heads, rest.steps.length), behindAll: true });
  }
  return shares;
}

/**
 * The last chunks that so many points behind them join: those that are not much longer. So chunks grow by doubling, and
 * a point is written a few times until its chunk is full, though a thousand curves get one point each at a time.
 */
function joined(heads: readonly Head[], added: number): Head[] {
  let first = heads.length;
  for (let size = added; first > 0; first -= 1) {
    const points = heads[first - 1]?.points ?? CHUNK_POINTS;
    if (points >= CHUNK_POINTS || points > 2 * size) break;
    size += points;
  }
  return heads.slice(first);
}
