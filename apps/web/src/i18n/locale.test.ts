import { expect, test } from 'vitest';
import { chooseLocale } from './locale';

test('speaks the language that was chosen, whatever the browser prefers', () => {
  expect(chooseLocale('ko', 'en-US,en;q=0.9')).toBe('ko');
  expect(chooseLocale('xx', 'ko-KR')).toBe('ko');
});

test('otherwise the first language of the browser that is known', () => {
  expect(chooseLocale(undefined, 'ko-KR,ko;q=0.9,en;q=0.8')).toBe('ko');
  expect(chooseLocale(undefined, 'fr;q=0.9, en;q=0.3, ko;q=0.5')).toBe('ko');
  expect(chooseLocale(undefined, 'fr')).toBe('en');
  expect(chooseLocale(undefined, null)).toBe('en');
});
