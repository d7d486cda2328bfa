import { DATA_WORDS } from './data-words.js';
import type { GlossaryEntry } from './entry.js';
import { MODEL_WORDS } from './model-words.js';
import { TASK_WORDS } from './task-words.js';
import { THEORY_WORDS } from './theory-words.js';
import { TRAINING_WORDS } from './training-words.js';

export const GLOSSARY: readonly GlossaryEntry[] = [
  ...TRAINING_WORDS,
  ...DATA_WORDS,
  ...MODEL_WORDS,
  ...TASK_WORDS,
  ...THEORY_WORDS,
];

const LATIN = /^[\p{Script=Latin}\p{N}\s-]+$/u;

function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[_\s-]+/gu, ' ')
    .trim();
}

/** Korean is written with spaces and without, so these do not count; Latin words must stand by themselves. */
function mentions(text: string, alias: string): boolean {
  if (!LATIN.test(alias)) return text.replaceAll(' ', '').includes(alias.replaceAll(' ', ''));
  const word = plainText(alias);
  const at = text.indexOf(word);
  if (at < 0) return false;
  const around = text.charAt(at - 1) + text.charAt(at + word.length);
  return !/[\p{Script=Latin}\p{N}]/u.test(around);
}

/** The entry of a word, or the one that a question speaks of; the longest name wins. Undefined where there is none. */
export function findWord(text: string): GlossaryEntry | undefined {
  const asked = plainText(text);
  const hits = GLOSSARY.flatMap((entry) =>
    [entry.term.toLowerCase(), entry.ko, ...entry.aliases]
      .filter((alias) => mentions(asked, alias))
      .map((alias) => ({ entry, length: alias.length })),
  );
  return hits.toSorted((a, b) => b.length - a.length)[0]?.entry;
}
