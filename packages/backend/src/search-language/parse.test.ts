import { expect, test } from 'vitest';
import { parseFilter, parseOrder } from './parse.js';

const only = (filter: string) => {
  const [clause, ...rest] = parseFilter(filter);
  expect(rest).toEqual([]);
  return clause;
};

test('reads what MLflow’s documentation shows', () => {
  expect(
    parseFilter(`metrics.rmse < 1 and params.model = 'tree' AND tags.\`mlflow.parentRunId\` LIKE 'a%'`),
  ).toMatchObject([
    {
      field: { entity: 'metrics', key: 'rmse' },
      comparator: '<',
      value: { kind: 'number', value: 1, text: '1' },
    },
    { field: { entity: 'params', key: 'model' }, comparator: '=', value: { kind: 'text', value: 'tree' } },
    { field: { entity: 'tags', key: 'mlflow.parentRunId' }, comparator: 'LIKE', value: { kind: 'text', value: 'a%' } },
  ]);
});

test.each([
  ['', []],
  ['   ', []],
])('nothing is asked of runs by %j', (filter, clauses) => {
  expect(parseFilter(filter)).toEqual(clauses);
});

test.each([
  ['metrics.a>-1.5e-3', -0.0015],
  ['metrics.a = .5', 0.5],
  ['metrics.a != 3.', 3],
  ['metrics.val/acc >= 10', 10],
])('reads the number of %s', (filter, value) => {
  expect(only(filter)?.value).toMatchObject({ kind: 'number', value });
});

test.each(['`a b`', '"a b"', "'a b'"])('a name may stand between quotes: %s', (key) => {
  expect(only(`tags.${key} = '1'`)?.field).toEqual({ entity: 'tags', key: 'a b' });
});

test.each([
  [`params.a = 'it''s'`, "it's"],
  [`params.a = "it's"`, "it's"],
  [`params.a = ''`, ''],
  [`params.a = '한글; drop table runs --'`, '한글; drop table runs --'],
])('reads the text of %s', (filter, value) => {
  expect(only(filter)?.value).toMatchObject({ kind: 'text', value });
});

test.each([
  ['tags."a.b c" IS NULL', { entity: 'tags', key: 'a.b c' }],
  ['tags.a.b is null', { entity: 'tags', key: 'a.b' }],
  ['`tags`.`a"b` IS NULL', { entity: 'tags', key: 'a"b' }],
  ['"run name" IS NULL', { entity: null, key: 'run name' }],
  ['metrics.손실 IS NULL', { entity: 'metrics', key: '손실' }],
])('finds the field of %s', (filter, field) => {
  expect(only(filter)).toEqual({ field, comparator: 'IS NULL', value: { kind: 'none', text: '' } });
});

test('reads lists and what is said in several words', () => {
  expect(only(`run_id not  in ('a', "b",'c')`)).toMatchObject({
    comparator: 'NOT IN',
    value: { kind: 'list', values: ['a', 'b', 'c'] },
  });
  expect(only('params.x IS NOT NULL')?.comparator).toBe('IS NOT NULL');
});

test.each([
  [`metrics.a > 1 OR metrics.b > 2`, `Invalid clause(s) in filter string: 'OR'`],
  [`metrics.a`, `Invalid clause(s) in filter string: 'metrics.a'`],
  [`metrics.a >`, `Invalid clause(s) in filter string: 'metrics.a', '>'`],
  [`> 5`, `Invalid clause(s) in filter string: '>', '5'`],
  ['(metrics.a  > 1)', `Invalid clause(s) in filter string: '(metrics.a  > 1)'`],
  ['a = 1 and ((b = 1) and c = 1)', `Invalid clause(s) in filter string: '((b = 1) and c = 1)'`],
  ['(metrics.a > 1', `Invalid clause(s) in filter string: '('`],
  ['metrics.a = True', `Invalid clause(s) in filter string: 'metrics.a', '=', 'True'`],
  ['metrics.a > 0x10', `Invalid clause(s) in filter string: 'metrics.a', '>', '0x10'`],
  ['tags.x NOT NULL', `Invalid clause(s) in filter string: 'tags.x', 'NOT NULL'`],
  ["tags.`a b = '1'", "Invalid clause(s) in filter string: 'tags.', '`', 'a'"],
  [`tags.x NOT 'a'`, `Invalid clause(s) in filter string: 'tags.x', 'NOT', ''a''`],
  [`run_id IN 'a'`, `Invalid clause(s) in filter string: 'run_id', 'IN', ''a''`],
  [`tags.x = 'a`, `Invalid clause(s) in filter string: 'tags.x', '=', ''', 'a'`],
  [`1 = 1`, `Invalid comparison clause. Expected 'Identifier' found '1'`],
  [`metrics.a > 1; select 1`, `Invalid clause(s) in filter string: ';'`],
  ['( (metrics.a > 1)', `Invalid clause(s) in filter string: '(', '(metrics.a > 1)'`],
  [`run_id IN ()`, 'empty list'],
  [`run_id IN ('a'`, 'ill-formed list'],
  [`run_id IN (1)`, 'different type in list'],
])('refuses %s', (filter, message) => {
  expect(() => parseFilter(filter)).toThrow(message);
});

test.each(['AND metrics.a > 1 metrics.b > 2', 'metrics.a > 1 AND AND metrics.b > 2 AND'])(
  '%s are two clauses',
  (filter) => {
    expect(parseFilter(filter).map(({ field }) => field.key)).toEqual(['a', 'b']);
  },
);

test.each([
  ['metrics.acc DESC', { entity: 'metrics', key: 'acc' }, false],
  ['metrics.`a b` asc', { entity: 'metrics', key: 'a b' }, true],
  ['start_time', { entity: null, key: 'start_time' }, true],
  ['params.lr', { entity: 'params', key: 'lr' }, true],
])('reads the order %s', (order, field, ascending) => {
  expect(parseOrder(order)).toEqual({ field, ascending });
});

test.each([
  ['', 'Could not be parsed'],
  ['metrics.a sideways', 'Invalid ordering key'],
  ['metrics.a DESC nulls', 'Could not be parsed'],
  ['1; drop table', 'Could not be parsed'],
])('refuses the order %j', (order, message) => {
  expect(() => parseOrder(order)).toThrow(message);
});
