import { describes } from './inflection.js';
import {
  conceptsByForm,
  correctHangul,
  correctLatin,
  correctPart,
  glue,
  headword,
  joinsWords,
  singulars,
  subjectsByForm,
} from './lexicon.js';
import { parseNumber } from './numbers.js';
import type { Token } from './tokens.js';

/** One or several tokens that mean something together: a number, a phrase of the lexicon, or a single token. */
export type Term = {
  /** Token indexes, [from, to). */
  from: number;
  to: number;
  text: string;
  number?: { value: number; percent: boolean; digits: boolean; fraction?: boolean };
  /** What it may mean; empty where the lexicon does not know it. */
  concepts: string[];
  /** What a picture may show that it names: cat, crack … */
  subjects: string[];
  /** A word with no meaning for a training, a particle or a symbol. */
  empty: boolean;
  /** A verb that describes and asks for nothing: 멈춘 학습. */
  describes?: boolean;
};

const LONGEST_PHRASE = 7;
const SEPARATORS = new Set(['-', '_', "'", '’']);

type Phrase = { to: number; key: string; concepts: string[]; subjects: string[] };

function longestPhrase(tokens: Token[], at: number, spelt: string[]): Phrase | undefined {
  let key = '';
  let best: Phrase | undefined;
  let apart = false;
  for (let i = at; i < Math.min(tokens.length, at + LONGEST_PHRASE); i += 1) {
    const token = tokens[i];
    if (!token || token.text.length > 40) break;
    // "a 10-epoch warmup" is no A10, "rtdetr-l 40 epochs" no L40.
    if (i === at + 1 && token.kind === 'number' && token.spaced && /^[a-z]$/.test(tokens[at]?.text ?? '')) break;
    // The 보고 of 시켜보고 싶어 begins no "보고 싶어", the 만 of "에폭만 두 배" no dumpling.
    const hangs = tokens[at]?.kind === 'ending' || (tokens[at]?.kind === 'particle' && token.spaced);
    if (i === at + 1 && hangs && !tokens[at]?.spaced) break;
    // The 종 이 of "다섯 종이 맞아요" is no paper.
    if (i === at + 1 && token.kind === 'particle' && tokens[at]?.text.length === 1 && tokens[at - 1]?.kind === 'number')
      break;
    if (i > at && SEPARATORS.has(token.text)) continue;
    key += spelt[i] ?? token.text;
    apart ||= i > at && token.spaced && /^[a-z]/.test(token.text);
    for (const form of singulars(key)) {
      if (apart && !joinsWords(form)) continue;
      const concepts = conceptsByForm.get(form);
      const subjects = subjectsByForm.get(form);
      if (!concepts && !subjects) continue;
      // "masks" is of outlines, and of a mask.
      const shown = subjects ?? singulars(form).flatMap((one) => subjectsByForm.get(one) ?? []);
      best = { to: i + 1, key: headword(key), concepts: concepts ?? [], subjects: shown };
      break;
    }
  }
  return best;
}

/** Groups tokens into terms, the longest phrase first, left to right. */
export function termsOf(tokens: Token[], known: ReadonlySet<string>): Term[] {
  const terms: Term[] = [];
  const corrections = new Map<string, string>();
  const spelt = tokens.map(({ kind, text }) => {
    if (kind !== 'latin' || text.length < 5 || known.has(text)) return text;
    const right = corrections.get(text) ?? correctPart(text) ?? text;
    corrections.set(text, right);
    return right;
  });
  for (let at = 0; at < tokens.length; ) {
    const term = termAt(tokens, at, known, spelt);
    terms.push(term);
    at = term.to;
  }
  return terms;
}

// Words of questions are to a training what "the" is.
const isOfQuestions = (concept: string) => /^(ask|criterion|of)\./.test(concept);

/** The 는 of 배치는 is no form of 늘다. */
function asWord(tokens: Token[], at: number, phrase: Phrase | undefined): Phrase | undefined {
  const kind = tokens[at]?.kind;
  const hangs = phrase?.to === at + 1 && (kind === 'particle' || kind === 'ending');
  return hangs && phrase.key !== tokens[at]?.text ? undefined : phrase;
}

// 새 버전 is a new version; 새 분류 tells birds apart.
const NEW_THINGS = ['버전', '버젼', '모델', '학습', '실험', '설정', '거', '걸로', '프로젝트', '데이터셋', '데이터'];

function termAt(tokens: Token[], at: number, known: ReadonlySet<string>, spelt: string[]): Term {
  const token = tokens[at] as Token;
  const phrase = asWord(tokens, at, longestPhrase(tokens, at, spelt));
  const number = parseNumber(tokens, at);
  if (token.text === '새' && NEW_THINGS.includes(tokens[at + 1]?.text ?? ''))
    return { from: at, to: at + 1, text: token.text, concepts: [], subjects: [], empty: true };
  // "on a 4090", "4090 두 장"
  const isCard =
    phrase?.concepts.some((concept) => concept.startsWith('gpuType.')) &&
    (['a', 'an', 'one', 'single', 'two', 'the', 'x'].includes(tokens[at - 1]?.text ?? '') ||
      ['한', '두', '세', '네', '하나', '둘', 'gpu', 'gpus', '장', '에서'].includes(tokens[phrase.to]?.text ?? ''));
  if (number && !isCard && (!phrase || phrase.to <= number.to)) {
    const { value, percent, digits, fraction, to } = number;
    return {
      from: at,
      to,
      text: token.text,
      number: { value, percent, digits, ...(fraction && { fraction }) },
      concepts: [],
      subjects: [],
      empty: false,
    };
  }
  if (phrase) {
    const isParticle = phrase.to === at + 1 && (token.kind === 'particle' || token.kind === 'ending');
    return {
      from: at,
      to: phrase.to,
      text: phrase.key,
      // The 하자 of 학습하자 is no defect.
      concepts: isParticle ? phrase.concepts.filter((concept) => !/^(noun|task)\./.test(concept)) : phrase.concepts,
      describes: describes(tokens, phrase.to),
      subjects: isParticle ? [] : phrase.subjects,
      empty: isParticle || (phrase.to === at + 1 && glue.has(token.text) && phrase.concepts.every(isOfQuestions)),
    };
  }
  const plain = { from: at, to: at + 1, text: token.text, concepts: [], subjects: [] };
  const empty =
    token.kind === 'symbol' ||
    token.kind === 'particle' ||
    token.kind === 'ending' ||
    glue.has(token.text) ||
    singulars(token.text).some((form) => glue.has(form));
  if (empty || known.has(token.text)) return { ...plain, empty };
  const corrected =
    token.kind === 'latin'
      ? correctLatin(token.text)
      : token.kind === 'unknown'
        ? correctHangul(token.text)
        : undefined;
  if (!corrected) return { ...plain, empty: false };
  return {
    ...plain,
    text: headword(corrected),
    concepts: conceptsByForm.get(corrected) ?? [],
    subjects: subjectsByForm.get(corrected) ?? [],
    empty: false,
  };
}

/** Whether "tell", "separate" … here goes on with "from", so that two things are told apart. */
export function tellsApart(terms: Term[], at: number): boolean {
  if (!['tell', 'telling', 'tells', 'separate', 'separates', 'separating', 'separated'].includes(terms[at]?.text ?? ''))
    return false;
  const from = terms.slice(at + 1, at + 7).findIndex((term) => term.text === 'from');
  return from > 0 && !['me', 'us'].includes(terms[at + 1]?.text ?? '');
}

export function has(term: Term | undefined, ...concepts: string[]): boolean {
  return term !== undefined && term.concepts.length > 0 && concepts.some((concept) => term.concepts.includes(concept));
}

const conceptsByTerms = new WeakMap<readonly Term[], ReadonlySet<string>>();

/** Whether some term of a message may mean one of the concepts; asked of many terms, it costs as much as of one. */
export function saysIn(terms: readonly Term[], ...concepts: string[]): boolean {
  let said = conceptsByTerms.get(terms);
  if (!said) {
    said = new Set(terms.flatMap((term) => term.concepts));
    conceptsByTerms.set(terms, said);
  }
  return concepts.some((concept) => said.has(concept));
}
