import { SearchSyntaxError, type Token, tokensOf } from './tokens.js';

/** What a clause is about: `metrics.acc` is `{ entity: 'metrics', key: 'acc' }`; a name without a dot has no entity. */
export type Field = { entity: string | null; key: string };

/** `text` is as written. */
export type Value = { text: string } & (
  | { kind: 'text'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'list'; values: string[] }
  | { kind: 'none' }
  /** A bare word, which stands for nothing here. */
  | { kind: 'word' }
);

export type Clause = {
  field: Field;
  /** In upper case, with one space: `=`, `!=`, `LIKE`, `NOT IN`, `IS NULL` … or signs that nothing knows. */
  comparator: string;
  value: Value;
};

export type Order = { field: Field; ascending: boolean };

const COMPARING_SIGNS = /^[<>=~!]+$/;
/** What SQL reads as a value of another kind than MLflow has. */
const NO_VALUE = /^(?:true|false|0x[\da-f]+)$/i;
const WORDS = new Set(['LIKE', 'ILIKE', 'RLIKE', 'IN', 'NOT LIKE', 'NOT ILIKE', 'NOT IN', 'IS NULL', 'IS NOT NULL']);

/**
 * Reads a filter: clauses joined by AND, which may be missing or too many, as MLflow lets them. What belongs to no clause
 * is named, all of it.
 * @param refusal what MLflow says where this is searched of the texts that belong to no clause
 * @throws SearchSyntaxError
 */
export function parseFilter(filter: string, refusal = inQuotes): Clause[] {
  const clauses: Clause[] = [];
  const strays = strayTexts(filter, (clause) => clauses.push(clause));
  if (strays.length === 0) return clauses;
  throw new SearchSyntaxError(refusal(strays));
}

/**
 * The same, but what cannot be read is said in no quotes, as MLflow does of experiments and of what is registered.
 * @throws SearchSyntaxError
 */
export function parseFilterUnquoted(filter: string): Clause[] {
  return parseFilter(filter, (strays) => `Invalid clause(s) in filter string: ${strays.join(', ')}`);
}

function inQuotes(strays: string[]): string {
  return `Invalid clause(s) in filter string: ${strays.map((text) => `'${text}'`).join(', ')}`;
}

/**
 * Reads one item of an order: a field and, maybe, ASC or DESC.
 * @throws SearchSyntaxError
 */
export function parseOrder(order: string): Order {
  const [name, direction, ...rest] = tokensOf(order);
  if (name?.kind !== 'name' || direction?.kind === 'sign' || rest.length > 0) {
    throw new SearchSyntaxError(`Invalid order_by clause '${order}'. Could not be parsed.`);
  }
  if (direction && !isWord(direction, 'ASC') && !isWord(direction, 'DESC')) {
    throw new SearchSyntaxError(`Invalid ordering key in order_by clause '${order}'.`);
  }
  return { field: fieldOf(name.text), ascending: !direction || isWord(direction, 'ASC') };
}

/** Finds the clauses. @returns what belongs to none; what stands in parentheses is one thing */
function strayTexts(filter: string, found: (clause: Clause) => void): string[] {
  const tokens = tokensOf(filter);
  const ends = endsOfParentheses(tokens);
  const strays: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] as Token;
    const read = isWord(token, 'AND') ? null : readClause(tokens, at);
    if (read) found(read.clause);
    const next = read?.next ?? ends.get(at) ?? at + 1;
    if (!read && !isWord(token, 'AND')) strays.push(written(tokens, at, next));
    at = next;
  }
  return strays;
}

/** Of each token that opens parentheses which are closed, where they are over. */
function endsOfParentheses(tokens: Token[]): Map<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === 'sign' && text === '(') open.push(at);
    const start = kind === 'sign' && text === ')' ? open.pop() : undefined;
    if (start !== undefined) ends.set(start, at + 1);
  }
  return ends;
}

/** Tokens as they stand in the filter, with the space between them. */
function written(tokens: Token[], from: number, to: number): string {
  const start = tokens[from]?.start ?? 0;
  return tokens.slice(from, to).reduce((text, token) => text.padEnd(token.start - start) + token.text, '');
}

/** The clause that begins there, if one does. */
function readClause(tokens: Token[], start: number): { clause: Clause; next: number } | null {
  const name = tokens[start] as Token;
  const comparison = readComparator(tokens, start + 1);
  if (name.kind === 'sign' || !comparison) return null;
  const { comparator, next } = comparison;
  const first = tokens[next];
  const isUnary = comparator.startsWith('IS ');
  const isValue = first && !isWord(first, 'AND') && (first.kind === 'sign' ? first.text === '(' : !isNoValue(first));
  if (!isUnary && !isValue) return null;
  if (name.kind !== 'name') {
    throw new SearchSyntaxError(`Invalid comparison clause. Expected 'Identifier' found '${name.text}'`);
  }
  const field = fieldOf(name.text);
  if (isUnary || !first) return { clause: { field, comparator, value: { kind: 'none', text: '' } }, next };
  if (first.kind === 'sign' && first.text === '(') {
    const list = readList(tokens, next);
    const text = written(tokens, next, list.next);
    return { clause: { field, comparator, value: { kind: 'list', values: list.values, text } }, next: list.next };
  }
  return { clause: { field, comparator, value: valueIn(first) }, next: next + 1 };
}

function readComparator(tokens: Token[], at: number): { comparator: string; next: number } | null {
  const first = tokens[at];
  if (first?.kind === 'sign' && COMPARING_SIGNS.test(first.text)) return { comparator: first.text, next: at + 1 };
  for (const length of [3, 2, 1]) {
    const words = tokens.slice(at, at + length);
    const comparator = words.map(({ text }) => text.toUpperCase()).join(' ');
    if (words.length < length || !WORDS.has(comparator)) continue;
    // What is in something that is no list is no comparison.
    const isList = tokens[at + length]?.text === '(';
    return comparator.endsWith('IN') && !isList ? null : { comparator, next: at + length };
  }
  return null;
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
  const { text } = token;
  if (token.kind === 'text') return { kind: 'text', value: token.value, text };
  if (token.kind === 'number') return { kind: 'number', value: Number(text), text };
  // SQL's names may be quoted by double quotes, which MLflow takes for text.
  if (/^"[^"]*"$/.test(text)) return { kind: 'text', value: text.slice(1, -1), text };
  return { kind: 'word', text };
}

function fieldOf(name: string): Field {
  const dot = name.search(/(?<=^(?:`[^`]*`|"[^"]*"|[^`".]+))\./u);
  if (dot < 0) return { entity: null, key: unquoted(name) };
  return { entity: unquoted(name.slice(0, dot)), key: unquoted(name.slice(dot + 1)) };
}

function unquoted(name: string): string {
  return /^(?:`[^`]*`|"[^"]*"|'[^']*')$/.test(name) ? name.slice(1, -1) : name;
}

function isNoValue(token: Token): boolean {
  return token.kind === 'name' && NO_VALUE.test(token.text);
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'name' && token.text.toUpperCase() === word;
}
