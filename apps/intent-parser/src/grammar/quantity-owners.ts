import { ASSIGNS, type Item } from './quantity-items.js';
import { has, type Term } from './terms.js';

// "8 because of memory"
const REASONS = new Set(['because', 'since', 'so', '때문', '때문에']);
const STOPS = new Set(['.', ';', '!', '?', '\n']);
// Words between a quantity and its number that say nothing: "to", "of", "를", "약" are terms without meaning anyway.
const TRANSPARENT = [
  'verb.change',
  'verb.try',
  'pos.marker',
  'unit.counter',
  'limit.max',
  'only',
  'verb.raise',
  'range.end',
  'noun.image',
  'verb.make',
];

/** How loosely two items hang together, by what stands between them; above 3 they do not. */
export function gap(terms: Term[], from: number, to: number): number {
  let cost = 0;
  for (let i = from; i < to; i += 1) {
    const term = terms[i];
    if (!term) continue;
    if (ASSIGNS.has(term.text)) cost -= 0.6;
    else if (has(term, 'neg.after') && !has(term, ...TRANSPARENT)) cost += 3;
    else if (REASONS.has(term.text)) cost += 2;
    else if (STOPS.has(term.text)) cost += term.text === '?' ? 1.5 : 2.5;
    else if (has(term, 'and')) cost += term.text === ',' ? 1.6 : 1.7;
    else if (term.empty || has(term, ...TRANSPARENT)) cost += 0.05;
    else cost += 1.2;
  }
  return cost;
}

/** "학습률이 너무 높아. 0.0001로 낮춰줘": one quantity and one number in the sentence behind it. */
export function giveNumberToItsComplaint(terms: Term[], items: Item[], pairs: Map<number, number>): void {
  if (pairs.size > 0 || items.length !== 2) return;
  const [quantity, number] = items;
  if (quantity?.kind !== 'quantity' || number?.kind !== 'number' || !TRIED.has(quantity.field)) return;
  const changes = terms.slice(number.at, number.at + 4).some((term) => has(term, 'verb.change', 'verb.make'));
  const before = terms
    .slice(Math.max(0, number.at - 3), number.at)
    .some((term) => has(term, 'verb.change', 'verb.make'));
  if (changes || before) pairs.set(0, 1);
}

// Who counts the values names few quantities; looking through a long text for lists would only cost time.
const MOST_COUNTED = 6;

/** "try three batch sizes on shoes: 16, 32, 64": the first number counts the values. */
export function giveListToItsCount(terms: Term[], items: Item[], pairs: Map<number, number>): void {
  if (pairs.size > MOST_COUNTED) return;
  for (const [quantity, number] of pairs) {
    const [named, counted] = [items[quantity], items[number]];
    const count = terms[counted?.at ?? -1]?.number?.value ?? 0;
    if (named?.kind !== 'quantity' || !TRIED.has(named.field) || count < 2 || count > 9 || number > quantity) continue;
    const bound = new Set(pairs.values());
    const free = items.flatMap((item, i) => (item.kind === 'number' && !bound.has(i) && i > quantity ? [i] : []));
    const first = free[0];
    const inARow = free.every((i, at) => at === 0 || i === (free[at - 1] ?? 0) + 1);
    if (first !== undefined && free.length === count && inARow) pairs.set(quantity, first);
  }
}

/** "which batch size is best for cats: 8, 16 or 32?": one list and one quantity, however far apart. */
export function giveListToItsQuestion(terms: Term[], items: Item[], pairs: Map<number, number>): void {
  const bound = new Set(pairs.values());
  const open = items.flatMap((item, i) =>
    item.kind === 'quantity' && TRIED.has(item.field) && !pairs.has(i) ? [i] : [],
  );
  const [quantity] = open;
  if (quantity === undefined || open.length > 1) return;
  for (let i = quantity + 1; i + 1 < items.length; i += 1) {
    const [first, second] = [items[i], items[i + 1]];
    if (first?.kind !== 'number' || second?.kind !== 'number' || bound.has(i) || bound.has(i + 1)) continue;
    if (!listGap(terms, first.at + 1, second.at)) continue;
    pairs.set(quantity, i);
    return;
  }
}

const TRIED = new Set(['batchSize', 'learningRate', 'imageSize', 'dropout', 'weightDecay', 'epochs', 'momentum']);

const COUNTED_IN_EPOCHS = new Set(['earlyStoppingPatience', 'warmupEpochs']);

/** In "early stopping after 6 epochs" and "5 에폭 웜업" the epochs are the unit of the other quantity. */
export function giveEpochsToTheirOwner(terms: Term[], items: Item[], pairs: Map<number, number>): void {
  items.forEach((item, i) => {
    if (item.kind !== 'quantity' || !COUNTED_IN_EPOCHS.has(item.field) || pairs.has(i)) return;
    // Either "웜업 5 에폭" or "5 에폭 웜업": the three stand side by side.
    for (const [unit, number] of [
      [i + 2, i + 1],
      [i - 1, i - 2],
    ] as const) {
      const other = items[unit];
      if (other?.kind !== 'quantity' || other.field !== 'epochs' || pairs.get(unit) !== number) continue;
      const places = [i, unit, number].map((index) => items[index]?.at ?? 0).sort((x, y) => x - y) as [
        number,
        number,
        number,
      ];
      if (gap(terms, places[0] + 1, places[1]) >= 1.5 || gap(terms, places[1] + 1, places[2]) >= 1.5) continue;
      pairs.delete(unit);
      pairs.set(i, number);
      return;
    }
  });
}

/** "5 warmup epochs out of 50": the numbers of epochs that some others are a part of; they are given to nothing else. */
export function takeWholes(terms: Term[], items: Item[]): number[] {
  const wholes: number[] = [];
  items.forEach((item, i) => {
    const outOf =
      (terms[item.at - 1]?.text === 'of' && terms[item.at - 2]?.text === 'out') ||
      (terms[item.at + 1]?.text === 'in' && terms[item.at + 2]?.text === 'total');
    const part = items
      .slice(Math.max(0, i - 4), i)
      .some((one) => one.kind === 'quantity' && COUNTED_IN_EPOCHS.has(one.field));
    if (item.kind === 'number' && outOf && part) wholes.push(item.at);
  });
  items.splice(0, items.length, ...items.filter((item) => !wholes.includes(item.at)));
  return wholes;
}

/** Whether only separators stand between two numbers, and whether they make a range. */
export function listGap(terms: Term[], from: number, to: number): 'list' | 'range' | null {
  let range = false;
  let separated = false;
  for (let i = from; i < to; i += 1) {
    const term = terms[i];
    if (has(term, 'range.to') || term?.text === 'upto') range = true;
    else if (has(term, 'and')) separated = true;
    else if (term?.text === '-') range = true;
    else if (!(term?.empty && ['에', '에서'].includes(term.text)) && !has(term, 'vs')) return null;
    else separated = true;
  }
  if (range) return 'range';
  if (separated) return 'list';
  return terms[from - 1]?.number?.digits && terms[to]?.number?.digits ? 'list' : null;
}

/** "메모리 80기가", "80 GB of memory": one quantity that is named on both sides of its number. */
export function dropRepeated(terms: Term[], items: Item[]): void {
  for (let i = items.length - 1; i >= 2; i -= 1) {
    const [first, middle, last] = [items[i - 2], items[i - 1], items[i]];
    if (last?.kind !== 'quantity' || first === undefined || middle === undefined) continue;
    if (gap(terms, first.at + 1, middle.at) + gap(terms, middle.at + 1, last.at) > 0.7) continue;
    // "200에폭인데 15에폭": the first has a number of its own.
    const own = items[i - 3];
    const counted =
      first.kind === 'quantity' &&
      first.field === 'epochs' &&
      own?.kind === 'number' &&
      gap(terms, own.at + 1, first.at) < 0.3;
    if (first.kind === 'quantity' && middle.kind === 'number' && first.field === last.field) {
      if (!counted) items.splice(i - 2, 1);
    } else if (first.kind === 'number' && middle.kind === 'quantity' && middle.field === last.field) items.splice(i, 1);
  }
}

const REJECTS_FOR_NEXT = new Set(['말고', '아니라', '아니고', '대신', '대신에']);

/**
 * "instead of training for 10 epochs do 25": the first number is named only to say that it is not the one. In "instead of
 * 10 epochs use batch 64" its quantity is too: nothing is said of how many there shall be.
 */
export function dropGivenUp(terms: Term[], items: Item[]): void {
  for (let i = items.length - 3; i >= 0; i -= 1) {
    const [first, quantity, second, after, last] = items.slice(i, i + 5);
    if (first?.kind !== 'number' || quantity?.kind !== 'quantity' || !second) continue;
    const before = terms.slice(Math.max(0, first.at - 4), first.at);
    if (!before.some((term) => ['insteadof', 'ratherthan'].includes(term.text))) continue;
    if (second.at - quantity.at > 4) continue;
    const isNear = (one: Item | undefined, other: Item | undefined) => one && other && other.at - one.at <= 2;
    // "do 25 with batch size 64": the 25 is of nothing but what was given up.
    const hasOwner =
      second.kind === 'quantity'
        ? after?.kind === 'number' && isNear(second, after)
        : after?.kind === 'quantity' && isNear(second, after) && !(last?.kind === 'number' && isNear(after, last));
    if (hasOwner) items.splice(i, 2);
    else if (second.kind === 'number') items.splice(i, 1);
  }
}

/** "lr은 0.01 말고 0.005": of two numbers of one quantity the first is named only to say that it is not the one. */
export function dropRejected(terms: Term[], items: Item[]): void {
  for (let i = items.length - 2; i >= 0; i -= 1) {
    const [before, first, second, after] = [items[i - 1], items[i], items[i + 1], items[i + 2]];
    if (first?.kind !== 'number' || second?.kind !== 'number' || second.at - first.at > 4) continue;
    if (!terms.slice(first.at + 1, second.at).some((term) => REJECTS_FOR_NEXT.has(term.text))) continue;
    // "학습률 0.01 말고 64 배치로": another thing altogether.
    const owner = after?.kind === 'quantity' && after.at - second.at <= 2 ? after.field : undefined;
    if (before?.kind === 'quantity' && owner && owner !== before.field) continue;
    items.splice(i, 1);
  }
}
