import type { PoolClient } from 'pg';
import { rangeOf } from './chunk.js';
import { type Columns, type CurveKind, columnsOf, comparePoints } from './columns.js';

/** Where a curve stands. */
export type Standing = {
  key: string;
  step: number;
  timeMs: number;
  value: number;
  count: number;
  /** Of the finite values; null where there are none. */
  min: number | null;
  max: number | null;
};
type Curve = { runId: string; kind: CurveKind; key: string; added: Columns; isNew: boolean };
type Written = Standing & {
  runId: string;
  /** A point was replaced, perhaps the lowest: only the chunks know what is lowest now. */
  replaced: boolean;
};

/** Where curves stand, by their place in the list. */
export async function latestOf(client: PoolClient, curves: readonly Curve[]): Promise<Map<number, Standing>> {
  const known = curves.flatMap(({ runId, key, isNew }, nth) => (isNew ? [] : { runId, key, nth }));
  if (known.length === 0) return new Map();
  const { rows } = await client.query<Standing & { nth: number }>(
    `select nth, key, step, time_ms as "timeMs", value, count, min, max
       from unnest($1::int[], $2::text[], $3::text[]) as known (nth, run_id, key)
       join telemetry.latest_points using (run_id, key)`,
    [known.map(({ nth }) => nth), known.map(({ runId }) => runId), known.map(({ key }) => key)],
  );
  return new Map(rows.map(({ nth, ...standing }) => [nth, standing]));
}

/** The last of the added points, or what was last before. @param more how many points the curve has more than before */
export function standsAt({ runId, kind, key, added }: Curve, more: number, before: Standing | undefined): Written {
  const at = added.steps.length - 1;
  const [step, timeMs, value] = [added.steps[at], added.timesMs[at], added.values[at]] as [number, number, number];
  const range = rangeOf(added.values);
  const known = {
    count: (before?.count ?? 0) + more,
    min: least(range.min, before?.min ?? null, Math.min),
    max: least(range.max, before?.max ?? null, Math.max),
    replaced: kind === 'training' && more < added.steps.length,
  };
  const old = before && columnsOf([before.step], [before.timeMs], [before.value]);
  if (before && old && comparePoints(kind, added, at, old, 0) < 0) return { runId, ...before, ...known };
  return { runId, key, step, timeMs, value, ...known };
}

function least(a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null {
  return a === null || b === null ? (a ?? b) : choose(a, b);
}

export async function writeLatest(client: PoolClient, stands: readonly Written[]): Promise<void> {
  await client.query(
    `insert into telemetry.latest_points (run_id, key, step, time_ms, value, count, min, max)
     select run_id, key, step, time_ms, value, count,
            case when replaced then (select min(chunks.min) from telemetry.chunks
                                      where run_id = stands.run_id and key = stands.key) else min end,
            case when replaced then (select max(chunks.max) from telemetry.chunks
                                      where run_id = stands.run_id and key = stands.key) else max end
       from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::float8[], $6::bigint[], $7::float8[],
                   $8::float8[], $9::boolean[]) as stands (run_id, key, step, time_ms, value, count, min, max, replaced)
     on conflict (run_id, key) do update set step = excluded.step, time_ms = excluded.time_ms,
       value = excluded.value, count = excluded.count, min = excluded.min, max = excluded.max`,
    [
      stands.map(({ runId }) => runId),
      stands.map(({ key }) => key),
      stands.map(({ step }) => step),
      stands.map(({ timeMs }) => timeMs),
      stands.map(({ value }) => value),
      stands.map(({ count }) => count),
      stands.map(({ min }) => min),
      stands.map(({ max }) => max),
      stands.map(({ replaced }) => replaced),
    ],
  );
}
