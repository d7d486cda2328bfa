import { expect, test } from 'vitest';
import { laidOut, previewKindOf, rowsIn, textIn } from './preview';

test.each([
  ['plots/roc curve.PNG', 'picture'],
  ['a.svg', 'picture'],
  ['data.csv', 'table'],
  ['data.tsv', 'table'],
  ['report.json', 'json'],
  ['page.html', 'text'],
  ['MLmodel', 'text'],
  ['weights.bin', 'text'],
])('%s is shown as %s', (path, kind) => expect(previewKindOf(path)).toBe(kind));

test('bytes are text where they are UTF-8 without zeros, cut anywhere', () => {
  const bytes = new TextEncoder().encode('정확도 0.9');
  expect(textIn(bytes)).toBe('정확도 0.9');
  expect(textIn(bytes.slice(0, 7))).toBe('정확');
  expect(textIn(Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).toBeNull();
  expect(textIn(Uint8Array.of(65, 0, 66))).toBeNull();
});

test('JSON is set out, and shown as it is where it is cut', () => {
  expect(laidOut('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(laidOut('{"a":[1')).toBe('{"a":[1');
});

test('a table is read with what quotes hold', () => {
  const text = 'name,note\r\nred,"a, ""b""\nc"\n,last';
  expect(rowsIn(text, ',')).toEqual([
    ['name', 'note'],
    ['red', 'a, "b"\nc'],
    ['', 'last'],
  ]);
  expect(rowsIn('a\tb,c\n', '\t')).toEqual([['a', 'b,c']]);
  expect(rowsIn('', ',')).toEqual([]);
});

test('of a long table the first rows are read, and of a wide one the first columns', () => {
  expect(rowsIn('1,2\n'.repeat(1000), ',')).toHaveLength(201);
  expect(rowsIn(`${'1,'.repeat(1000)}1\n`, ',')[0]).toHaveLength(50);
});
