import type { MetricSummary } from '@mallo/contracts';
import type { PoolClient } from 'pg';
import { asJson } from './batch.js';
import { merged } from './columns.js';
import { type Standing, standsAt } from './latest.js';
import { NO_CURVES, readUnfolded } from './read-unfolded.js';

export type MetricsWanted = { search: string; after?: string | undefined; limit: number };
/** @property isBehind a curve of the page has points in chunks and more in the journal: its figures are those of the chunks */
export type MetricsPage = { metrics: MetricSummary[]; total: number; isBehind: boolean };

/**
 * Curves of a run in the order of their names, a page after `after`; with `search` only names that hold it, in any case.
 * A curve that is in the journal alone is told from there. How many points one has that is in chunks too, only folding
 * finds out, as some may be repeats.
 * @param client in a transaction that sees one moment
 */
export async function readMetrics(
  client: PoolClient,
  runId: string,
  { search, after, limit }: MetricsWanted,
): Promise<MetricsPage> {
  const unfolded = (await readUnfolded(client, [runId], NO_CURVES)).get(runId)?.keys ?? new Set();
  type Row = Standing | { key: string; count: null } | { key: null };
  const { rows } = await client.query<{ total: number } & Row>(
    `with named as materialized (
       select key from (select key from telemetry.latest_points where run_id = $1
                        union select key collate "C" from unnest($2::text[]) as key) known
        where strpos(lower(key), lower($3)) > 0
     )
     select total, listed.key, step, time_ms as "timeMs", value, count, min, max
       from (select count(*) as total from named) counted
       left join (select key from named where $4::text is null or key > $4 order by key limit $5) listed on true
       left join telemetry.latest_points on run_id = $1 and latest_points.key = listed.key
      order by listed.key`,
    [runId, [...unfolded], search, after ?? null, limit],
  );
  const listed = rows.flatMap((row) => (row.key === null ? [] : row));
  const added = await standingsOfUnfolded(
    client,
    runId,
    listed.flatMap(({ key, count }) => (count === null ? key : [])),
  );
  return {
    metrics: listed.flatMap((row) => {
      const standing = row.count === null ? added.get(row.key) : row;
      return standing ? summaryOf(standing) : [];
    }),
    total: rows[0]?.total ?? 0,
    isBehind: listed.some(({ key, count }) => count !== null && unfolded.has(key)),
  };
}

/** How many curves and log lines a run has. @param client in a transaction that sees one moment */
export async function countLogged(client: PoolClient, runId: string): Promise<{ metrics: number; lines: number }> {
  const journal = (await readUnfolded(client, [runId], NO_CURVES)).get(runId);
  const { rows } = await client.query<{ metrics: number }>(
    `select count(*) as metrics from (select key from telemetry.latest_points where run_id = $1
                                      union select key collate "C" from unnest($2::text[]) as key) known`,
    [runId, [...(journal?.keys ?? [])]],
  );
  return { metrics: rows[0]?.metrics ?? 0, lines: (journal?.foldedLines ?? 0) + (journal?.lines.length ?? 0) };
}

/** Where curves stand of which nothing is in chunks. */
async function standingsOfUnfolded(
  client: PoolClient,
  runId: string,
  keys: readonly string[],
): Promise<Map<string, Standing>> {
  if (keys.length === 0) return new Map();
  const run = (await readUnfolded(client, [runId], new Map([[runId, new Set(keys)]]))).get(runId);
  if (!run) return new Map();
  const { kind } = run;
  return new Map(
    [...run.points].map(([key, points]) => {
      const added = merged(kind, [points]);
      return [key, standsAt({ runId, kind, key, added, isNew: true }, added.steps.length, undefined)];
    }),
  );
}

function summaryOf({ key, count, step, timeMs, value, min, max }: Standing): MetricSummary {
  return { key, count, last: { value: asJson(value), step, timeMs }, min, max };
}
