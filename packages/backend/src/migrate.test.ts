import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { migrate } from './migrate.js';

const log = pino({ level: 'silent' });
const url = inject('databaseUrl');
let folder: string;
let schema: string;
let database: pg.Client;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-migrations-'));
  schema = `migrated_${Math.random().toString(36).slice(2)}`;
  database = new pg.Client(url);
  await database.connect();
});

afterEach(async () => {
  await database.end();
  await rm(folder, { recursive: true });
});

const add = (name: string, sql: string) => writeFile(join(folder, name), sql);

async function applied(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(`select name from ${schema}.migrations order by id`);
  return rows.rows.map(({ name }) => name);
}

test('applies what was not applied yet, in the order of names, each once', async () => {
  await add('0001_first.sql', `create table ${schema}.things (id int); insert into ${schema}.things values (1);`);
  await migrate(url, folder, schema, log);
  await add('0002_second.sql', `insert into ${schema}.things select 2;`);
  await migrate(url, folder, schema, log);
  await migrate(url, folder, schema, log);
  const rows = await database.query(`select id from ${schema}.things order by id`);
  expect(rows.rows).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await applied()).toEqual(['0001_first', '0002_second']);
});

test('lets several processes start at once, of one service and of two', async () => {
  await add('0001_first.sql', `create table ${schema}.things (id int); select pg_sleep(0.2);`);
  const other = await mkdtemp(join(tmpdir(), 'mallo-migrations-'));
  await writeFile(join(other, '0001_other.sql'), `create table ${schema}_other.things (id int);`);
  await Promise.all([
    migrate(url, folder, schema, log),
    migrate(url, folder, schema, log),
    migrate(url, other, `${schema}_other`, log),
    migrate(url, folder, schema, log),
  ]);
  expect(await applied()).toEqual(['0001_first']);
  await rm(other, { recursive: true });
});

test('leaves nothing of a migration that fails, and goes on once it is put right', async () => {
  await add('0001_first.sql', `create table ${schema}.things (id int);`);
  await add('0002_second.sql', `insert into ${schema}.things values (1); insert into ${schema}.nowhere values (1);`);
  await expect(migrate(url, folder, schema, log)).rejects.toThrow('nowhere');
  expect((await database.query(`select * from ${schema}.things`)).rows).toEqual([]);
  expect(await applied()).toEqual(['0001_first']);
  await add('0002_second.sql', `insert into ${schema}.things values (1);`);
  await migrate(url, folder, schema, log);
  expect((await database.query(`select * from ${schema}.things`)).rows).toEqual([{ id: 1 }]);
});
