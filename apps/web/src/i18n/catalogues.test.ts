import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import en from '../../messages/en.json';
import ko from '../../messages/ko.json';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  );
}

/** Names of what is filled in, such as `count` of `{count, plural, …}`; what a plural holds in braces is text. */
function placeholders(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)(?=[},])/g)].map(([, name]) => name ?? ''))].toSorted();
}

/** What is written in Latin letters in Korean too. */
const NAMES = new Set(['Mallo', 'Mallo:', 'English', 'resnet18', 'digits', 'PyTorch', 'MobileNet']);

test('both catalogues say the same things', () => {
  expect(flat(ko).map(([key]) => key)).toEqual(flat(en).map(([key]) => key));
});

test('both fill in the same values', () => {
  const korean = Object.fromEntries(flat(ko));
  const differing = flat(en).filter(
    ([key, text]) => String(placeholders(text)) !== String(placeholders(korean[key] ?? '')),
  );
  expect(differing).toEqual([]);
});

test('nothing is empty, and Korean is Korean but for names and symbols', () => {
  expect([...flat(en), ...flat(ko)].filter(([, text]) => text.trim() === '')).toEqual([]);
  const untranslated = flat(ko).filter(
    ([key, text]) =>
      /[a-z]{4,}/.test(text.replace(/\{[^}]*\}/g, '')) && !/[가-힣]/.test(text) && !key.startsWith('config.choices.'),
  );
  expect(untranslated.filter(([, text]) => !NAMES.has(text))).toEqual([]);
});

/** Attributes that people see or hear. */
const SPOKEN = new Set([
  'alt',
  'aria-label',
  'aria-description',
  'description',
  'label',
  'placeholder',
  'text',
  'title',
]);

type Node = { type?: string; value?: unknown; name?: { name?: unknown }; [key: string]: unknown };

/** Texts of a component that should be in the catalogues. */
function literals(source: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, value, name } = node as Node;
    const text = typeof value === 'string' ? value.trim() : '';
    if (type === 'JSXText' && /\p{L}/u.test(text)) found.push(text);
    if (type === 'Literal' && /\p{Script=Hangul}/u.test(text)) found.push(text);
    if (type === 'JSXAttribute' && SPOKEN.has(String(name?.name))) {
      const given = (value as Node | null)?.value;
      if (typeof given === 'string' && /\p{L}/u.test(given)) found.push(`${name?.name}="${given}"`);
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync('component.tsx', source).program);
  return found;
}

test('finds a text that is written into a component', () => {
  expect(literals('const A = () => <p title="Hello">{t("x")} <b>안녕</b></p>')).toEqual(['title="Hello"', '안녕']);
});

test('no component holds a text of its own', () => {
  const folder = join(import.meta.dirname, '..');
  const written = globSync('**/*.tsx', { cwd: folder })
    .filter((path) => !path.includes('.test.') && path !== 'test-page.tsx')
    .flatMap((path) => literals(readFileSync(join(folder, path), 'utf8')).map((text) => `${path}: ${text}`));
  expect(written).toEqual([]);
});
