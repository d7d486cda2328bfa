import type { PoolClient } from 'pg';
import type { KeyValue } from './experiments.repository.js';
import { NOW_MS_SQL, storableText } from './sql.js';

export type ParamConflict = { key: string; before: string; after: string };

/** The tag that has the run's name. */
export const RUN_NAME = 'mlflow.runName';

/** Sets tags of a run; of two with one key the later counts. The one with the run's name renames it. */
export async function setTags(client: PoolClient, runId: string, tags: KeyValue[]): Promise<void> {
  if (tags.length === 0) return;
  const { keys, values } = columnsOf(tags);
  await client.query(
    `insert into telemetry.run_tags (run_id, key, value) select $1, * from unnest($2::text[], $3::text[])
     on conflict (run_id, key) do update set value = excluded.value`,
    [runId, keys, values],
  );
  const name = values[keys.indexOf(RUN_NAME)];
  await client.query(
    `update telemetry.runs set changed_ms = ${NOW_MS_SQL}, name = coalesce($2, name) where run_id = $1`,
    [runId, name ?? null],
  );
}

/** Adds to the list that a tag of a run is, as JSON; where it is something else, as people may set it, it becomes one. */
export async function addToListTag(client: PoolClient, runId: string, key: string, item: unknown): Promise<void> {
  await client.query('select 1 from telemetry.runs where run_id = $1 for no key update', [runId]);
  const before = await client.query<{ value: string }>(
    'select value from telemetry.run_tags where run_id = $1 and key = $2',
    [runId, key],
  );
  const value = JSON.stringify([...listIn(before.rows[0]?.value), item]);
  await setTags(client, runId, [{ key, value }]);
}

function listIn(json = '[]'): unknown[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/**
 * Adds params to a run. A param has one value for ever.
 * @returns those that have another value already; the caller takes the transaction back then
 */
export async function addParams(client: PoolClient, runId: string, params: KeyValue[]): Promise<ParamConflict[]> {
  if (params.length === 0) return [];
  const { keys, values } = columnsOf(params);
  await client.query(
    `insert into telemetry.run_params (run_id, key, value) select $1, * from unnest($2::text[], $3::text[])
     on conflict (run_id, key) do nothing`,
    [runId, keys, values],
  );
  const conflicts = await client.query<ParamConflict>(
    `select key, there.value as before, given.value as after
       from unnest($2::text[], $3::text[]) with ordinality as given (key, value, nth)
       join telemetry.run_params there using (key) where run_id = $1 and there.value <> given.value order by nth`,
    [runId, keys, values],
  );
  if (conflicts.rows.length > 0) return conflicts.rows;
  await client.query(`update telemetry.runs set changed_ms = ${NOW_MS_SQL} where run_id = $1`, [runId]);
  return [];
}

/** Keys and values side by side, as they are stored; of two with one key the later counts. */
export function columnsOf(pairs: KeyValue[]): { keys: string[]; values: string[] } {
  const record = new Map(pairs.map(({ key, value }) => [storableText(key), storableText(value)]));
  return { keys: [...record.keys()], values: [...record.values()] };
}
