import { expect, test } from 'vitest';
import { NewModelName, ResourceName } from './names.js';

const NAMES = { NewModelName, ResourceName };

test.each(Object.entries(NAMES))('%s is the same for the same letters, in any script', (_name, schema) => {
  expect(schema.parse(' 고양이 '.normalize('NFD'))).toBe('고양이');
  expect(schema.parse('cafe\u0301 © v2/small (Größe)')).toBe('café © v2/small (Größe)');
});

test.each(Object.entries(NAMES))('%s refuses what is not seen, emoji and paths', (_name, schema) => {
  const invisible = ['\u200B', '\u200D', '\u2060', '\uFEFF', '\u202E', '\u00AD', '\u3164', '\u115F', '\u{E0041}'];
  for (const one of invisible) {
    // Between two letters: at an end some of these are trimmed away.
    const { issues = [] } = schema.safeParse(`a${one}b`).error ?? {};
    expect([one.codePointAt(0)?.toString(16), issues.map(({ message }) => message)]).toEqual([
      one.codePointAt(0)?.toString(16),
      ['must be text without invisible characters'],
    ]);
  }
  for (const name of ['', ' ', 'a\nb', 'a\0b', '\uD800', '🐈', '..', 'a/../b']) {
    expect(schema.safeParse(name).success, JSON.stringify(name)).toBe(false);
  }
});

test('names may be long, not endless', () => {
  expect(NewModelName.safeParse('가'.repeat(200)).success).toBe(true);
  expect(NewModelName.safeParse('가'.repeat(201)).success).toBe(false);
  expect(ResourceName.safeParse('가'.repeat(100)).success).toBe(true);
  expect(ResourceName.safeParse('가'.repeat(101)).success).toBe(false);
});
