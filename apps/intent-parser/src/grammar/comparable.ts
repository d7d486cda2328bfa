import { namePartsOf } from './names.js';

const scriptOf = (text: string) => (/[가-힣]/.test(text) ? /[가-힣]{2}|^[가-힣]$/ : /[a-z]{3}/i);

const isUnderstood = (name: string) => [...namePartsOf(name).strong].some((handle) => handle.startsWith('s:'));

/**
 * Whether a word would have been found among names if one of them meant it: where the lexicon can translate it or all of them,
 * or where they are written in its script. 나비 is not among fish-species; of 화풍 nobody knows whether paintings-style has it.
 */
export function wouldBeFound(word: { text: string; known: boolean }, names: readonly string[]): boolean {
  const script = scriptOf(word.text);
  return word.known || names.some((name) => script.test(name)) || names.every(isUnderstood);
}
