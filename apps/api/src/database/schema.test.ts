import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger, migrate } from '@mallo/backend';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../testing/api.js';
import { SCHEMA } from './database.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIGRATIONS = join(ROOT, 'migrations');
const log = createLogger('test', 'error');

/**
 * The SQL that makes the tables of schema.prisma, by Prisma's schema engine. Its command-line program cannot fetch
 * the engine without a network; this is the same in WebAssembly.
 */
async function sqlOfSchema(databaseUrl: string): Promise<string> {
  const content = await readFile(join(ROOT, 'prisma', 'schema.prisma'), 'utf8');
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }));
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', content]] }, () => undefined, adapter);
  const { stdout } = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? '';
}

/** Every column, index and constraint of the api's tables, as PostgreSQL itself describes them. */
async function describeTables(databaseUrl: string): Promise<string[]> {
  const rows = await query(
    databaseUrl,
    `SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN 'NOT NULL' END, pg_get_expr(d.adbin, d.adrelid)) AS text
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
      WHERE c.relnamespace = to_regnamespace($1::text) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
     SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = $1::text
     UNION ALL
     SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
       FROM pg_constraint WHERE connamespace = to_regnamespace($1::text) AND contype <> 'n'`,
    [SCHEMA],
  );
  return rows
    .map(({ text }) => String(text))
    .filter((text) => !/\bmigrations\b|migrations_/.test(text))
    .sort();
}

async function query(databaseUrl: string, sql: string, values?: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

it('the migrations make exactly the tables of schema.prisma', async () => {
  const [migrated, declared] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await migrate(migrated, MIGRATIONS, SCHEMA, log);
  const sql = await sqlOfSchema(declared);
  expect(sql).toContain('CREATE TABLE "runs"');
  await query(declared, `CREATE SCHEMA ${SCHEMA}; SET search_path = ${SCHEMA}; ${sql}`);
  const tables = await describeTables(declared);
  expect(tables.length).toBeGreaterThan(150);
  expect(await describeTables(migrated)).toEqual(tables);
});

it('starting twice at once applies each migration once', async () => {
  const [database, alone] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await migrate(alone, MIGRATIONS, SCHEMA, log);
  await Promise.all([1, 2, 3].map(() => migrate(database, MIGRATIONS, SCHEMA, log)));
  expect(await describeTables(database)).toEqual(await describeTables(alone));
  const applied = await query(database, `SELECT name FROM ${SCHEMA}.migrations`);
  expect(applied.length).toBe(new Set(applied.map(({ name }) => name)).size);
});
