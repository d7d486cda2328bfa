import type { Logger } from 'pino';

/**
 * Applies the SQL migrations of a folder that were not applied yet, each in a transaction, under an
 * advisory lock so that two processes starting at once do it once.
 */
export async function migrate(databaseUrl: string, folder: string, schema: string, log: Logger): Promise<void> {
  // Not loaded by services that have no database.
  const { runner } = await import('node-pg-migrate');
  await runner({
    databaseUrl,
    dir: folder,
    direction: 'up',
    migrationsTable: 'migrations',
    migrationsSchema: schema,
    createMigrationsSchema: true,
    schema: [schema],
    createSchema: true,
    // The services share one database, and start at the same moment.
    advisoryLockMode: 'wait',
    logger: {
      debug: (message: string) => log.debug(message),
      info: (message: string) => log.debug(message),
      warn: (message: string) => log.warn(message),
      error: (message: string) => log.error(message),
    },
  });
}
