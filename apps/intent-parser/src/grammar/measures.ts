import { isNegated, isRejected } from './negation.js';
import { has, type Term } from './terms.js';

/** 224x224, 224 × 224, 640*480. */
export function findSquare(
  terms: Term[],
  taken: ReadonlySet<number>,
): { width: number; height: number; terms: number[] } | undefined {
  const denied: number[] = [];
  for (let at = 0; at + 2 < terms.length; at += 1) {
    if (taken.has(at)) continue;
    const [first, sign, second] = [terms[at], terms[at + 1], terms[at + 2]];
    if (
      first?.number?.digits &&
      second?.number?.digits &&
      ['x', '×', '*', 'by'].includes(sign?.text ?? '') &&
      first.number.value >= 8
    ) {
      // "500x500 말고 512x512"
      if (isNegated(terms, at + 2)) denied.push(at, at + 1, at + 2);
      else return { width: first.number.value, height: second.number.value, terms: [...denied, at, at + 1, at + 2] };
    }
  }
  return undefined;
}

/** 80/20, 8:2, 8대 2: the second is the share for validation. */
export function findSplit(terms: Term[]): { share: number; terms: number[] } | undefined {
  const spoken = terms.some(
    (term) => has(term, 'hp.validationSplit') || ['split', '나누다', '비율', '스플릿'].includes(term.text),
  );
  if (!spoken) return undefined;
  for (let at = 0; at + 2 < terms.length; at += 1) {
    const [first, sign, second] = [terms[at], terms[at + 1], terms[at + 2]];
    if (!first?.number || !second?.number || !['/', ':', '대', '-'].includes(sign?.text ?? '')) continue;
    const sum = first.number.value + second.number.value;
    if ((sum === 10 || sum === 100 || sum === 1) && second.number.value > 0) {
      return { share: Number((second.number.value / sum).toPrecision(6)), terms: [at, at + 1, at + 2] };
    }
  }
  return findPart(terms);
}

/** "half of the data for validation", "절반만 검증에": a part of the whole; to halve the share is said with a verb. */
function findPart(terms: Term[]): { share: number; terms: number[] } | undefined {
  const validation = terms.findIndex((term) => has(term, 'hp.validationSplit'));
  for (let at = Math.max(0, validation - 6); at < validation; at += 1) {
    const part = terms[at]?.concepts.find((concept) => concept.startsWith('factor.0'));
    const between = terms.slice(at + 1, validation);
    const only = between.every((term) => term.empty || has(term, 'only', 'noun.dataset', 'noun.image', 'pos.marker'));
    if (part && only && terms[at]?.text !== 'halve') {
      return { share: Number(part.slice('factor.'.length)), terms: [at, validation] };
    }
  }
  return undefined;
}

/** "at 224", "@ 384px": a number that can only be the size of a picture. */
export function findAtSize(terms: Term[], taken: ReadonlySet<number>): { value: number; terms: number[] } | undefined {
  for (let at = 0; at + 1 < terms.length; at += 1) {
    const value = terms[at + 1]?.number?.value ?? 0;
    if (taken.has(at) || taken.has(at + 1) || !['at', '@'].includes(terms[at]?.text ?? '')) continue;
    if (
      value < 96 ||
      value > 2048 ||
      value % 4 !== 0 ||
      (terms[at + 2]?.concepts ?? []).some((concept) => !['and', 'pos.marker', 'neg.before'].includes(concept))
    )
      continue;
    if (!has(terms[at - 1], 'hp.batchSize')) return { value, terms: [at, at + 1] };
  }
  return insteadOfSize(terms, taken);
}

const INSTEAD = new Set(['말고', '아니라', '대신', 'not']);
const isSize = (value: number) => value >= 96 && value <= 2048 && value % 32 === 0;

/** "640 말고 960으로", "not 640 but 960": of two sizes in pixels the second, where no word says what they are of. */
function insteadOfSize(terms: Term[], taken: ReadonlySet<number>): { value: number; terms: number[] } | undefined {
  const sizes = terms.flatMap((term, at) => (term.number && !taken.has(at) && isSize(term.number.value) ? [at] : []));
  const [first = -1, second = -1] = sizes;
  if (sizes.length !== 2 || second - first > 3) return undefined;
  const instead = terms.slice(Math.max(0, first - 1), second).some((term) => INSTEAD.has(term.text));
  const named = [first - 1, first - 2, second + 1, second + 2].some(
    (at) => !taken.has(at) && terms[at]?.concepts.some((concept) => /^(hp|unit)\./.test(concept)),
  );
  return instead && !named ? { value: terms[second]?.number?.value ?? 0, terms: [first, second] } : undefined;
}

/** "yolov8l 1280 배치 4": pixels right behind a network's name, `taken` by it, and of nothing else. */
export function findSizeBehindModel(
  terms: Term[],
  taken: ReadonlySet<number>,
  bound: ReadonlySet<number>,
): { value: number; terms: number[] } | undefined {
  const at = terms.findIndex(({ number }, i) => {
    const value = number?.digits && !bound.has(i) && !taken.has(i) && taken.has(i - 1) ? number.value : 0;
    return value >= 160 && value <= 2048 && value % 32 === 0;
  });
  const value = terms[at]?.number?.value;
  return value === undefined ? undefined : { value, terms: [at] };
}

/** AdamW @ 1e-3, "sgd 0.05", "at 6e-5": a rate beside an optimizer, where no other word says what the number is. */
export function findRate(terms: Term[], taken: ReadonlySet<number>): { value: number; terms: number[] } | undefined {
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at] as Term;
    const value = term.number && !term.number.percent ? term.number.value : 0;
    if (value <= 0 || value > 0.5 || taken.has(at)) continue;
    const before = terms[at - 1];
    const behind = ['/', ',', '|'].includes(before?.text ?? '') ? terms[at - 2] : before;
    // "3e-3, rmsprop": nothing else is written like that.
    const scientific = /e-\d/.test(term.text);
    // "5만분의 1 아니고 만분의 1로"
    const tiny = term.number?.fraction && value <= 0.01 && !isRejected(terms, at);
    if (scientific || tiny) return { value, terms: [at] };
    const isOptimizer = behind?.concepts.some((concept) => concept.startsWith('optimizer.'));
    const startsDecay =
      before?.text === 'from' &&
      terms
        .slice(Math.max(0, at - 4), at)
        .some((one) => has(one, 'noun.scheduler') || one.concepts.some((concept) => concept.startsWith('scheduler.')));
    if (isOptimizer || startsDecay || before?.text === '@' || (before?.text === 'at' && !isNamed(terms, at)))
      return { value, terms: [at - 1, at] };
  }
  return undefined;
}

/** "dropout at 0.3": the word before says what the number is of. */
function isNamed(terms: Term[], at: number): boolean {
  return terms
    .slice(Math.max(0, at - 3), at)
    .some((term) => term.concepts.some((concept) => concept.startsWith('hp.')));
}

/** 한 시간 반, "an hour and a half", "1 hr 30 min": hours that are said in two parts. */
export function findDuration(terms: Term[]): { hours: number; terms: number[] } | undefined {
  for (let at = 0; at < terms.length; at += 1) {
    const hour = has(terms[at], 'value.oneHour');
    if (!hour && !(terms[at]?.number && has(terms[at + 1], 'hp.maxHours'))) continue;
    const whole = hour ? 1 : (terms[at]?.number?.value ?? 0);
    let next = hour ? at + 1 : at + 2;
    const places = hour ? [at] : [at, at + 1];
    while (['and', 'a', ','].includes(terms[next]?.text ?? '')) next += 1;
    const rest = terms[next];
    if (rest?.text === '반' || has(rest, 'factor.0.5')) return { hours: whole + 0.5, terms: [...places, next] };
    const isMinutes = has(terms[next + 1], 'hp.maxMinutes') || terms[next + 1]?.text === '분';
    if (rest?.number && isMinutes && rest.number.value < 60)
      return {
        hours: Number((whole + rest.number.value / 60).toPrecision(6)),
        terms: [...places, next, next + 1],
      };
  }
  return undefined;
}
