import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Prisma, PrismaClient } from '../generated/prisma/client.js';

/** The PostgreSQL schema of the api's tables. */
export const SCHEMA = 'mallo';

/** Statements that are kept prepared on each connection; with more than these the lists of some differ in length. */
const PREPARED = 500;

/** Connections for what is asked by key; each keeps its own plans. */
const KEY_CONNECTIONS = 5;

/**
 * One plan for a statement, whatever is asked with it. Else PostgreSQL plans anew each time where it thinks the values
 * make a difference, which takes twice as long as answering. It is a plan by indexes, also when it was made while a table
 * had no rows; and neither other processes nor a compiler are called for so little.
 */
const BY_KEY = `
  SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;
  SET max_parallel_workers_per_gather = 0; SET jit = off`;

/** Names for statements, so that PostgreSQL reads each once a connection. */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known) return known;
    // Without a name it is forgotten as soon as it is done.
    if (names.size >= PREPARED) return '';
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** The api's tables, typed by Prisma. Repositories use it and nobody else. */
export class Database extends PrismaClient {
  private readonly pool: pg.Pool;
  private readonly byKey: pg.Pool;
  private readonly nameOf: ReturnType<typeof statementNames>;

  constructor(url: string, log: Logger) {
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    const onPoolError = (error: Error) => log.warn({ err: error }, 'database connection lost');
    const options = {
      schema: SCHEMA,
      onPoolError,
      statementNameGenerator: statementNames(),
      disposeExternalPool: true,
    };
    super({ adapter: new PrismaPg(pool, options) });
    this.pool = pool;
    const onConnect = (client: pg.ClientBase) => client.query(BY_KEY);
    this.byKey = new pg.Pool({ connectionString: url, max: KEY_CONNECTIONS, onConnect });
    this.byKey.on('error', onPoolError);
    this.nameOf = statementNames();
  }

  /**
   * The rows that a statement answers, as `pg` reads them (an int8 is text), past Prisma: its own work takes longer than
   * PostgreSQL's for what programs ask for many times a second. For what is found by an index whatever is asked.
   */
  async rows<T>(statement: Prisma.Sql): Promise<T[]> {
    const { text, values } = statement;
    const { rows } = await this.byKey.query({ name: this.nameOf({ sql: text }), text, values });
    return rows as T[];
  }

  /** The same for a statement whose best plan depends on what is asked: it is planned each time. */
  async rowsPlannedAnew<T>({ text, values }: Prisma.Sql): Promise<T[]> {
    const { rows } = await this.pool.query({ text, values });
    return rows as T[];
  }

  override async $disconnect(): Promise<void> {
    await Promise.all([super.$disconnect(), this.byKey.end()]);
  }
}

/** What a repository needs: the database itself, or a transaction of it. */
export type Tables = Prisma.TransactionClient;

/** Whether the database refused a row because its key is there already (Prisma error P2002). */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002';
}
