import { readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../src/lexicon/${name}.json`, import.meta.url), 'utf8')) as T;
}

export type Family = {
  forms: string[];
  /** The member meant by the family's name alone; null: a known family of which the catalogue has nothing. */
  default: string | null;
  sizes?: Record<string, string>;
  /** Ways to write a member that are not its name. */
  names?: Record<string, string>;
  bySource?: Record<string, string>;
  /** The stem of YOLO names that take a size letter and a task suffix. */
  yolo?: string;
  expand?: { from: string[]; to: string };
};

type Words = {
  particles: string[];
  endings: string[];
  glue: string[];
  glueKo: string[];
  numbersEn: Record<string, number>;
  multipliersEn: Record<string, number>;
  fractionsEn: Record<string, number>;
  numbersKoNative: Record<string, number>;
  tensKoNative: Record<string, number>;
  ordinals: Record<string, number>;
  hostile: string[];
  /** Subjects of one kind, which stand side by side only as a list. */
  siblings: string[][];
};

const concepts = load<Record<string, string[]>>('concepts');
const subjects = load<Record<string, string[]>>('subjects');
export const families = load<Family[]>('families');
export const words = load<Words>('words');
const transliterations = load<Record<string, string[]>>('transliterations');

/** A form without spaces and separators: what the tokens of a phrase add up to. */
export function formKey(form: string): string {
  return form.toLowerCase().replace(/[\s\-_'’]+/g, '');
}

/** Keys of forms that are written as several words; only these may be found across a space. */
const spacedKeys = new Set<string>();

/** Whether English words that stand apart may be read as this one form: "n on" is no "non". */
export function joinsWords(key: string): boolean {
  return spacedKeys.has(key) || key.length >= 8;
}

function addTo(index: Map<string, string[]>, form: string, id: string): void {
  const key = formKey(form);
  if (/[\s\-_]/.test(form)) spacedKeys.add(key);
  const ids = index.get(key);
  if (!ids) index.set(key, [id]);
  else if (!ids.includes(id)) ids.push(id);
}

/** Concept ids by form. One form may stand for several concepts; the recognisers pick by what is around. */
export const conceptsByForm = new Map<string, string[]>();
for (const [id, forms] of Object.entries(concepts)) for (const form of forms) addTo(conceptsByForm, form, id);
for (const form of words.hostile) addTo(conceptsByForm, form, 'hostile');
for (const form of Object.keys(words.ordinals)) addTo(conceptsByForm, form, 'ordinal');

/** Places in a list by how they are said; -1 is the last. */
export const ordinals = new Map(Object.entries(words.ordinals).map(([form, place]) => [formKey(form), place]));

/** Subject ids (what a picture shows) by form, plurals included. */
export const subjectsByForm = new Map<string, string[]>();
for (const [id, forms] of Object.entries(subjects)) for (const form of forms) addTo(subjectsByForm, form, id);

export const particles = new Set(words.particles);
export const endings = new Set(words.endings);
export const glue = new Set([...words.glue, ...words.glueKo].map(formKey));

/** Latin spelling by transliterated form: 레즈넷 → resnet. */
export const latinByForm = new Map<string, string>();
for (const [latin, forms] of Object.entries(transliterations)) {
  for (const form of forms) latinByForm.set(formKey(form), latin);
}

/** Counters: Korean words before which a numeral of one syllable may stand (삼 종류, 두 장). */
export const counters = new Set(
  ['hp.epochs', 'hp.numClasses', 'hp.maxHours', 'unit.counter', 'unit.pixel', 'hp.gpuCount', 'hp.memoryGb', 'hp.trials']
    .flatMap((id) => concepts[id] ?? [])
    .concat(['분의', '승', '점', '퍼센트', '프로', '번째', '일', '배', '층'])
    .map(formKey),
);

const hangulOnly = /^[가-힣]+$/;

/** Every Hangul word the segmenter knows. Longer forms made of several words count in pieces and as a whole. */
export const hangulWords = new Set<string>();
for (const form of [
  ...Object.values(concepts).flat(),
  ...Object.values(subjects).flat(),
  ...Object.values(transliterations).flat(),
  ...words.glueKo,
  ...words.hostile,
  ...Object.keys(words.ordinals),
]) {
  for (const piece of [...form.split(/\s+/), formKey(form)]) {
    // The 다섯 of 다섯 번째 stays a numeral.
    const numeral = piece !== form && piece.length > 1 && words.numbersKoNative[piece] !== undefined;
    if (hangulOnly.test(piece) && !numeral) hangulWords.add(piece);
  }
}

/** How far what was typed is from a word, two swapped letters counting as half an error: the commonest slip. */
function typingDistance(typed: string, meant: string): number {
  const far = distance(typed, meant);
  const swapped =
    far === 2 && typed.length === meant.length && [...typed].sort().join('') === [...meant].sort().join('');
  return swapped ? 0.5 : far;
}

/** The one of `forms` that a misspelt word stands for. Its first letter must be right. */
function correct(word: string, index: ReadonlyMap<string, string[]>): string | undefined {
  if (word.length < 5 || word.length > 24) return undefined;
  let best: string | undefined;
  let bestFar = 3;
  for (const form of index.get(word[0] ?? '') ?? []) {
    if (Math.abs(form.length - word.length) > 2) continue;
    const far = typingDistance(word, form);
    if (far < bestFar && far <= (form.length >= 9 ? 2 : 1)) [best, bestFar] = [form, far];
  }
  return best;
}

const isLongWord = (form: string) => /^[a-z]{5,}$/.test(form);
// A slip of the keyboard must not turn an innocent word into a hostile one.
const correctable = (form: string) => !conceptsByForm.get(form)?.includes('hostile');
function indexBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const item of items) index.set(keyOf(item), [...(index.get(keyOf(item)) ?? []), item]);
  return index;
}

const byFirstLetter = (forms: string[]) => indexBy(forms, (form) => form[0] ?? '');
const latinForms = byFirstLetter([...conceptsByForm.keys()].filter((form) => isLongWord(form) && correctable(form)));
const partWords = new Set(
  Object.values(concepts)
    .flat()
    .filter((form) => form.includes(' '))
    .flatMap((form) => form.split(' '))
    .filter(isLongWord),
);
const partForms = byFirstLetter([...partWords]);
const familyForms = byFirstLetter(families.flatMap((family) => family.forms.map(formKey)).filter(isLongWord));

/** Whether a word is one the lexicon knows, so that it is no misspelling of another. */
function isKnownWord(word: string): boolean {
  return glue.has(word) || subjectsByForm.has(word) || conceptsByForm.has(word);
}

/** The English word of the lexicon that a misspelt one stands for. */
export function correctLatin(word: string): string | undefined {
  return isKnownWord(word) ? undefined : correct(word, latinForms);
}

/** The word of a phrase that a misspelt one stands for: lerning (rate) → learning. */
export function correctPart(word: string): string | undefined {
  return isKnownWord(word) || partWords.has(word) ? undefined : correct(word, partForms);
}

/** The model family that a misspelt word stands for: efficentnet → efficientnet. */
export function correctFamily(word: string): string | undefined {
  return isKnownWord(word) ? undefined : correct(word, familyForms);
}

const hangulForms = indexBy(
  [...hangulWords]
    .filter(
      (form) =>
        form.length >= 2 &&
        correctable(form) &&
        (conceptsByForm.has(form) || latinByForm.has(form) || subjectsByForm.has(form)),
    )
    .map((form) => ({ form, jamo: form.normalize('NFD') }))
    .filter(({ jamo }) => jamo.length >= 6),
  ({ form, jamo }) => `${jamo[0]}${form.length}`,
);

/** The Korean word of the lexicon that a misspelt one stands for: one letter (자모) off in six or more. */
export function correctHangul(word: string): string | undefined {
  if (word.length < 2 || word.length > 10) return undefined;
  const jamo = word.normalize('NFD');
  if (jamo.length < 6) return undefined;
  return hangulForms.get(`${jamo[0]}${word.length}`)?.find((known) => distance(known.jamo, jamo) <= 1)?.form;
}

/** Forms of an English word without its plural ending, the word itself first. */
export function singulars(word: string): string[] {
  if (!/^[a-z]{4,}$/.test(word)) return [word];
  const forms = [word];
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('ves')) forms.push(`${word.slice(0, -3)}f`);
  if (word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.endsWith('s') && !word.endsWith('ss')) forms.push(word.slice(0, -1));
  return forms;
}
