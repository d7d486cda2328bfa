import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Prisma, PrismaClient } from '../generated/prisma/client.js';

/** The PostgreSQL schema of the api's tables. */
export const SCHEMA = 'mallo';

/** Statements that are kept prepared on each connection; with more than these the lists of some differ in length. */
const PREPARED = 500;

/** In a statement whose best plan depends on what is asked: it is planned each time. */
export const PLANNED_ANEW = '/* planned anew */';

/**
 * Names for statements, so that PostgreSQL plans each once a connection: planning takes longer than running for most of
 * what is asked here.
 */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known) return known;
    // Without a name it is forgotten as soon as it is done.
    if (names.size >= PREPARED || sql.includes(PLANNED_ANEW)) return '';
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** The api's tables, typed by Prisma. Repositories use it and nobody else. */
export class Database extends PrismaClient {
  private readonly pool: pg.Pool;
  private readonly nameOf: ReturnType<typeof statementNames>;

  constructor(url: string, log: Logger) {
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    const onPoolError = (error: Error) => log.warn({ err: error }, 'database connection lost');
    const nameOf = statementNames();
    const options = { schema: SCHEMA, onPoolError, statementNameGenerator: nameOf, disposeExternalPool: true };
    super({ adapter: new PrismaPg(pool, options) });
    this.pool = pool;
    this.nameOf = nameOf;
  }

  /**
   * The rows that a statement answers, as `pg` reads them (an int8 is text), past Prisma: its own work takes longer than
   * PostgreSQL's for what programs ask for many times a second.
   */
  async rows<T>(statement: Prisma.Sql): Promise<T[]> {
    const { text, values } = statement;
    const { rows } = await this.pool.query({ name: this.nameOf({ sql: text }), text, values });
    return rows as T[];
  }
}

/** What a repository needs: the database itself, or a transaction of it. */
export type Tables = Prisma.TransactionClient;

/** Whether the database refused a row because its key is there already (Prisma error P2002). */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002';
}
