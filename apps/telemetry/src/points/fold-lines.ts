import type { PoolClient } from 'pg';
import { type Line, linesOf, packLines, unpackLines } from './lines.js';

const CHUNK_LINES = 2000;
const CHUNK_CHARACTERS = 256 * 1024;

/** Adds lines behind those of a run that are in chunks; the last chunk is filled up first. */
export async function foldLines(
  client: PoolClient,
  runId: string,
  linesBefore: number,
  added: readonly Line[],
): Promise<void> {
  if (added.length === 0) return;
  const { rows } = await client.query<{ lineFrom: number; payload: Buffer }>(
    `select line_from as "lineFrom", payload from telemetry.log_chunks
      where run_id = $1 and line_to = $2 and line_to - line_from < $3 and length(payload) < $4`,
    [runId, linesBefore, CHUNK_LINES / 2, CHUNK_CHARACTERS / 8],
  );
  const [last] = rows;
  const lines = last ? [...linesOf(await unpackLines(last.payload)), ...added] : added;
  if (last)
    await client.query('delete from telemetry.log_chunks where run_id = $1 and line_to = $2', [runId, linesBefore]);
  let number = last?.lineFrom ?? linesBefore + 1;
  for (const chunk of chunksOf(lines)) {
    await client.query(
      'insert into telemetry.log_chunks (run_id, line_from, line_to, payload) values ($1, $2, $3, $4)',
      [runId, number, number + chunk.length - 1, await packLines(chunk)],
    );
    number += chunk.length;
  }
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
