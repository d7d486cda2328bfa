import { expect, test } from 'vitest';
import { freeName } from './free-name';

test('names a dataset after its file', () => {
  expect(freeName('cats.ZIP', [])).toBe('cats');
  // macOS writes Hangul in its parts; it is kept as one is used to.
  expect(freeName('고양이.zip'.normalize('NFD'), [])).toBe('고양이');
  expect(freeName('.zip', [])).toBe('dataset');
});

test('leaves out of the name what none may have', () => {
  expect(freeName('고양이\u200B 🐈 \u3164사진.zip', [])).toBe('고양이  사진');
  expect(freeName('🐶.zip', [])).toBe('dataset');
  expect(freeName('...zip', [])).toBe('dataset');
  expect(freeName(`${'가'.repeat(300)}.zip`, [])).toBe('가'.repeat(90));
});

test('adds a number where the name is taken', () => {
  expect(freeName('cats.zip', ['Cats', 'cats 2'])).toBe('cats 3');
});
