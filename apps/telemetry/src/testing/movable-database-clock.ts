import pg from 'pg';

/**
 * Lets the wall clock of a database be moved, as queries, functions and defaults of columns see it: other functions of
 * the same names are found before PostgreSQL's own, by whoever connects from now on. The tables have to be there.
 * @returns moves it so far away from the real one
 */
export async function makeDatabaseClock(databaseUrl: string): Promise<(movedMs: number) => Promise<void>> {
  const query = async (sql: string, values?: unknown[]) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(sql, values).finally(() => client.end());
  };
  const clock = (name: string, volatility: string) =>
    `create function moved_clock.${name}() returns timestamptz language sql ${volatility}
       as 'select pg_catalog.${name}() + (select by from moved_clock.moved)';`;
  await query(`
    create schema moved_clock;
    create table moved_clock.moved (by interval not null);
    insert into moved_clock.moved values ('0');
    ${clock('now', 'stable')} ${clock('clock_timestamp', 'volatile')}
    do $$ declare made record; begin
      for made in
        select attrelid::regclass as of_table, attname, pg_get_expr(adbin, adrelid) as expression
          from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
         where pg_get_expr(adbin, adrelid) like '%now()%'
      loop
        execute format('alter table %s alter column %I set default %s', made.of_table, made.attname,
                       replace(made.expression, 'now()', 'moved_clock.now()'));
      end loop;
      execute format('alter database %I set search_path = moved_clock, pg_catalog, public', current_database());
    end $$`);
  return (movedMs) => query(`update moved_clock.moved set by = $1 * interval '1 millisecond'`, [movedMs]);
}
