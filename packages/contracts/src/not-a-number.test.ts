import { expect, test } from 'vitest';
import { notANumberIn } from './not-a-number.js';

test('is found with its key', () => {
  expect(notANumberIn('{"accuracy": NaN}')).toEqual({ key: 'accuracy', word: 'NaN' });
  expect(notANumberIn('{"metrics": {"a": 1, "val loss" : -Infinity}}')).toEqual({ key: 'val loss', word: '-Infinity' });
  expect(notANumberIn('{"steps": [1, NaN]}')).toEqual({ key: 'steps', word: 'NaN' });
});

test('is not what a text says', () => {
  expect(notANumberIn('{"memo": "it was \\"NaN\\": NaN", "NaN": 1}')).toBeNull();
  expect(notANumberIn('{"banana": 1,')).toBeNull();
});
