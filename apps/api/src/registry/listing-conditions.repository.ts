import { Prisma } from '../generated/prisma/client.js';
import type { Comparator, ListingCondition, ListingOrder } from './listing.js';

const { sql, raw, join } = Prisma;

/** By the characters' codes, as MLflow's stores order and compare them, whatever the database's language is. */
const NAME = sql`m.name COLLATE "C"`;

function columnOf(condition: Exclude<ListingCondition, { of: 'tag' | 'untagged' }>): Prisma.Sql {
  switch (condition.of) {
    case 'name':
      return NAME;
    case 'number':
      return sql`v.number`;
    case 'run':
      return sql`coalesce(v.run_id, v.origin_run_id, '')`;
    case 'source':
      return sql`coalesce(v.logged ->> 'source', '')`;
  }
}

function comparison(column: Prisma.Sql, comparator: Comparator, value: string | number | string[]): Prisma.Sql {
  if (comparator === 'IN') return sql`${column} = ANY(${value}::text[])`;
  if (comparator === 'NOT IN') return sql`${column} <> ALL(${value}::text[])`;
  // Without an escape, as SQLite has none: a backslash is one.
  if (comparator === 'LIKE' || comparator === 'ILIKE') return sql`${column} ${raw(comparator)} ${value} ESCAPE ''`;
  return sql`${column} ${raw(comparator === '!=' ? '<>' : comparator)} ${value}`;
}

/** Conditions on `m`, a model, or on `v`, a version, and its model `m`. */
export function conditionsOf(conditions: ListingCondition[], of: 'model' | 'version'): Prisma.Sql[] {
  const tags = of === 'model' ? sql`m.tags` : sql`v.tags`;
  const asked = conditions.map((condition) => {
    if (condition.of === 'tag') {
      return comparison(sql`(${tags} ->> ${condition.key})`, condition.comparator, condition.value);
    }
    if (condition.of === 'untagged') return sql`(${tags} ->> ${condition.key}) IS DISTINCT FROM ${condition.value}`;
    return comparison(columnOf(condition), condition.comparator, condition.value);
  });
  return [sql`TRUE`, ...asked];
}

const ORDERS = {
  model: { name: NAME, number: sql`m.version_count`, created: sql`m.created_at`, updated: sql`m.updated_at` },
  version: { name: NAME, number: sql`v.number`, created: sql`v.created_at`, updated: sql`v.updated_at` },
};

export function orderOf(order: ListingOrder, of: 'model' | 'version' = 'version'): Prisma.Sql {
  return join(order.map(({ by, isAscending }) => sql`${ORDERS[of][by]} ${raw(isAscending ? 'ASC' : 'DESC')}`));
}
