import type { PoolClient } from 'pg';
import { type Line, linesOf, packLines, unpackLines } from './lines.js';

const CHUNK_LINES = 2000;
const CHUNK_CHARACTERS = 256 * 1024;

/** Lines that come behind the `before` lines of their run that are in chunks. */
export type UnfoldedLines = { runId: string; before: number; added: readonly Line[] };

/** Adds lines behind those that are in chunks; the last chunk of a run is filled up first. */
export async function foldLines(client: PoolClient, runs: readonly UnfoldedLines[]): Promise<void> {
  const unfolded = runs.filter(({ added }) => added.length > 0);
  if (unfolded.length === 0) return;
  const { rows } = await client.query<{ runId: string; ctid: string; lineFrom: number; payload: Buffer }>(
    `select run_id as "runId", log_chunks.ctid::text as ctid, line_from as "lineFrom", payload
       from telemetry.log_chunks join unnest($1::text[], $2::bigint[]) as last (run_id, line_to) using (run_id, line_to)
      where line_to - line_from < $3 and length(payload) < $4`,
    [unfolded.map(({ runId }) => runId), unfolded.map(({ before }) => before), CHUNK_LINES / 2, CHUNK_CHARACTERS / 8],
  );
  const lasts = new Map(rows.map((row) => [row.runId, row]));
  if (rows.length > 0) {
    await client.query('delete from telemetry.log_chunks where ctid = any($1::tid[])', [rows.map(({ ctid }) => ctid)]);
  }
  const written: { runId: string; from: number; to: number; payload: Buffer }[] = [];
  for (const { runId, before, added } of unfolded) {
    const last = lasts.get(runId);
    let from = last?.lineFrom ?? before + 1;
    for (const chunk of chunksOf(last ? [...linesOf(unpackLines(last.payload)), ...added] : added)) {
      written.push({ runId, from, to: from + chunk.length - 1, payload: packLines(chunk) });
      from += chunk.length;
    }
  }
  // Bytes go in one piece, as an array of them would be sent as text.
  await client.query(
    `insert into telemetry.log_chunks (run_id, line_from, line_to, payload)
     select run_id, line_from, line_to, substr($1::bytea, (sum(bytes) over place - bytes + 1)::int, bytes)
       from unnest($2::text[], $3::bigint[], $4::bigint[], $5::int[]) with ordinality
              as rows (run_id, line_from, line_to, bytes, nth)
     window place as (order by nth)`,
    [
      Buffer.concat(written.map(({ payload }) => payload)),
      written.map(({ runId }) => runId),
      written.map(({ from }) => from),
      written.map(({ to }) => to),
      written.map(({ payload }) => payload.length),
    ],
  );
}

function* chunksOf(lines: readonly Line[]): Generator<Line[]> {
  let chunk: Line[] = [];
  let characters = 0;
  for (const line of lines) {
    chunk.push(line);
    characters += line.line.length;
    if (chunk.length < CHUNK_LINES && characters < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = [];
    characters = 0;
  }
  if (chunk.length > 0) yield chunk;
}
