import { conceptsByForm, familyByForm, glue, kindsOf, latinByForm, others, singulars } from './lexicon.js';
import { soundsOfHangul, soundsOfLatin } from './sound.js';
import { has, type Term, termsOf } from './terms.js';
import { normalise } from './text.js';
import { type Token, tokenise } from './tokens.js';

const NOTHING: ReadonlySet<string> = new Set();

/** What the name of a dataset, run or model is made of: its words, each with what it may also be called. */
export type NameParts = { key: string; strong: Set<string>; weak: Set<string> };

const GENERIC = ['noun.', 'task.', 'verb.', 'hp.', 'size.', 'want.', 'mine', 'all', 'latest', 'level.'];

function withoutSeparators(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

// Whether a word sounds like one of the other script is asked of the two sides of a match alone.
const heardAs = (script: string, sounds: string[]) => sounds.map((sound) => `${script}:${sound}`);

/** The handles by which a term can meet a part of a name: its subjects, or the word itself in singular and its sound. */
export function handlesOf(text: string, subjects: readonly string[]): string[] {
  const handles = wordHandlesOf(text, subjects);
  if (subjects.length > 0 || conceptsByForm.has(text) || glue.has(text) || others.has(text)) return handles;
  const latin = singulars(text).at(-1) ?? text;
  return [...handles, ...heardAs('latin', soundsOfLatin(latin)), ...heardAs('hangul', soundsOfHangul(text))];
}

function wordHandlesOf(text: string, subjects: readonly string[]): string[] {
  if (subjects.length > 0) return subjects.map((subject) => `s:${subject}`);
  // 이피션트넷, effb: the family they are both of.
  const family = familyByForm.get(latinByForm.get(text) ?? text);
  if (family) return [`f:${family}`];
  return singulars(latinByForm.get(text) ?? text)
    .slice(-1)
    .map((form) => `w:${form}`);
}

// A project's names come with every message; taking them apart once is enough.
const MOST_REMEMBERED = 5000;
const remembered = new Map<string, NameParts>();

/** Takes a name apart in the way a message is: cats-resnet50 → cat, resnet, 50. */
export function namePartsOf(name: string): NameParts {
  const known = remembered.get(name);
  if (known) return known;
  const parts = takeApart(name);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(name, parts);
  return parts;
}

function takeApart(name: string): NameParts {
  const text = normalise(name.slice(0, 200));
  const own = wordsOf([name]);
  const terms = termsOf(tokenise(text, NOTHING), own);
  const strong = new Set<string>();
  const weak = new Set<string>();
  // egg-shells is of egg shells, and of eggs.
  const parts = tokenise(text, own).map((_, at, tokens) => termsOf(tokens.slice(at, at + 1), own)[0]);
  for (const term of [...terms, ...parts.filter((part) => part !== undefined)]) {
    if (term.number) weak.add(`n:${term.number.value}`);
    else if (/^[\p{L}\p{N}]/u.test(term.text) && !(term.empty && /^[가-힣]$/.test(term.text))) {
      const generic = term.subjects.length === 0 && (term.text.length < 2 || term.empty || has2(term, GENERIC));
      const latin = singulars(term.text).at(-1) ?? term.text;
      const handles = [
        ...wordHandlesOf(term.text, term.subjects),
        // What is called "can" or "short" among classes is one; in a sentence the words are others.
        ...(kindsOf.has(latin) ? [`s:${latin}`] : []),
        ...(/^[a-z]{2,3}$/.test(term.text) ? [`w:${term.text}s`] : []),
        ...heardAs('hangul', soundsOfLatin(latin)),
        ...heardAs('latin', soundsOfHangul(term.text)),
      ];
      for (const handle of handles) (generic ? weak : strong).add(handle);
    }
  }
  return { key: withoutSeparators(text.chars), strong, weak };
}

function has2(term: Term, prefixes: string[]): boolean {
  return term.concepts.some((concept) => prefixes.some((prefix) => concept.startsWith(prefix)));
}

export type Named<T> = {
  item: T;
  score: number;
  /** Whether the full name stands in the message. */
  exact: boolean;
  /** Token offsets of what named it. */
  from: number;
  to: number;
};

type Entry<T> = { item: T; parts: NameParts; alsoKnownBy: Set<string> };

// Classes that many datasets have; a sentence with one of these words names none of them.
const SAYS_LITTLE = new Set(['s:good', 's:background', 's:defect', 'w:bad', 'w:other', 'w:unknown']);

const LONGEST_NAME_TOKENS = 16;

/**
 * Finds the things of the project (datasets, runs, registered models) that a message names: in full, or by some
 * of the words of their names in either language (헬멧 → helmet-site-a). The best first.
 */
export class NameIndex<T> {
  private readonly entries: Entry<T>[] = [];
  private readonly byKey = new Map<string, Entry<T>>();
  private readonly keyPrefixes = new Set<string>();
  private readonly byHandle = new Map<string, Entry<T>[]>();

  constructor(
    items: readonly T[],
    nameOf: (item: T) => string,
    alsoKnownBy: (item: T) => readonly string[] = () => [],
    idOf: (item: T) => string | undefined = () => undefined,
  ) {
    for (const item of items) {
      const parts = namePartsOf(nameOf(item));
      const also = new Set(
        alsoKnownBy(item)
          .slice(0, 1000)
          .flatMap((name) => [...namePartsOf(name).strong])
          .flatMap((handle) => [handle, ...(kindsOf.get(handle.slice(2)) ?? []).map((kind) => `s:${kind}`)])
          .filter((handle) => !SAYS_LITTLE.has(handle)),
      );
      const entry = { item, parts, alsoKnownBy: also };
      this.entries.push(entry);
      if (!this.byKey.has(parts.key)) this.byKey.set(parts.key, entry);
      const id = withoutSeparators(idOf(item) ?? '');
      if (id.length > 3 && !this.byKey.has(id)) this.byKey.set(id, entry);
      for (const key of [parts.key, id])
        for (let end = 1; end <= key.length; end += 1) this.keyPrefixes.add(key.slice(0, end));
      for (const handle of [...parts.strong, ...parts.weak, ...also]) {
        const list = this.byHandle.get(handle);
        if (list) list.push(entry);
        else this.byHandle.set(handle, [entry]);
      }
    }
  }

  /** Whether a word is part of some name, so that it is no strange word in this project. */
  has(handles: readonly string[]): boolean {
    return handles.some((handle) => this.byHandle.has(handle));
  }

  /** Tokens [from, to) that spell a full name, the longest at each place. */
  findExact(tokens: Token[]): Named<T>[] {
    const found: Named<T>[] = [];
    for (let at = 0; at < tokens.length; at += 1) {
      let key = '';
      let best: { entry: Entry<T>; to: number } | undefined;
      const first = tokens[at];
      const joined =
        first &&
        !first.spaced &&
        ['latin', 'number'].includes(first.kind) &&
        /[\p{L}\p{N}]$/u.test(tokens[at - 1]?.text ?? '');
      if (joined) continue;
      for (let i = at; i < Math.min(tokens.length, at + LONGEST_NAME_TOKENS); i += 1) {
        const piece = withoutSeparators(tokens[i]?.text ?? '');
        if ((i === at && !piece) || [',', ';', ':', '!', '?'].includes(tokens[i]?.text ?? '')) break;
        key += piece;
        if (!this.keyPrefixes.has(key)) break;
        const entry = this.byKey.get(key);
        if (entry && piece) best = { entry, to: i + 1 };
      }
      const next = best && tokens[best.to];
      const behind = best && tokens[best.to + 1];
      // Of helmet-site-b, helmet-site is only a part.
      const goesOn =
        next &&
        !next.spaced &&
        ['-', '_'].includes(next.text) &&
        behind &&
        !behind.spaced &&
        ['latin', 'number'].includes(behind.kind);
      const cutShort = goesOn || (next && !next.spaced && ['latin', 'number'].includes(next.kind) && next.text !== 's');
      if (best && !cutShort) {
        found.push({
          item: best.entry.item,
          score: 10 + best.entry.parts.key.length,
          exact: true,
          from: at,
          to: best.to,
        });
        at = best.to - 1;
      }
    }
    return found;
  }

  /** Everything the message names, by full name or by words; the best first, in the order of the message among equals. */
  find(tokens: Token[], terms: Term[], taken: ReadonlySet<number> = new Set()): Named<T>[] {
    const byItem = new Map<Entry<T>, { score: number; from: number; to: number; handles: Set<string> }>();
    terms.forEach((term, at) => {
      if (taken.has(at) || (term.empty && term.subjects.length === 0)) return;
      const counter = has(term, 'unit.counter') && terms[at - 1]?.number;
      const handles = term.number
        ? [`n:${term.number.value}`]
        : counter || (term.empty && term.subjects.length === 0)
          ? []
          : [...handlesOf(term.text, term.subjects)];
      for (const handle of new Set(handles)) {
        for (const entry of this.byHandle.get(handle) ?? []) {
          const seen = byItem.get(entry) ?? { score: 0, from: term.from, to: term.to, handles: new Set<string>() };
          if (seen.handles.has(handle)) continue;
          seen.handles.add(handle);
          const gain = entry.parts.strong.has(handle) ? 3 : entry.alsoKnownBy.has(handle) ? 1.6 : 0.4;
          // A weak word (a number, "data") says nothing where no other word of the name stands.
          seen.score += gain;
          if (gain > 1) {
            seen.from = seen.score === gain ? term.from : Math.min(seen.from, term.from);
            seen.to = Math.max(seen.to, term.to);
          }
          byItem.set(entry, seen);
        }
      }
    });
    const exact = this.findExact(tokens);
    const named: Named<T>[] = [...byItem]
      .filter(([entry, seen]) => seen.score >= 1.5 && !exact.some((hit) => hit.item === entry.item))
      .map(([entry, seen]) => ({ item: entry.item, score: seen.score, exact: false, from: seen.from, to: seen.to }));
    return [...exact, ...named].sort((a, b) => b.score - a.score || a.from - b.from);
  }
}

const LONGEST_LOANWORD = 7;

/** The words in Hangul that no lexicon has and that sound like one of the project's names in Latin letters. */
export function loanwordsIn(tokens: Token[], isNamed: (handles: readonly string[]) => boolean): string[] {
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'unknown') return [];
    let word = token.text;
    for (let i = at + 1; ; i += 1) {
      if (isNamed(heardAs('hangul', soundsOfHangul(word)))) return [word];
      const next = tokens[i];
      if (!next || next.spaced || word.length > LONGEST_LOANWORD) return [];
      word += next.text;
    }
  });
}

/** The words of names, so that they are neither cut to pieces nor taken for slips: 원두, latte. */
export function wordsOf(names: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const name of names)
    for (const [word] of name
      .normalize('NFC')
      .toLowerCase()
      .matchAll(/[가-힣]{2,12}|[a-z]{4,24}/g))
      words.add(word);
  return words;
}
