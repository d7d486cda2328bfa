import type { PoolClient } from 'pg';
import { type Columns, pack, slice, unpack } from './columns.js';
import { compressed, decompressed } from './compression.js';
import { extremes } from './thin.js';
import { Turns } from './turns.js';

/** Points in a chunk at most: about 35 kB, opened in 0.1 ms. */
export const CHUNK_POINTS = 4096;
/** A summary has the ends of its chunk, and the extremes of each 64 of its points. */
export const SUMMARISED = 64;
const SHORTEST_SUMMARISED = 8 * SUMMARISED;

type CurveOfChunk = { runId: string; key: string };
export type Chunk = CurveOfChunk & { points: Columns; summary: Buffer | null; payload: Buffer };

/** Packs the points of one curve, in its order, into chunks: full ones, or of equal size where `evenly`. */
export function* encodeChunks({ runId, key }: CurveOfChunk, all: Columns, evenly: boolean): Generator<Chunk> {
  const total = all.steps.length;
  const size = evenly ? Math.ceil(total / Math.ceil(total / CHUNK_POINTS)) : CHUNK_POINTS;
  for (let from = 0; from < total; from += size) {
    const points = slice(all, from, Math.min(total, from + size));
    const length = points.steps.length;
    const summary = length < SHORTEST_SUMMARISED ? null : pack(extremes(points, Math.floor(length / SUMMARISED)));
    yield { runId, key, points, summary, payload: compressed(pack(points)) };
  }
}

export function decodeChunk(payload: Buffer): Columns {
  return unpack(decompressed(payload));
}

/** The points of chunks by where these lie. */
export async function openChunks(
  client: PoolClient,
  chunks: readonly { ctid: string }[],
): Promise<Map<string, Columns>> {
  if (chunks.length === 0) return new Map();
  const { rows } = await client.query<{ ctid: string; payload: Buffer }>(
    'select ctid::text as ctid, payload from telemetry.chunks where ctid = any($1::tid[])',
    [chunks.map(({ ctid }) => ctid)],
  );
  const turns = new Turns();
  const opened = new Map<string, Columns>();
  for (const { ctid, payload } of rows) {
    opened.set(ctid, decodeChunk(payload));
    await turns.next();
  }
  return opened;
}

/** Lowest and highest of the finite values. */
export function rangeOf(values: Float64Array): { min: number | null; max: number | null } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: null, max: null };
}

export async function insertChunks(client: PoolClient, chunks: readonly Chunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const rows = chunks.map(({ runId, key, points: { steps, timesMs, values }, summary, payload }) => ({
    runId,
    key,
    stepFrom: steps[0],
    stepTo: steps.at(-1),
    lastTime: timesMs.at(-1),
    lastValue: values.at(-1),
    times: rangeOf(timesMs),
    points: steps.length,
    ...rangeOf(values),
    summaryBytes: summary?.length ?? null,
    payloadBytes: payload.length,
  }));
  const column = <K extends keyof (typeof rows)[number]>(name: K) => rows.map((row) => row[name]);
  // Bytes go in one piece each, as an array of them would be sent as text.
  await client.query(
    `insert into telemetry.chunks
       (run_id, key, step_from, step_to, last_time, last_value, time_from, time_to, points, min, max, summary, payload)
     select run_id, key, step_from, step_to, last_time, last_value, time_from, time_to, points, min, max,
            substr($1::bytea, (coalesce(sum(summary_bytes) over before, 0) + 1)::int, summary_bytes),
            substr($2::bytea, (coalesce(sum(payload_bytes) over before, 0) + 1)::int, payload_bytes)
       from (select *, row_number() over () as nth
               from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::float8[], $9::bigint[],
                           $10::bigint[], $11::int[], $12::float8[], $13::float8[], $14::int[], $15::int[])
                 as rows (run_id, key, step_from, step_to, last_time, last_value, time_from, time_to, points, min, max,
                          summary_bytes, payload_bytes)) rows
     window before as (order by nth rows between unbounded preceding and 1 preceding)`,
    [
      Buffer.concat(chunks.flatMap(({ summary }) => summary ?? [])),
      Buffer.concat(chunks.map(({ payload }) => payload)),
      column('runId'),
      column('key'),
      column('stepFrom'),
      column('stepTo'),
      column('lastTime'),
      column('lastValue'),
      rows.map(({ times }) => times.min),
      rows.map(({ times }) => times.max),
      column('points'),
      column('min'),
      column('max'),
      column('summaryBytes'),
      column('payloadBytes'),
    ],
  );
}
