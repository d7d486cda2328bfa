import { expect, it } from 'vitest';
import { byteSize } from './byte-size.js';

it.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1500, '1.5 kB'],
  [20_000_000_000, '20 GB'],
  [3e15, '3,000 TB'],
])('%d bytes are %s to a person', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
