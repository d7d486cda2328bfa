import { SearchSyntaxError, type Token, tokensOf } from './tokens.js';

/** What a clause is about: `metrics.acc` is `{ entity: 'metrics', key: 'acc' }`; a name without a dot has no entity. */
export type Field = { entity: string | null; key: string };

export type Value =
  | { kind: 'text'; value: string }
  | { kind: 'number'; value: number; text: string }
  | { kind: 'list'; values: string[] }
  | { kind: 'none' }
  /** A bare word, which stands for nothing here. */
  | { kind: 'word'; text: string };

export type Clause = {
  field: Field;
  /** In upper case, with one space: `=`, `!=`, `LIKE`, `NOT IN`, `IS NULL` … or one that nothing knows. */
  comparator: string;
  value: Value;
};

export type Order = { field: Field; ascending: boolean };

const SIGNS = new Set(['=', '!=', '<>', '==', '<', '<=', '>', '>=']);
const WORDS = new Set(['LIKE', 'ILIKE', 'RLIKE', 'IN', 'NOT LIKE', 'NOT ILIKE', 'NOT IN', 'IS NULL', 'IS NOT NULL']);

/**
 * Reads a filter: clauses joined by AND.
 * @throws SearchSyntaxError
 */
export function parseFilter(filter: string): Clause[] {
  const tokens = tokensOf(filter);
  if (tokens.length === 0) return [];
  const clauses: Clause[] = [];
  for (let at = 0; ; ) {
    const { clause, next } = readClause(tokens, at);
    clauses.push(clause);
    const after = tokens[next];
    if (after === undefined) return clauses;
    if (!isWord(after, 'AND')) throw invalidClause(after);
    // MLflow lets a trailing AND pass.
    if (next + 1 === tokens.length) return clauses;
    at = next + 1;
  }
}

/**
 * The same, but what cannot be read is said in no quotes, as MLflow does of experiments and of what is registered.
 * @throws SearchSyntaxError
 */
export function parseFilterUnquoted(filter: string): Clause[] {
  try {
    return parseFilter(filter);
  } catch (error) {
    if (!(error instanceof SearchSyntaxError)) throw error;
    throw new SearchSyntaxError(error.message.replace(/^(Invalid clause\(s\) in filter string: )'(.*)'$/s, '$1$2'));
  }
}

/**
 * Reads one item of an order: a field and, maybe, ASC or DESC.
 * @throws SearchSyntaxError
 */
export function parseOrder(order: string): Order {
  const [name, direction, ...rest] = tokensOf(order);
  if (name?.kind !== 'name' || rest.length > 0) {
    throw new SearchSyntaxError(`Invalid order_by clause '${order}'. Could not be parsed.`);
  }
  if (direction && !isWord(direction, 'ASC') && !isWord(direction, 'DESC')) {
    throw new SearchSyntaxError(`Invalid ordering key in order_by clause '${order}'.`);
  }
  return { field: fieldOf(name.text), ascending: !direction || isWord(direction, 'ASC') };
}

function readClause(tokens: Token[], start: number): { clause: Clause; next: number } {
  const name = tokens[start];
  if (name?.kind !== 'name' || isWord(name, 'AND')) throw invalidClause(name);
  const { comparator, next } = readComparator(tokens, start + 1, name);
  const field = fieldOf(name.text);
  if (comparator.startsWith('IS ')) return { clause: { field, comparator, value: { kind: 'none' } }, next };
  const first = tokens[next];
  if (!first || isWord(first, 'AND')) throw invalidClause(name);
  if (first.kind === 'sign' && first.text === '(') {
    const list = readList(tokens, next);
    return { clause: { field, comparator, value: { kind: 'list', values: list.values } }, next: list.next };
  }
  return { clause: { field, comparator, value: valueIn(first) }, next: next + 1 };
}

function readComparator(tokens: Token[], at: number, name: Token): { comparator: string; next: number } {
  const first = tokens[at];
  if (first?.kind === 'sign' && SIGNS.has(first.text)) return { comparator: first.text, next: at + 1 };
  for (const length of [3, 2, 1]) {
    const words = tokens.slice(at, at + length);
    const comparator = words.map(({ text }) => text.toUpperCase()).join(' ');
    if (words.length === length && WORDS.has(comparator)) return { comparator, next: at + length };
  }
  throw invalidClause(name);
}

function readList(tokens: Token[], open: number): { values: string[]; next: number } {
  const values: string[] = [];
  for (let at = open + 1; ; at += 2) {
    const [item, after] = [tokens[at], tokens[at + 1]];
    if (item?.kind === 'sign' && item.text === ')') {
      if (values.length > 0) return { values, next: at + 1 };
      throw new SearchSyntaxError(
        'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
      );
    }
    const value = item && valueIn(item);
    if (value?.kind === 'number') {
      throw new SearchSyntaxError(
        'While parsing a list in the query, expected string value, punctuation, or whitespace, but got different ' +
          `type in list: ${item?.text}`,
      );
    }
    if (value?.kind !== 'text' || after?.kind !== 'sign' || !',)'.includes(after.text)) {
      throw new SearchSyntaxError(
        'While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.',
      );
    }
    values.push(value.value);
    if (after.text === ')') return { values, next: at + 2 };
  }
}

function valueIn(token: Token): Value {
  if (token.kind === 'text') return { kind: 'text', value: token.value };
  if (token.kind === 'number') {
    return { kind: 'number', value: Number(token.text), text: token.text };
  }
  // SQL's names may be quoted by double quotes, which MLflow takes for text.
  if (/^"[^"]*"$/.test(token.text)) return { kind: 'text', value: token.text.slice(1, -1) };
  return { kind: 'word', text: token.text };
}

function fieldOf(name: string): Field {
  const dot = name.search(/(?<=^(?:`[^`]*`|"[^"]*"|[^`".]+))\./u);
  if (dot < 0) return { entity: null, key: unquoted(name) };
  return { entity: unquoted(name.slice(0, dot)), key: unquoted(name.slice(dot + 1)) };
}

function unquoted(name: string): string {
  return /^(?:`[^`]*`|"[^"]*"|'[^']*')$/.test(name) ? name.slice(1, -1) : name;
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'name' && token.text.toUpperCase() === word;
}

function invalidClause(token: Token | undefined): SearchSyntaxError {
  return new SearchSyntaxError(`Invalid clause(s) in filter string: '${token?.text ?? ''}'`);
}
