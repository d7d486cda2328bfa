import type { PoolClient } from 'pg';
import { CHUNK_POINTS, type Chunk, encodeChunks, insertChunks, openChunks } from './chunk.js';
import { type Columns, type CurveKind, columnsOf, comparePoints, merged, NO_POINTS, slice } from './columns.js';
import { latestOf, standsAt, writeLatest } from './latest.js';
import { Turns } from './turns.js';

/** Points of a curve that are not in chunks yet. @property isNew nothing of the run is in chunks */
export type UnfoldedCurve = { runId: string; kind: CurveKind; key: string; added: Columns; isNew: boolean };
/** A chunk without its points: where it lies, and its last point. */
type Head = { nth: number; ctid: string; points: number; end: Columns };
/** Points that come into one chunk, or behind all chunks of the curve, where they may join some of the last. */
type Share = { added: Columns; into: Head[]; behindAll: boolean };

/** Of the chunks before the added points so many at most can be short. */
const LAST_CHUNKS = 16;

/** Curves whose statements are made and whose answers are read in one piece, which holds up everybody else. */
const CURVES_AT_ONCE = 250;

/** Puts points into the chunks of their curves, and brings `latest_points` up to date. */
export async function foldCurves(client: PoolClient, unfolded: readonly UnfoldedCurve[]): Promise<void> {
  const turns = new Turns();
  for (let from = 0; from < unfolded.length; from += CURVES_AT_ONCE) {
    await foldSome(client, unfolded.slice(from, from + CURVES_AT_ONCE), turns);
  }
}

async function foldSome(client: PoolClient, unfolded: readonly UnfoldedCurve[], turns: Turns): Promise<void> {
  const curves: UnfoldedCurve[] = [];
  for (const curve of unfolded) {
    curves.push({ ...curve, added: merged(curve.kind, [curve.added]) });
    await turns.next();
  }
  const heads = await headsFrom(client, curves);
  const shares = curves.map(({ kind, added }, nth) => shared(kind, added, heads.get(nth) ?? []));
  const opened = await openChunks(
    client,
    shares.flat().flatMap(({ into }) => into),
  );
  const latest = await latestOf(client, curves);

  const written: Chunk[] = [];
  const stands = [];
  for (const [nth, curve] of curves.entries()) {
    let more = 0;
    for (const { added, into, behindAll } of shares[nth] ?? []) {
      const all = merged(curve.kind, [...into.map(({ ctid }) => opened.get(ctid) ?? NO_POINTS), added]);
      more += all.steps.length - into.reduce((sum, { points }) => sum + points, 0);
      for (const chunk of encodeChunks(curve, all, !behindAll)) {
        written.push(chunk);
        await turns.next();
      }
    }
    stands.push(standsAt(curve, more, latest.get(nth)));
    await turns.next();
  }
  if (opened.size > 0) {
    await client.query('delete from telemetry.chunks where ctid = any($1::tid[])', [[...opened.keys()]]);
  }
  await insertChunks(client, written);
  await writeLatest(client, stands);
}

/**
 * Of each curve, in order, the chunks that end at or after the first added point, which may come into them, and some
 * that end before it.
 */
async function headsFrom(client: PoolClient, curves: readonly UnfoldedCurve[]): Promise<Map<number, Head[]>> {
  const firsts = curves
    .flatMap(({ runId, kind, key, added: { steps, timesMs, values }, isNew }, nth) => ({
      nth,
      runId,
      key,
      isNew,
      step: steps[0],
      // Of a training the step alone says where a point belongs.
      time: kind === 'training' ? Number.MIN_SAFE_INTEGER : timesMs[0],
      value: kind === 'training' ? Number.NEGATIVE_INFINITY : values[0],
    }))
    .filter(({ isNew }) => !isNew);
  if (firsts.length === 0) return new Map();
  type Row = { nth: number; ctid: string; points: number; step: number; time: number; value: number };
  const { rows } = await client.query<Row>(
    `select nth, chunks.ctid::text as ctid, points, step_to as step, last_time as time, last_value as value
       from unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::float8[])
              as first (nth, run_id, key, step, time, value)
       join lateral (
         select ctid, * from telemetry.chunks
          where run_id = first.run_id and key = first.key
            and (step_to, last_time, last_value) >= (first.step, first.time, first.value)
         union all
         (select ctid, * from telemetry.chunks
           where run_id = first.run_id and key = first.key
             and (step_to, last_time, last_value) < (first.step, first.time, first.value)
           order by step_to desc, last_time desc, last_value desc limit $7)
       ) chunks on true
      order by nth, step_to, last_time, last_value`,
    [
      firsts.map(({ nth }) => nth),
      firsts.map(({ runId }) => runId),
      firsts.map(({ key }) => key),
      firsts.map(({ step }) => step),
      firsts.map(({ time }) => time),
      firsts.map(({ value }) => value),
      LAST_CHUNKS,
    ],
  );
  const heads = rows.map(({ nth, ctid, points, step, time, value }) => ({
    nth,
    ctid,
    points,
    end: columnsOf([step], [time], [value]),
  }));
  return Map.groupBy(heads, ({ nth }) => nth);
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
