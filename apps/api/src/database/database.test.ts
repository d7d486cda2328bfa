import { createLogger } from '@mallo/backend';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Prisma } from '../generated/prisma/client.js';
import { createTestDatabase } from '../testing/api.js';
import { Database } from './database.js';

let database: Database;
beforeAll(async () => {
  database = new Database(await createTestDatabase(), createLogger('test', 'error'));
  await database.$executeRawUnsafe(
    `CREATE TABLE things AS SELECT i AS id, 'thing ' || i AS name FROM generate_series(1, 500) i`,
  );
  await database.$executeRawUnsafe('CREATE INDEX ON things (id)');
  await database.$executeRawUnsafe('ANALYZE things');
});
afterAll(() => database.$disconnect());

const namesOf = (ids: number[]) =>
  database.rows<{ name: string }>(Prisma.sql`SELECT name FROM things WHERE id = ANY(${ids}::int[]) ORDER BY id`);

it('plans what is asked by key once, whatever is asked', async () => {
  for (let id = 1; id <= 10; id += 1) expect(await namesOf([id])).toEqual([{ name: `thing ${id}` }]);
  const plans = await database.rows<{ generic: string; custom: string }>(Prisma.sql`
    SELECT generic_plans AS generic, custom_plans AS custom FROM pg_prepared_statements WHERE statement LIKE '%FROM things%id = ANY%'
      AND statement NOT LIKE '%pg_prepared%'`);
  expect(plans).toEqual([{ generic: '10', custom: '0' }]);
});

it('closes all its connections', async () => {
  const other = new Database(await createTestDatabase(), createLogger('test', 'error'));
  await other.$queryRaw`SELECT 1`;
  await other.rows(Prisma.sql`SELECT 1`);
  const [{ name }] = (await other.rows<{ name: string }>(Prisma.sql`SELECT current_database() AS name`)) as [
    { name: string },
  ];
  await other.$disconnect();
  await expect
    .poll(() => database.rows(Prisma.sql`SELECT pid FROM pg_stat_activity WHERE datname = ${name}`), {
      timeout: 20_000,
    })
    .toEqual([]);
});
