import { readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';
import pluralize from 'pluralize-esm';
import { conjugate } from './conjugation.js';
import { endings } from './endings.js';

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
  glue: string[];
  glueKo: string[];
  numbersEn: Record<string, number>;
  multipliersEn: Record<string, number>;
  fractionsEn: Record<string, number>;
  numbersKoNative: Record<string, number>;
  tensKoNative: Record<string, number>;
  /** English numbers as they are said in Korean; below ten only behind a ten: 써티투. */
  numbersKoEnglish: Record<string, number>;
  ordinals: Record<string, number>;
  hostile: string[];
  /** What is said most, in which slips too small to be mended elsewhere are mended as well. */
  commonest: string[];
  commonestKo: string[];
  /** Everyday words that begin like those of the field and are none (학습지), or that speak of something else. */
  others: string[];
  /** Subjects of one kind, which stand side by side only as a list. */
  siblings: string[][];
};

const subjects = load<Record<string, string[]>>('subjects');
const kinds = load<Record<string, string[]>>('kinds');
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

/** Dictionary form by the form a verb takes: 멈췄 → 멈추다. */
const dictionaryForms = new Map<string, string>();

/** What a term is called by: verbs by their dictionary form, everything else by itself. */
export function headword(key: string): string {
  return dictionaryForms.get(key) ?? key;
}

/** Forms that were made here; a slip is corrected only to what people wrote down. */
const generated = new Set<string>();

/** detect → detecting, make → making, spot → spotting */
function ingForm(verb: string): string {
  if (/[^e]e$/.test(verb)) return `${verb.slice(0, -1)}ing`;
  return /^[^aeiou]*[aeiou][^aeiouwxy]$/.test(verb) ? `${verb}${verb.slice(-1)}ing` : `${verb}ing`;
}

/** The forms in which a word of the lexicon is met: those of a verb (…다), and any other word as it stands. */
function formsOf(form: string, id: string): string[] {
  if (/^(verb|task)\./.test(id) && /^[a-z]{3,}$/.test(form) && !form.endsWith('ing')) {
    generated.add(ingForm(form));
    return [form, ingForm(form)];
  }
  const [last = ''] = /\S+$/.exec(form) ?? [];
  if (!/^[가-힣]+다$/.test(last)) return [form];
  const before = form.slice(0, -last.length);
  return conjugate(last).map((conjugated) => {
    const key = formKey(before + conjugated);
    if (!dictionaryForms.has(key)) dictionaryForms.set(key, formKey(form));
    return before + conjugated;
  });
}

function addTo(index: Map<string, string[]>, form: string, id: string): void {
  const key = formKey(form);
  if (/[\s\-_]/.test(form)) spacedKeys.add(key);
  const ids = index.get(key);
  if (!ids) index.set(key, [id]);
  else if (!ids.includes(id)) ids.push(id);
}

const concepts = Object.fromEntries(
  Object.entries(load<Record<string, string[]>>('concepts')).map(([id, forms]) => [
    id,
    forms.flatMap((form) => formsOf(form, id)),
  ]),
);

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

/** What a subject is a kind of: poodle → dog, animal. */
export const kindsOf = new Map<string, string[]>();
for (const subject of Object.keys(subjects)) {
  const above = (one: string): string[] => {
    const direct = Object.keys(kinds).filter((kind) => kinds[kind]?.includes(one));
    return [...direct, ...direct.flatMap(above)];
  };
  kindsOf.set(subject, [...new Set(above(subject))]);
}

export const particles = new Set(words.particles);
export const glue = new Set([...words.glue, ...words.glueKo].map(formKey));

/** Name of a model family by every way to write it: effb → efficientnet. */
export const familyByForm = new Map(
  families.flatMap(({ forms }) => forms.map((form) => [formKey(form), formKey(forms[0] ?? form)] as const)),
);

/** Latin spelling by transliterated form: 레즈넷 → resnet. */
export const latinByForm = new Map<string, string>();
for (const [latin, forms] of Object.entries(transliterations)) {
  for (const form of forms) latinByForm.set(formKey(form), latin);
}

/** Counters: Korean words before which a numeral of one syllable may stand (삼 종류, 두 장). */
export const counters = new Set(
  ['hp.epochs', 'hp.numClasses', 'hp.maxHours', 'unit.counter', 'unit.pixel', 'hp.gpuCount', 'hp.memoryGb', 'hp.trials']
    .flatMap((id) => concepts[id] ?? [])
    .concat(['분의', '승', '점', '퍼센트', '프로', '번째', '일', '배', '층', '대로'])
    .map(formKey),
);

const hangulOnly = /^[가-힣]+$/;

/** Whether a piece of a phrase is a word of the lexicon with something hanging on it: the 에폭이야 of 몇 에폭이야. */
function isInflected(piece: string): boolean {
  for (let at = 2; at < piece.length; at += 1) {
    const rest = piece.slice(at);
    const known = conceptsByForm.has(piece.slice(0, at)) || words.numbersKoNative[piece.slice(0, at)] !== undefined;
    if (known && (particles.has(rest) || endings.has(rest))) return true;
  }
  return false;
}

/** Every Hangul word the segmenter knows. Longer forms made of several words count in pieces and as a whole. */
export const hangulWords = new Set<string>();
for (const form of [
  ...Object.values(concepts).flat(),
  ...Object.values(subjects).flat(),
  ...Object.values(transliterations).flat(),
  ...words.glueKo,
  ...words.hostile,
  ...words.others,
  ...Object.keys(words.ordinals),
]) {
  const pieces = form.split(/\s+/);
  // The 버전으로 of 이전 버전으로 is 버전 and a particle.
  const bare = pieces.length > 1 ? pieces.map((piece) => piece.replace(/(?<=..)(으로|로)$/, '')) : pieces;
  for (const piece of [...bare, formKey(form)]) {
    // The 다섯 of 다섯 번째 stays a numeral.
    const numeral = piece !== form && piece.length > 1 && words.numbersKoNative[piece] !== undefined;
    // The 대로 of "말하는 대로" stays a particle.
    const hangs = piece !== form && particles.has(piece);
    if (hangulOnly.test(piece) && !numeral && !hangs && (piece === form || !isInflected(piece))) hangulWords.add(piece);
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
const latinForms = byFirstLetter(
  [...conceptsByForm.keys()].filter((form) => isLongWord(form) && correctable(form) && !generated.has(form)),
);
const partWords = new Set(
  Object.values(concepts)
    .flat()
    .filter((form) => form.includes(' '))
    .flatMap((form) => form.split(' '))
    .filter(isLongWord),
);
const partForms = byFirstLetter([...partWords]);
const familyForms = byFirstLetter(families.flatMap((family) => family.forms.map(formKey)).filter(isLongWord));

/** Everyday words that speak of something else. */
export const others = new Set(words.others);

/** The words of what is called by several: the bream of sea bream. */
const subjectParts = new Set(Object.values(subjects).flatMap((forms) => forms.flatMap((form) => form.split(' '))));

/** Whether a word is one the lexicon knows, so that it is no misspelling of another. */
function isKnownWord(word: string): boolean {
  return (
    subjectParts.has(word) || others.has(word) || glue.has(word) || subjectsByForm.has(word) || conceptsByForm.has(word)
  );
}

/** Whether two neighbouring letters are swapped: of a short word the only slip that is safe to mend. */
function isSwapped(typed: string, meant: string): boolean {
  if (typed.length !== meant.length) return false;
  const at = [...typed].findIndex((letter, i) => letter !== meant[i]);
  const swapped = typed.slice(0, at) + typed[at + 1] + typed[at] + typed.slice(at + 2);
  return at >= 0 && swapped === meant;
}

/** The English word of the lexicon that a misspelt one stands for. */
export function correctLatin(word: string): string | undefined {
  if (isKnownWord(word)) return undefined;
  const common = words.commonest.find(
    (form) => isSwapped(word, form) || (form.length > 4 && form[0] === word[0] && distance(word, form) === 1),
  );
  return common ?? correct(word, latinForms);
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
        !dictionaryForms.has(form) &&
        (conceptsByForm.has(form) || latinByForm.has(form) || subjectsByForm.has(form)),
    )
    .map((form) => ({ form, jamo: form.normalize('NFD') }))
    .filter(({ jamo }) => jamo.length >= 6),
  ({ form, jamo }) => `${jamo[0]}${form.length}`,
);

export const commonHangul = new Map(words.commonestKo.map((form) => [form, form.normalize('NFD')]));

/** The Korean word of the lexicon that a misspelt one stands for: one letter (자모) off in six or more. */
export function correctHangul(word: string): string | undefined {
  if (word.length < 2 || word.length > 10 || others.has(word)) return undefined;
  const jamo = word.normalize('NFD');
  const common = [...commonHangul].find(
    ([form, known]) => known[0] === jamo[0] && form.length === word.length && distance(known, jamo) === 1,
  );
  if (common) return common[0];
  if (jamo.length < 6) return undefined;
  return hangulForms.get(`${jamo[0]}${word.length}`)?.find((known) => distance(known.jamo, jamo) <= 1)?.form;
}

// Only words that end so are looked up among the irregular plurals, for speed. (The end of specimen is none of these.)
const IRREGULAR = /(?:ves|[ml]ice|eese|feet|teeth|people|ldren|oxen|ia|ae|[gct]i|^men|women)$/;

/** Forms of an English word without its plural ending, the word itself first. */
export function singulars(word: string): string[] {
  if (!/^[a-z]{3,}$/.test(word)) return [word];
  if (IRREGULAR.test(word)) {
    const single = pluralize.singular(word);
    // The media of a newspaper are no size.
    const isOther = !word.endsWith('s') && conceptsByForm.has(single);
    if (single !== word) return isOther ? [word] : [word, single];
  }
  const forms = [word];
  if (word.length < 4) return forms;
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.endsWith('s') && !word.endsWith('ss') && !/(?:ss|x|ch|sh)es$/.test(word)) forms.push(word.slice(0, -1));
  return forms;
}
