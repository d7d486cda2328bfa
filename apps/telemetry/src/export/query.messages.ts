import type { ErrorCode, ErrorParams, QueryTable } from '@mallo/contracts';
import type { AskedRuns } from './project-tables.js';

/** What the process is to do; it is given one of these and ends. */
export type QueryJob = AskedRuns & {
  databaseUrl: string;
  sql: string;
  /** An empty folder of its own. */
  folder: string;
  /** A file of all rows, or the first rows. */
  to: { format: 'parquet' | 'csv' } | { maxRows: number };
};

/** The file is in the folder, named `FILE_NAME` and its format. */
export type QueryAnswer = { table: QueryTable | null } | { failure: { code: ErrorCode; params: ErrorParams } };

export const FILE_NAME = 'result';
/** How the process ends when its memory is spent. */
export const MEMORY_SPENT_EXIT = 77;
