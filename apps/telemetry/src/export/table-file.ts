import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TableFormat = 'parquet' | 'csv';
/** Columns of a table, each with its values of some rows. `time` is epoch milliseconds, in UTC. */
export type ColumnType = 'text' | 'integer' | 'number' | 'time';
export type Rows = readonly ArrayLike<string | number>[];

/** Rows in a chunk of DuckDB's, which is fixed. */
const CHUNK_ROWS = 2048;
/** What does not fit is on the disk meanwhile. */
const MEMORY_LIMIT = '256MB';

/**
 * Writes a table to a file of its own, which DuckDB makes; it is loaded only when it is needed (40 MB).
 * @param rows column by column, a stretch of rows at a time
 * @returns the file, and what deletes it
 */
export async function writeTable(
  columns: Readonly<Record<string, ColumnType>>,
  rows: AsyncIterable<Rows>,
  format: TableFormat,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const { DuckDBDataChunk, DuckDBInstance, DuckDBTimestampMillisecondsValue, BIGINT, DOUBLE, TIMESTAMP_MS, VARCHAR } =
    await import('@duckdb/node-api');
  const kinds = {
    text: { type: VARCHAR, of: String },
    integer: { type: BIGINT, of: (value: string | number) => BigInt(value) },
    number: { type: DOUBLE, of: Number },
    time: { type: TIMESTAMP_MS, of: (value: string | number) => new DuckDBTimestampMillisecondsValue(BigInt(value)) },
  };
  const made = Object.values(columns).map((kind) => kinds[kind]);
  const folder = await mkdtemp(join(tmpdir(), 'mallo-export-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const instance = await DuckDBInstance.create(join(folder, 'table.duckdb'), {
      threads: '2',
      memory_limit: MEMORY_LIMIT,
      temp_directory: join(folder, 'spilled'),
    });
    const connection = await instance.connect();
    try {
      const names = Object.keys(columns).map((name, at) => `"${name}" ${made[at]?.type}`);
      await connection.run(`create table exported (${names.join(', ')})`);
      const appender = await connection.createAppender('exported');
      for await (const some of rows) {
        const total = some[0]?.length ?? 0;
        for (let from = 0; from < total; from += CHUNK_ROWS) {
          const chunk = DuckDBDataChunk.create(made.map(({ type }) => type));
          chunk.rowCount = Math.min(CHUNK_ROWS, total - from);
          for (const [at, column] of some.entries()) {
            const part = Array.from({ length: chunk.rowCount }, (_, row) => column[from + row] ?? '');
            chunk.setColumnValues(
              at,
              part.map((value) => made[at]?.of(value) ?? null),
            );
          }
          appender.appendDataChunk(chunk);
        }
        appender.flushSync();
      }
      appender.closeSync();
      const path = join(folder, `table.${format}`);
      const how = format === 'parquet' ? 'format parquet, compression zstd' : 'format csv, header true';
      // The folder's name is of this process's own making.
      await connection.run(`copy exported to '${path}' (${how})`);
      return { path, remove };
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  } catch (error) {
    await remove();
    throw error;
  }
}
