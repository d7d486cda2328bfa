import type { LogLines } from '@mallo/contracts';
import type { PoolClient } from 'pg';
import { type Line, type Lines, linesOf, unpackLines } from './lines.js';
import { NO_CURVES, readUnfolded, type UnfoldedRun } from './read-unfolded.js';

type NumberedLine = Line & { number: number };

/** Chunks opened at once while a log is searched. */
const CHUNKS_AT_ONCE = 16;

/** The last lines of a run, the oldest first. @param run what it has in its journal */
export async function readLastLines(
  client: PoolClient,
  runId: string,
  run: UnfoldedRun | undefined,
  count: number,
): Promise<NumberedLine[]> {
  if (count === 0) return [];
  const { folded, lines } = numberedLines(run);
  const first = folded + lines.length - count + 1;
  const { rows } = await client.query<ChunkRow>(
    `select line_from as "from", payload from telemetry.log_chunks where run_id = $1 and line_to >= $2 order by line_to`,
    [runId, first],
  );
  const older = rows.flatMap((row) => numbered(row.from, linesOf(unpackLines(row.payload))));
  return [...older, ...lines].slice(-count);
}

/** Lines from a number on, or with `before` the last below one; with `search` only those that hold it in any case. */
export type LinesWanted = { from: number; before?: number | undefined; limit: number; search: string };

/** Lines in the order of their numbers, so many at most. A search opens chunk after chunk until it has enough. */
export async function readLines(client: PoolClient, runId: string, wanted: LinesWanted): Promise<LogLines> {
  const run = numberedLines((await readUnfolded(client, [runId], NO_CURVES)).get(runId));
  const { before } = wanted;
  const found = await (before === undefined
    ? linesFrom(client, runId, run, wanted)
    : linesBefore(client, runId, run, { ...wanted, before }));
  return {
    total: run.folded + run.lines.length,
    lines: found.map(({ number, stream, timeMs, line }) => ({ number, stream, timeMs, line })),
  };
}

async function linesFrom(
  client: PoolClient,
  runId: string,
  { folded, lines: unfolded }: RunLines,
  { from, limit, search }: LinesWanted,
): Promise<NumberedLine[]> {
  const wanted = search.toLowerCase();
  const found: NumberedLine[] = [];
  let next = from;
  while (next <= folded && found.length < limit) {
    const { rows } = await client.query<ChunkRow>(
      `select line_from as "from", line_to as "to", payload from telemetry.log_chunks
        where run_id = $1 and line_to >= $2 order by line_to limit $3`,
      [runId, next, wanted ? CHUNKS_AT_ONCE : 1],
    );
    for (const row of rows) {
      const lines = unpackLines(row.payload);
      found.push(...matching({ ...row, lines }, wanted).filter(({ number }) => number >= next));
    }
    next = (rows.at(-1)?.to ?? folded) + 1;
  }
  if (found.length < limit) {
    found.push(...unfolded.filter(({ number, line }) => number >= from && line.toLowerCase().includes(wanted)));
  }
  return found.slice(0, limit);
}

async function linesBefore(
  client: PoolClient,
  runId: string,
  { folded, lines: unfolded }: RunLines,
  { before, limit, search }: LinesWanted & { before: number },
): Promise<NumberedLine[]> {
  const wanted = search.toLowerCase();
  let found = unfolded.filter(({ number, line }) => number < before && line.toLowerCase().includes(wanted));
  let next = Math.min(before, folded + 1);
  while (next > 1 && found.length < limit) {
    const { rows } = await client.query<ChunkRow>(
      `select line_from as "from", line_to as "to", payload from telemetry.log_chunks
        where run_id = $1 and line_from < $2 order by line_from desc limit $3`,
      [runId, next, wanted ? CHUNKS_AT_ONCE : 1],
    );
    const opened = await Promise.all(rows.map(async (row) => ({ ...row, lines: await unpackLines(row.payload) })));
    const older = opened.toReversed().flatMap((chunk) => matching(chunk, wanted));
    found = [...older.filter(({ number }) => number < next), ...found];
    next = rows.at(-1)?.from ?? 1;
  }
  return found.slice(-limit);
}

type RunLines = { folded: number; lines: NumberedLine[] };

type ChunkRow = { from: number; to: number; payload: Buffer };

function matching({ from, lines }: { from: number; lines: Lines }, wanted: string): NumberedLine[] {
  if (wanted && !lines.text.toLowerCase().includes(wanted)) return [];
  const all = numbered(from, linesOf(lines));
  return wanted ? all.filter(({ line }) => line.toLowerCase().includes(wanted)) : all;
}

/** The lines that are not yet in chunks, and how many are. */
function numberedLines(run: UnfoldedRun | undefined): RunLines {
  const folded = run?.foldedLines ?? 0;
  return { folded, lines: numbered(folded + 1, run?.lines ?? []) };
}

function numbered(from: number, lines: readonly Line[]): NumberedLine[] {
  return lines.map((line, nth) => ({ ...line, number: from + nth }));
}
