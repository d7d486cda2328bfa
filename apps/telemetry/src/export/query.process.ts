// Asks DuckDB, in a process of its own: whatever a query does, only this one is slow, and only this one is ended.
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBResultReader, StatementType } from '@duckdb/node-api';
import type { ErrorCode, ErrorParams, QueryTable } from '@mallo/contracts';
import { pino } from 'pino';
import { Database } from '../database.js';
import { loadProject } from './project-tables.js';
import { FILE_NAME, MEMORY_SPENT_EXIT, type QueryAnswer, type QueryJob } from './query.messages.js';
import { refusalOf } from './query-refusal.js';

/** What does not fit is on the disk meanwhile. */
const MEMORY_LIMIT = '256MB';
const SPILL_LIMIT = '4GB';
/** DuckDB does not count all that it takes. */
const MOST_RESIDENT_BYTES = 1024 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
const COPY_OPTIONS = { parquet: 'format parquet, compression zstd', csv: 'format csv, header true' };

class QueryFailure extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly params: ErrorParams = {},
  ) {
    super(code);
  }
}

// Writers come first.
setPriority(10);
setInterval(() => {
  if (process.memoryUsage.rss() > MOST_RESIDENT_BYTES) process.exit(MEMORY_SPENT_EXIT);
}, LOOK_EVERY_MS);
process.once('disconnect', () => process.exit());
process.once('message', (job: QueryJob) => {
  answer(job)
    .catch((error: unknown): QueryAnswer => ({ failure: failureOf(error) }))
    .then((done) => process.send?.(done, () => process.exit()));
});

async function answer(job: QueryJob): Promise<QueryAnswer> {
  const path = join(job.folder, 'tables.duckdb');
  await load(job, path);
  const instance = await DuckDBInstance.create(path, { ...limits(job), access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const file = 'format' in job.to ? join(job.folder, `${FILE_NAME}.${job.to.format}`) : null;
  // From here on no statement reaches a file but the result, or the network, or changes that.
  if (file) await connection.run(`set allowed_paths = ['${file}']`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
  const sql = await oneSelect(connection, job.sql);
  if ('maxRows' in job.to) return { table: await firstRows(connection, sql, job.to.maxRows) };
  await connection.run(`copy (${sql}\n) to '${file}' (${COPY_OPTIONS[job.to.format]})`);
  return { table: null };
}

async function load(job: QueryJob, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path, limits(job));
  const connection = await instance.connect();
  const database = new Database(job.databaseUrl, pino({ level: 'silent' }));
  try {
    await database.reading((client) => loadProject(connection, client, job, job.sql));
  } finally {
    await database.onApplicationShutdown();
    connection.closeSync();
    instance.closeSync();
  }
}

function limits({ folder }: QueryJob) {
  return {
    threads: '1',
    memory_limit: MEMORY_LIMIT,
    temp_directory: join(folder, 'spilled'),
    max_temp_directory_size: SPILL_LIMIT,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
}

/** The text of the one SELECT that it is, so that nothing follows it and no parenthesis closes what is put around it. */
async function oneSelect(connection: DuckDBConnection, text: string): Promise<string> {
  const sql = text.replace(/[;\s]+$/, '');
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1 || (await statements.prepare(0)).statementType !== StatementType.SELECT) {
    throw new QueryFailure('query.invalid', {
      problem: { en: 'one SELECT can be asked, and nothing else', ko: 'SELECT 하나만 물을 수 있습니다' },
    });
  }
  return sql;
}

async function firstRows(connection: DuckDBConnection, sql: string, maxRows: number): Promise<QueryTable> {
  const reader = await connection.streamAndReadUntil(`from (${sql}\n) limit ${maxRows + 1}`, maxRows + 1);
  return {
    columns: columnsOf(reader),
    rows: reader.getRows().slice(0, maxRows).map(rowOf),
    isCut: reader.currentRowCount > maxRows,
  };
}

function columnsOf(reader: DuckDBResultReader): QueryTable['columns'] {
  const types = reader.columnTypes();
  return reader.columnNames().map((name, at) => ({ name, type: String(types[at]) }));
}

function rowOf(row: unknown[]): QueryTable['rows'][number] {
  return row.map((value) => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'boolean' || typeof value === 'string') return value;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number') return String(value);
    return Number.isSafeInteger(number) || (typeof value === 'number' && Number.isFinite(value))
      ? number
      : String(value);
  });
}

function failureOf(error: unknown): { code: ErrorCode; params: ErrorParams } {
  if (error instanceof QueryFailure) return { code: error.code, params: error.params };
  const problem = error instanceof Error ? error.message : String(error);
  if (/No space left on device/.test(problem)) return { code: 'server.disk_full', params: {} };
  if (/Out of Memory|max_temp_directory_size|bad_alloc|Invalid string length/i.test(problem))
    return { code: 'query.too_large', params: {} };
  if (error && typeof error === 'object' && 'code' in error && error.code === 'server.unavailable') {
    return { code: 'server.unavailable', params: { part: 'database' } };
  }
  return { code: 'query.invalid', params: { problem: refusalOf(problem) } };
}
