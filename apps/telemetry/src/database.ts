import { MalloError } from '@mallo/contracts';
import { type DynamicModule, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import type { Logger } from 'pino';

const BIGINT_OID = 20;
/** Stay open however long nobody asks: a new one costs who logs once in a while 10 ms and more. */
const KEPT_CONNECTIONS = 2;

/** Counts, positions and times stay far below 2^53, so a bigint is read as a number. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (oid === BIGINT_OID ? Number : pg.types.getTypeParser(oid, format)) as ReturnType<typeof pg.types.getTypeParser>,
};

/** The connections to PostgreSQL; they come back by themselves when it was away. */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(url: string, log: Logger) {
    this.pool = new pg.Pool({
      connectionString: url,
      types,
      min: KEPT_CONNECTIONS,
      max: 10,
      connectionTimeoutMillis: 5000,
      statement_timeout: 60_000,
      application_name: 'mallo-telemetry',
    });
    this.pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'));
  }

  /**
   * Runs `work` in one transaction, begun by `begin`.
   * @throws MalloError `server.unavailable` when the database is away; whether a commit then in flight
   * took place is not known.
   */
  async transaction<T>(work: (client: pg.PoolClient) => Promise<T>, begin = 'begin'): Promise<T> {
    const client = await this.pool.connect().catch(away);
    // Without a listener a connection cut between two queries would end the process.
    const cut = () => {};
    client.on('error', cut);
    let broken = true;
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('commit');
      broken = false;
      return result;
    } catch (error) {
      broken = await client.query('rollback').then(
        () => false,
        () => true,
      );
      // Whoever can be asked to roll back is there: the error is of the work.
      if (broken && !(error instanceof MalloError)) return away(error);
      throw error;
    } finally {
      client.off('error', cut);
      client.release(broken);
    }
  }

  /** One moment of everything, for reading only. */
  reading<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.transaction(work, 'begin isolation level repeatable read read only');
  }

  /** @param name under which each connection keeps the statement, for what is asked many times a second */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[], name?: string): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>({ text, values, ...(name && { name }) })).rows;
    } catch (error) {
      if (isAnswerOfDatabase(error)) throw error;
      return away(error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

class DatabaseModule {}

/** The one pool of connections, for every capability. */
export function databaseModule(url: string, log: Logger): DynamicModule {
  const provider = { provide: Database, useFactory: () => new Database(url, log) };
  return { module: DatabaseModule, global: true, providers: [provider], exports: [Database] };
}

/** Class 57P: the server is shutting down or starting. Anything without a code is a lost connection. */
function isAnswerOfDatabase(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !error.code?.startsWith('57P');
}

function away(cause: unknown): never {
  throw new MalloError('server.unavailable', { part: 'database' }, { cause });
}
