import type { DuckDBConnection } from '@duckdb/node-api';
import type { PoolClient } from 'pg';
import { decodeChunk } from '../points/chunk.js';
import { linesOf, unpackLines } from '../points/lines.js';
import { EXPERIMENT_ID_SQL } from '../tracking/run-fields.js';
import { RUNS_SQL } from '../tracking/run-rows.js';
import { type ColumnType, loadTable, type Rows } from './load-table.js';

/** Which runs a person may ask about: those of one project of theirs that are not deleted, or (not null) some of these. */
export type AskedRuns = { projectId: string; runIds: string[] | null };

const RUNS_AT_ONCE = 1000;
const CHUNKS_AT_ONCE = 64;

/** Tables that are read from one of PostgreSQL's. */
const PLAIN: Record<string, { columns: Record<string, ColumnType>; sql: string }> = {
  runs: {
    columns: {
      run_id: 'text',
      name: 'text',
      kind: 'text',
      experiment_id: 'text',
      experiment: 'text',
      status: 'text',
      user_name: 'text',
      started: 'time',
      ended: 'time',
    },
    sql: `select run_id, runs.name, kind, ${EXPERIMENT_ID_SQL} as experiment_id, experiments.name as experiment, status,
                 user_name, started_ms as started, ended_ms as ended
            from ${RUNS_SQL} where run_id = any($1) order by run_id`,
  },
  params: {
    columns: { run_id: 'text', key: 'text', value: 'text' },
    sql: 'select run_id, key, value from telemetry.run_params where run_id = any($1) order by run_id, key',
  },
  tags: {
    columns: { run_id: 'text', key: 'text', value: 'text' },
    sql: 'select run_id, key, value from telemetry.run_tags where run_id = any($1) order by run_id, key',
  },
  metrics: {
    columns: {
      run_id: 'text',
      key: 'text',
      points: 'integer',
      last_step: 'integer',
      last_time: 'time',
      last_value: 'number',
      min: 'number',
      max: 'number',
    },
    sql: `select run_id, key, count as points, step as last_step, time_ms as last_time, value as last_value, min, max
            from telemetry.latest_points where run_id = any($1) order by run_id, key`,
  },
};

/**
 * Makes the tables of a project in DuckDB. A table that the query does not name stays empty: of points there may be
 * millions.
 * @param client in a transaction that sees one moment, in which all was folded
 */
export async function loadProject(
  connection: DuckDBConnection,
  client: PoolClient,
  asked: AskedRuns,
  sql: string,
): Promise<void> {
  const runIds = await runsOf(client, asked);
  const wanted = <T>(table: string, rows: T) => (new RegExp(`\\b${table}\\b`, 'i').test(sql) ? rows : null);
  for (const [name, { columns, sql: read }] of Object.entries(PLAIN)) {
    await loadTable(connection, name, columns, wanted(name, plainRows(client, runIds, read, Object.keys(columns))));
  }
  await loadPoints(connection, client, wanted('points', runIds) ?? []);
  const lines = { run_id: 'text', line: 'integer', stream: 'text', time: 'time', text: 'text' } as const;
  await loadTable(connection, 'logs', lines, wanted('logs', lineRows(client, runIds)));
}

async function runsOf(client: PoolClient, { projectId, runIds }: AskedRuns): Promise<string[]> {
  const { rows } = await client.query<{ runId: string }>(
    `select run_id as "runId" from telemetry.runs
      where project_id = $1 and ($2::text[] is null or run_id = any($2)) and lifecycle_stage = 'active' order by run_id`,
    [projectId, runIds],
  );
  return rows.map((row) => row.runId);
}

async function* plainRows(client: PoolClient, runIds: string[], sql: string, columns: string[]): AsyncGenerator<Rows> {
  for (let from = 0; from < runIds.length; from += RUNS_AT_ONCE) {
    const { rows } = await client.query(sql, [runIds.slice(from, from + RUNS_AT_ONCE)]);
    yield columns.map((column) => rows.map((row) => row[column] as string | number | null));
  }
}

/** Points name their curve by a number: the texts of run and key in every row would take most of the time. */
async function loadPoints(connection: DuckDBConnection, client: PoolClient, runIds: string[]): Promise<void> {
  const curves: { runId: string; key: string }[] = [];
  const points = { curve: 'id', step: 'integer', time: 'time', value: 'number' } as const;
  await loadTable(connection, 'curve_points', points, pointRows(client, runIds, curves));
  const names: Rows = [curves.keys(), curves.map(({ runId }) => runId), curves.map(({ key }) => key)].map((column) => [
    ...column,
  ]);
  const rows = (async function* () {
    yield names;
  })();
  await loadTable(connection, 'curves', { curve: 'id', run_id: 'text', key: 'text' }, rows);
  await connection.run(
    'create view points as select run_id, key, step, time, value from curve_points join curves using (curve)',
  );
}

async function* pointRows(
  client: PoolClient,
  runIds: readonly string[],
  curves: { runId: string; key: string }[],
): AsyncGenerator<Rows> {
  type Row = { key: string; step: number; time: number; value: number; payload: Buffer };
  for (const runId of runIds) {
    let last: Row | undefined;
    for (;;) {
      const after: string = last
        ? 'and (key, step_to, last_time, last_value) > ($3, $4::bigint, $5::bigint, $6::float8)'
        : '';
      const place = last ? [last.key, last.step, last.time, last.value] : [];
      const { rows }: { rows: Row[] } = await client.query<Row>(
        `select key, step_to as step, last_time as time, last_value as value, payload from telemetry.chunks
          where run_id = $1 ${after} order by key, step_to, last_time, last_value limit $2`,
        [runId, CHUNKS_AT_ONCE, ...place],
      );
      for (const row of rows) {
        if (row.key !== last?.key) curves.push({ runId, key: row.key });
        const { steps, timesMs, values } = await decodeChunk(row.payload);
        yield [new Int32Array(steps.length).fill(curves.length - 1), steps, timesMs, values];
        last = row;
      }
      if (rows.length < CHUNKS_AT_ONCE) break;
    }
  }
}

async function* lineRows(client: PoolClient, runIds: readonly string[]): AsyncGenerator<Rows> {
  for (const runId of runIds) {
    for (let after = 0; ; ) {
      const { rows } = await client.query<{ from: number; to: number; payload: Buffer }>(
        `select line_from as "from", line_to as "to", payload from telemetry.log_chunks
          where run_id = $1 and line_to > $2 order by line_to limit 1`,
        [runId, after],
      );
      const [chunk] = rows;
      if (!chunk) break;
      const lines = linesOf(await unpackLines(chunk.payload));
      yield [
        lines.map(() => runId),
        lines.map((_, nth) => chunk.from + nth),
        lines.map(({ stream }) => stream),
        lines.map(({ timeMs }) => timeMs),
        lines.map(({ line }) => line),
      ];
      after = chunk.to;
    }
  }
}
