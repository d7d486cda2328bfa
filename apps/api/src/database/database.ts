import { PrismaPg } from '@prisma/adapter-pg';
import type { Logger } from 'pino';
import { type Prisma, PrismaClient } from '../generated/prisma/client.js';

/** The PostgreSQL schema of the api's tables. */
export const SCHEMA = 'mallo';

/** The api's tables, typed by Prisma. Repositories use it and nobody else. */
export class Database extends PrismaClient {
  constructor(url: string, log: Logger) {
    const onPoolError = (error: Error) => log.warn({ err: error }, 'database connection lost');
    super({ adapter: new PrismaPg({ connectionString: url, max: 10 }, { schema: SCHEMA, onPoolError }) });
  }
}

/** What a repository needs: the database itself, or a transaction of it. */
export type Tables = Prisma.TransactionClient;

/** Whether the database refused a row because its key is there already (Prisma error P2002). */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002';
}
