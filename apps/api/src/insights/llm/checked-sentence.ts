import type { AnswerSentence, AnswerSource } from '@mallo/contracts';
import type { KnownFact } from './facts.js';
import { numbersIn, saysSame, type WrittenNumber } from './numbers.js';

const LONGEST_SENTENCE = 1000;
/** A name that ends here goes on there: resnet18 is not in resnet180, nor 95 in 95.6. */
const JOINS = /[\p{Script=Latin}\p{N}_]/u;
const FIGURE_ALONE = /^\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?\s?(?:%|[KMGT]?B)?$/;

type Link = AnswerSentence['links'][number];
type KnownNumber = WrittenNumber & { source: AnswerSource };

function overlaps([from, to]: Link['span'], links: readonly Link[]): boolean {
  return links.some(({ span }) => from < span[1] && span[0] < to);
}

/** The figures that facts hold with their sources, and the names, the longest first. */
function knownIn(facts: readonly KnownFact[]): {
  numbers: KnownNumber[];
  names: { text: string; source: AnswerSource }[];
} {
  const numbers: KnownNumber[] = [];
  const names: { text: string; source: AnswerSource }[] = [];
  for (const { sentence } of facts) {
    const all = numbersIn(sentence.text);
    for (const { span, source } of sentence.links) {
      const text = sentence.text.slice(span[0], span[1]);
      if (!FIGURE_ALONE.test(text)) names.push({ text, source });
      else
        for (const number of all.filter((one) => overlaps(one.span, [{ span, source }])))
          numbers.push({ ...number, source });
    }
  }
  return { numbers, names: names.toSorted((a, b) => b.text.length - a.text.length) };
}

/** Every place where a known name stands as a whole. */
function namesIn(text: string, names: readonly { text: string; source: AnswerSource }[]): Link[] {
  const links: Link[] = [];
  for (const { text: name, source } of names) {
    for (let at = text.indexOf(name); name && at >= 0; at = text.indexOf(name, at + name.length)) {
      const span: Link['span'] = [at, at + name.length];
      const isWhole = !JOINS.test(text[at - 1] ?? '') && !JOINS.test(text[span[1]] ?? '');
      if (isWhole && !overlaps(span, links)) links.push({ span, source });
    }
  }
  return links;
}

/**
 * A language model's sentence with a link at each figure; null unless every figure in it stands in the facts that it
 * names, in the same unit and not more precise. Numbers written in words are not looked at.
 */
export function checkedSentence(
  said: { text: string; facts: readonly string[] },
  known: readonly KnownFact[],
): AnswerSentence | null {
  const text = said.text.replaceAll(/\s+/g, ' ').trim();
  const facts = known.filter(({ id }) => said.facts.includes(id));
  // A sentence of no fact is the model's own; an address is never one of ours.
  if (!text || text.length > LONGEST_SENTENCE || facts.length === 0 || /:\/\/|www\./i.test(text)) return null;
  const { numbers, names } = knownIn(facts);
  const links = namesIn(text, names);
  for (const number of numbersIn(text).filter(({ span }) => !overlaps(span, links))) {
    const same = number.isPartOfWord ? [] : numbers.filter((one) => saysSame(number, one));
    const match = same.find(({ unit }) => unit === number.unit) ?? same[0];
    if (!match) return null;
    links.push({ span: number.span, source: match.source });
  }
  const isCovered = [...text.matchAll(/\p{N}/gu)].every(({ 0: digit, index }) =>
    overlaps([index, index + digit.length], links),
  );
  return isCovered ? { text, links: links.toSorted((a, b) => a.span[0] - b.span[0]) } : null;
}
