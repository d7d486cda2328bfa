import { createHash } from 'node:crypto';
import { parseOrder, SearchSyntaxError } from '@mallo/backend';
import { attributeOf, type RunField, runFieldOf } from './run-fields.js';
import { type SqlValues, storableText } from './sql.js';

/** One thing by which runs are sorted: an expression that is never null, its type and direction. */
type SortKey = { sql: string; type: 'float8' | 'text' | 'bigint' | 'int'; ascending: boolean };
/** An order of runs, with the joins that its expressions need. */
export type RunOrder = { keys: SortKey[]; joins: string[] };

/** A btree entry, and a cursor, cannot hold a text of any length. */
const SORTED_CHARACTERS = 200;

/**
 * The order of a search: what was asked for, with runs that have no such value last and NaN before them, then the
 * newest first, then the id.
 * @throws SearchSyntaxError
 */
export function runOrder(orderBy: string[], values: SqlValues): RunOrder {
  const order: RunOrder = { keys: [], joins: [] };
  const seen = new Set<string>();
  for (const [index, text] of orderBy.entries()) {
    const { field: name, ascending } = parseOrder(text);
    const field = runFieldOf(name, 'order');
    const identity = `${field.kind} ${field.key}`;
    if (seen.has(identity)) {
      throw new SearchSyntaxError(
        `\`order_by\` contains duplicate fields: [${orderBy.map((o) => `'${o}'`).join(', ')}]`,
      );
    }
    seen.add(identity);
    addField(order, field, ascending, `sorted${index}`, values);
  }
  if (!seen.has('attribute start_time')) order.keys.push({ sql: 'runs.began_ms', type: 'bigint', ascending: false });
  order.keys.push({ sql: 'runs.run_id', type: 'text', ascending: true });
  return order;
}

function addField(order: RunOrder, field: RunField, ascending: boolean, alias: string, values: SqlValues): void {
  if (field.kind === 'dataset') throw new SearchSyntaxError(`Invalid identifier type '${field.kind}'`);
  if (field.kind === 'attribute') {
    const { sql, isNumber } = attributeOf(field.key);
    order.keys.push({ sql: `(${sql} is null)::int`, type: 'int', ascending: true });
    order.keys.push(isNumber ? { sql: `coalesce(${sql}, 0)`, type: 'bigint', ascending } : textKey(sql, ascending));
    return;
  }
  const table = { metric: 'latest_points', parameter: 'run_params', tag: 'run_tags' }[field.kind];
  const key = values.add(storableText(field.key));
  order.joins.push(`left join telemetry.${table} ${alias} on ${alias}.run_id = runs.run_id and ${alias}.key = ${key}`);
  if (field.kind === 'metric') {
    const rank = `(case when ${alias}.value is null then 2 when ${alias}.value = 'NaN' then 1 else 0 end)`;
    order.keys.push({ sql: rank, type: 'int', ascending: true });
    order.keys.push({ sql: `coalesce(nullif(${alias}.value, 'NaN'), 0)`, type: 'float8', ascending });
    return;
  }
  order.keys.push({ sql: `(${alias}.value is null)::int`, type: 'int', ascending: true });
  order.keys.push(textKey(`${alias}.value`, ascending));
}

/** By code points, whatever the language of the database, so that a cursor means the same everywhere. */
function textKey(sql: string, ascending: boolean): SortKey {
  return { sql: `left(coalesce(${sql}, ''), ${SORTED_CHARACTERS}) collate "C"`, type: 'text', ascending };
}

export function orderByOf({ keys }: RunOrder): string {
  return keys.map(({ sql, ascending }) => `${sql} ${ascending ? 'asc' : 'desc'}`).join(', ');
}

/** A row's place in the order, as an array of texts. */
export function placeOf({ keys }: RunOrder): string {
  return `array[${keys.map(({ sql }) => `(${sql})::text`).join(', ')}]`;
}

/** The condition that a row comes after a place. */
export function isAfter({ keys }: RunOrder, place: string[], values: SqlValues): string {
  const marks = keys.map(({ type }, index) => `${values.add(place[index])}::${type}`);
  const ways = keys.map(({ sql, ascending }, index) => {
    const equal = keys.slice(0, index).map((key, at) => `${key.sql} = ${marks[at]}`);
    return `(${[...equal, `${sql} ${ascending ? '>' : '<'} ${marks[index]}`].join(' and ')})`;
  });
  const [first] = keys;
  // The same again, of the first key alone, is what an index can be entered by.
  const bound = first ? `${first.sql} ${first.ascending ? '>=' : '<='} ${marks[0]}` : 'true';
  return `${bound} and (${ways.join(' or ')})`;
}

/** A cursor names the search it belongs to: in another order its place would mean nothing. */
export function writeCursor(search: unknown, place: string[]): string {
  return Buffer.from(JSON.stringify({ of: digest(search), place })).toString('base64url');
}

/** @throws SearchSyntaxError for a cursor of another search, or none */
export function readCursor(search: unknown, order: RunOrder, cursor: string): string[] {
  const refusal = new SearchSyntaxError('Invalid page token, it is not of this search');
  let read: { of?: unknown; place?: unknown };
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refusal;
  }
  const place = read?.place;
  if (read?.of !== digest(search) || !Array.isArray(place) || place.length !== order.keys.length) throw refusal;
  const fits = order.keys.every(({ type }, index) => {
    const value: unknown = place[index];
    if (typeof value !== 'string' || value.includes('\0')) return false;
    if (type === 'text') return true;
    return type === 'float8' ? value.trim() !== '' && !Number.isNaN(Number(value)) : /^-?\d{1,18}$/.test(value);
  });
  if (!fits) throw refusal;
  return place as string[];
}

function digest(search: unknown): string {
  return createHash('sha256').update(JSON.stringify(search)).digest('base64url').slice(0, 16);
}
