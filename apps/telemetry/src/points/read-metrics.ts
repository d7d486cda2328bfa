import type { MetricSummary } from '@mallo/contracts';
import type { PoolClient } from 'pg';
import { asJson } from './batch.js';
import { type Columns, type CurveKind, merged } from './columns.js';
import { type Standing, standsAt } from './latest.js';
import { readUnfolded } from './read-unfolded.js';

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
  const journal = (await readUnfolded(client, [runId])).get(runId);
  const unfolded = journal?.points ?? new Map<string, Columns>();
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
    [runId, [...unfolded.keys()], search, after ?? null, limit],
  );
  const metrics: MetricSummary[] = [];
  let isBehind = false;
  for (const row of rows) {
    if (row.key === null) continue;
    const added = unfolded.get(row.key);
    if (row.count !== null) metrics.push(summaryOf(row));
    else if (journal && added) metrics.push(summaryOf(unfoldedStanding(runId, journal.kind, row.key, added)));
    isBehind ||= row.count !== null && added !== undefined;
  }
  return { metrics, total: rows[0]?.total ?? 0, isBehind };
}

/** How many curves and log lines a run has. @param client in a transaction that sees one moment */
export async function countLogged(client: PoolClient, runId: string): Promise<{ metrics: number; lines: number }> {
  const journal = (await readUnfolded(client, [runId])).get(runId);
  const { rows } = await client.query<{ metrics: number }>(
    `select count(*) as metrics from (select key from telemetry.latest_points where run_id = $1
                                      union select key collate "C" from unnest($2::text[]) as key) known`,
    [runId, [...(journal?.points.keys() ?? [])]],
  );
  return { metrics: rows[0]?.metrics ?? 0, lines: (journal?.foldedLines ?? 0) + (journal?.lines.length ?? 0) };
}

function unfoldedStanding(runId: string, kind: CurveKind, key: string, points: Columns): Standing {
  const added = merged(kind, [points]);
  return standsAt({ runId, kind, key, added, isNew: true }, added.steps.length, undefined);
}

function summaryOf({ key, count, step, timeMs, value, min, max }: Standing): MetricSummary {
  return { key, count, last: { value: asJson(value), step, timeMs }, min, max };
}
