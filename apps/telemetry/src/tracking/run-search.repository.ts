import type { RunColumns, RunSearch } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import type { LifecycleStage } from './experiments.repository.js';
import { runConditions } from './run-conditions.js';
import { isAfter, orderByOf, placeOf, readCursor, runOrder, writeCursor } from './run-order.js';
import { type KeyedText, type LatestPoint, type Logged, RUN_COLUMNS_SQL, RUNS_SQL, type RunRow } from './run-rows.js';
import { SqlValues, storableText } from './sql.js';

/** Which runs are looked for, and from where. */
export type RunQuery = {
  projectId: string;
  /** As they are shown, `0` for the default one; null: all of the project. */
  experimentIds: string[] | null;
  filter: string;
  /** Absent or empty: any. */
  only?: Partial<Pick<RunSearch, 'runIds' | 'statuses' | 'kinds'>>;
  orderBy: string[];
  lifecycleStages: LifecycleStage[];
  limit: number;
  cursor: string | undefined;
};
export type FoundRuns = { rows: RunRow[]; nextCursor: string | null };
/** All there is of a kind, or only what has one of these keys. */
export type WantedKeys = { [K in keyof RunColumns]: string[] | 'all' };

/** Finds runs. Values are parameters; what else is in a statement are this program's own words. */
@Injectable()
export class RunSearchRepository {
  constructor(private readonly database: Database) {}

  /** A page of runs. @throws SearchSyntaxError */
  async page(query: RunQuery): Promise<FoundRuns> {
    const values = new SqlValues();
    const conditions = conditionsOf(query, values);
    const order = runOrder(query.orderBy, values);
    const search = [
      query.projectId,
      query.experimentIds,
      query.filter,
      query.orderBy,
      query.lifecycleStages,
      query.only,
    ];
    if (query.cursor !== undefined) {
      conditions.push(isAfter(order, readCursor(search, order, query.cursor), values));
    }
    const rows = await this.database.query<RunRow & { place: string[] }>(
      `select ${RUN_COLUMNS_SQL}, ${placeOf(order)} as place
         from ${RUNS_SQL} ${order.joins.join(' ')}
        where ${conditions.join(' and ')}
        order by ${orderByOf(order)}
        limit ${values.add(query.limit + 1)}`,
      values.all,
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const nextCursor = rows.length > query.limit && last ? writeCursor(search, last.place) : null;
    return { rows: page.map(({ place, ...row }) => row), nextCursor };
  }

  /** How many runs a search finds in all. @throws SearchSyntaxError */
  async count(query: Omit<RunQuery, 'orderBy' | 'limit' | 'cursor'>): Promise<number> {
    const values = new SqlValues();
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from ${RUNS_SQL} where ${conditionsOf(query, values).join(' and ')}`,
      values.all,
    );
    return row?.count ?? 0;
  }

  /** Which runs a search finds. @throws SearchSyntaxError */
  async ids(query: Omit<RunQuery, 'orderBy' | 'limit' | 'cursor'>): Promise<string[]> {
    const values = new SqlValues();
    const rows = await this.database.query<{ id: string }>(
      `select runs.run_id as id from ${RUNS_SQL} where ${conditionsOf(query, values).join(' and ')}`,
      values.all,
    );
    return rows.map(({ id }) => id);
  }

  /** What runs logged, of the wanted keys. */
  async logged(runIds: string[], wanted: WantedKeys): Promise<Logged> {
    const [metrics, params, tags] = await Promise.all([
      this.keyed<LatestPoint>('latest_points', 'step, time_ms as "timeMs", value', runIds, wanted.metrics),
      this.keyed<KeyedText>('run_params', 'value', runIds, wanted.params),
      this.keyed<KeyedText>('run_tags', 'value', runIds, wanted.tags),
    ]);
    return { metrics, params, tags };
  }

  private async keyed<Row extends object>(
    table: 'latest_points' | 'run_params' | 'run_tags',
    columns: string,
    runIds: string[],
    keys: string[] | 'all',
  ): Promise<Row[]> {
    if (runIds.length === 0 || keys.length === 0) return [];
    const values: unknown[] = keys === 'all' ? [runIds] : [runIds, keys.map(storableText)];
    return this.database.query<Row>(
      `select run_id as "runId", key, ${columns} from telemetry.${table}
        where run_id = any($1::text[]) ${keys === 'all' ? 'order by run_id, key' : 'and key = any($2::text[])'}`,
      values,
    );
  }
}

function conditionsOf(query: Omit<RunQuery, 'orderBy' | 'limit' | 'cursor'>, values: SqlValues): string[] {
  const conditions = [
    `runs.project_id = ${values.add(query.projectId)}`,
    `runs.lifecycle_stage = any(${values.add(query.lifecycleStages)}::text[])`,
  ];
  if (query.experimentIds !== null) {
    const ids = values.add(query.experimentIds.filter((id) => id !== '0'));
    const own = `(not experiments.is_default and experiments.experiment_id = any(${ids}::numeric[]))`;
    conditions.push(query.experimentIds.includes('0') ? `(experiments.is_default or ${own})` : own);
  }
  const { runIds = [], statuses = [], kinds = [] } = query.only ?? {};
  for (const [column, wanted] of [
    ['run_id', runIds],
    ['status', statuses],
    ['kind', kinds],
  ] as const) {
    if (wanted.length > 0) conditions.push(`runs.${column} = any(${values.add(wanted)}::text[])`);
  }
  return [...conditions, ...runConditions(query.filter, values)];
}
