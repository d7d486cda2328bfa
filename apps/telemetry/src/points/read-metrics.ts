import type { MetricSummary } from '@mallo/contracts';
import type { Database } from '../database.js';
import { asJson } from './batch.js';
import type { Standing } from './latest.js';

/** Curves of a run in the order of their names, a page after `after`; with `search` only names that hold it, in any case. */
export async function readMetrics(
  database: Database,
  runId: string,
  { search, after, limit }: { search: string; after?: string | undefined; limit: number },
): Promise<{ metrics: MetricSummary[]; total: number }> {
  const matches = `run_id = $1 and strpos(lower(key), lower($2)) > 0`;
  const [rows, totals] = await Promise.all([
    database.query<Standing>(
      `select key, step, time_ms as "timeMs", value, count, min, max from telemetry.latest_points
        where ${matches} and ($3::text is null or key > $3) order by key limit $4`,
      [runId, search, after ?? null, limit],
    ),
    database.query<{ total: number }>(`select count(*) as total from telemetry.latest_points where ${matches}`, [
      runId,
      search,
    ]),
  ]);
  return {
    metrics: rows.map(({ key, count, step, timeMs, value, min, max }) => ({
      key,
      count,
      last: { value: asJson(value), step, timeMs },
      min,
      max,
    })),
    total: totals[0]?.total ?? 0,
  };
}
