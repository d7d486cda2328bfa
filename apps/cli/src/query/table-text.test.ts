import type { QueryTable } from '@mallo/contracts';
import { expect, test } from 'vitest';
import { tableJson, tableText } from './table-text.js';

const table = (rows: QueryTable['rows']): QueryTable => ({
  columns: [
    { name: 'name', type: 'VARCHAR' },
    { name: 'max', type: 'DOUBLE' },
  ],
  rows,
  isCut: false,
});

test('columns stand below each other, also where letters are wide', () => {
  const rows = [
    ['고양이', 0.5],
    ['dog', null],
  ] satisfies QueryTable['rows'];
  expect(tableText(table(rows))).toEqual(['name    max', '고양이  0.5', 'dog']);
});

test('a cell is one line, and of a length that can be read', () => {
  const [, line, long] = tableText(
    table([
      ['a\nb\x1b[31mc', true],
      ['x'.repeat(100), 1],
    ]),
  );
  expect(line).toMatch(/^a b \[31mc {50,}true$/);
  expect(long).toBe(`${'x'.repeat(59)}…  1`);
});

test('as JSON each row is an object', () => {
  expect(JSON.parse(tableJson(table([['a', null]])))).toEqual([{ name: 'a', max: null }]);
  expect(tableJson(table([]))).toBe('[]');
});
