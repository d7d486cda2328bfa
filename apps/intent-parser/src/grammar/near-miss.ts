import { distance } from 'fastest-levenshtein';
import { singulars } from './lexicon.js';
import { handlesOf, type Named, namePartsOf } from './names.js';
import { has, type Term } from './terms.js';
import type { Token } from './tokens.js';

/** A name written like those of the project (helmet-site-b) that is none of them. Token offsets. */
export type NearMiss = { text: string; from: number; to: number };

const isWord = (token: Token | undefined) =>
  token !== undefined && ['latin', 'number', 'word', 'unknown'].includes(token.kind);
const isJoint = (token: Token | undefined) => token !== undefined && ['-', '_'].includes(token.text) && !token.spaced;

/** Where a word written without spaces ends, and whether hyphens or underscores join it. */
function writtenName(tokens: Token[], from: number): { to: number; joined: boolean } {
  let to = from + 1;
  let joined = false;
  for (; to < tokens.length; to += 1) {
    const token = tokens[to];
    if (!token || token.spaced) break;
    if (isJoint(token) && isWord(tokens[to + 1]) && !tokens[to + 1]?.spaced) joined = true;
    else if (!isWord(token)) break;
  }
  return { to, joined };
}

type Thing = { name: string };

/** The digits2 of "데이터셋은 digits2로": a word with a number at its end, said of data. */
function isNumberedData(tokens: Token[], terms: Term[], from: number, to: number): boolean {
  if (to !== from + 2 || tokens[from]?.kind !== 'latin' || !/^\d+$/.test(tokens[from + 1]?.text ?? '')) return false;
  const first = terms.findIndex((term) => term.to > from);
  const behind = terms.find((term) => term.from >= to);
  const said = terms.slice(Math.max(0, first - 2), first).some((term) => has(term, 'noun.dataset'));
  return said && (behind === undefined || behind.empty);
}

/**
 * Names with hyphens or underscores that share a word with names of the project but have a word those do not have.
 * `taken` are tokens that are understood as something else.
 */
export function nearMisses(
  tokens: Token[],
  terms: Term[],
  candidates: readonly Named<Thing>[],
  taken: ReadonlySet<number>,
): NearMiss[] {
  const misses: NearMiss[] = [];
  for (let from = 0; from < tokens.length; from += 1) {
    if (!isWord(tokens[from]) || (from > 0 && tokens[from]?.spaced === false && isWord(tokens[from - 1]))) continue;
    const { to, joined } = writtenName(tokens, from);
    if (!joined && !isNumberedData(tokens, terms, from, to)) continue;
    const inside = (place: { from: number; to: number }) => place.from < to && place.to > from;
    const own = terms.filter(inside).filter((term) => /[\p{L}\p{N}]/u.test(term.text));
    // What names a thing is found where it stands first: 고양이, in "고양이 분류, 데이터셋은 cats-v2".
    const resembles = ({ item }: Named<Thing>) => {
      const { strong } = namePartsOf(item.name);
      return own.some((term) => handlesOf(term.text, term.subjects).some((handle) => strong.has(handle)));
    };
    const hits = candidates.filter((hit) => inside(hit) || resembles(hit));
    const exact = hits.some((hit) => hit.exact && hit.from <= from && hit.to >= to);
    if (hits.length > 0 && !exact) {
      // Of garment-typez the second word was taken for types.
      const isSlip = (term: Term) => {
        const written = tokens[term.from]?.text ?? '';
        return (
          term.to === term.from + 1 &&
          /^[a-z]{4,}$/.test(written) &&
          /^[a-z]/.test(term.text) &&
          !singulars(written).includes(term.text)
        );
      };
      const strange = (hit: Named<Thing>) => {
        const { strong, weak } = namePartsOf(hit.item.name);
        return own.some((term) => {
          const handles = term.number ? [`n:${term.number.value}`] : handlesOf(term.text, term.subjects);
          if (isSlip(term)) return true;
          const means = term.concepts.length > 0 && !has(term, 'hp.maxParamsM');
          return !means && !taken.has(term.from) && !handles.some((handle) => strong.has(handle) || weak.has(handle));
        });
      };
      const text = tokens
        .slice(from, to)
        .map((token) => token.text)
        .join('');
      if (hits.every(strange)) misses.push({ text, from, to });
    }
    from = to - 1;
  }
  return misses;
}

/** Names in the order of how like they are to a word. */
export function nearestNamesFirst(names: readonly string[], word: string): string[] {
  return [...names].sort((a, b) => distance(a.toLowerCase(), word) - distance(b.toLowerCase(), word));
}
