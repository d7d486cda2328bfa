import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBTimestampMillisecondsValue,
  INTEGER,
  TIMESTAMP_MS,
  VARCHAR,
} from '@duckdb/node-api';

/** `time` is epoch milliseconds, in UTC. */
export type ColumnType = 'text' | 'id' | 'integer' | 'number' | 'time';
type Value = string | number | null;
/** Column by column, a stretch of rows. */
export type Rows = readonly ArrayLike<Value>[];

/** Rows in a chunk of DuckDB's, which is fixed. */
const CHUNK_ROWS = 2048;

const KINDS = {
  text: { type: VARCHAR, of: String },
  id: { type: INTEGER, of: Number },
  integer: { type: BIGINT, of: (value: string | number) => BigInt(value) },
  number: { type: DOUBLE, of: Number },
  time: { type: TIMESTAMP_MS, of: (value: string | number) => new DuckDBTimestampMillisecondsValue(BigInt(value)) },
};

/** Makes a table of DuckDB's and fills it. @param rows none: it stays empty */
export async function loadTable(
  connection: DuckDBConnection,
  name: string,
  columns: Readonly<Record<string, ColumnType>>,
  rows: AsyncIterable<Rows> | null,
): Promise<void> {
  const made = Object.values(columns).map((kind) => KINDS[kind]);
  const types = made.map(({ type }) => type);
  const described = Object.keys(columns).map((column, at) => `"${column}" ${types[at]}`);
  await connection.run(`create table ${name} (${described.join(', ')})`);
  if (!rows) return;
  const appender = await connection.createAppender(name);
  for await (const some of rows) {
    const total = some[0]?.length ?? 0;
    for (let from = 0; from < total; from += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.rowCount = Math.min(CHUNK_ROWS, total - from);
      for (const [at, column] of some.entries()) {
        const { of } = made[at] as (typeof made)[number];
        const part = Array.from({ length: chunk.rowCount }, (_, row) => {
          const value = column[from + row] ?? null;
          return value === null ? null : of(value);
        });
        chunk.setColumnValues(at, part);
      }
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  }
  appender.closeSync();
}
