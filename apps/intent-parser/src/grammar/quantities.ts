import { type Item, itemsOf } from './quantity-items.js';
import {
  dropGivenUp,
  dropRejected,
  dropRepeated,
  gap,
  giveEpochsToTheirOwner,
  giveListToItsCount,
  giveListToItsQuestion,
  giveNumberToItsComplaint,
  listGap,
  takeWholes,
} from './quantity-owners.js';
import { has, saysIn, type Term } from './terms.js';

/** A number that was tied to the quantity it gives. Several numbers: a list to try; `range`: its two ends. */
export type Quantity = {
  field: string;
  values: number[];
  percent: boolean;
  range: boolean;
  /** Term indexes, [from, to). */
  from: number;
  to: number;
};

/** Whether a quantity's number usually stands before it (3 epochs, 세 종류) or after it (batch 64, 학습률 0.1). */
const NUMBER_BEFORE = new Set([
  'epochs',
  'numClasses',
  'maxHours',
  'maxMinutes',
  'maxDays',
  'memoryGb',
  'gpuCount',
  'pixels',
  'maxParamsM',
  'trials',
  'gpuType',
  'ignored',
]);

const COUNTED = new Set(['batchSize', 'epochs', 'imageSize', 'numClasses', 'trials', 'seed', 'warmupEpochs']);

const UNBOUND_QUANTITY = 3;
const UNBOUND_NUMBER = 2;
const FAR = 3;

function unboundCost(item: Item): number {
  if (item.kind === 'number') return UNBOUND_NUMBER;
  // A100 needs no number: it says which GPU, and only sometimes how many.
  return item.field === 'gpuType' ? 0 : UNBOUND_QUANTITY;
}

function bindingCost(terms: Term[], first: Item, second: Item): number {
  const quantity = first.kind === 'quantity' ? first : second;
  if (quantity.kind !== 'quantity' || first.kind === second.kind) return Number.POSITIVE_INFINITY;
  const number = first.kind === 'number' ? first : second;
  // "1e-2 시도해봐" is no number of trials, "1e-3 on wine labels" none of classes.
  // The last of "배치 16/32 조합" is of the list.
  const listed = terms[number.at - 1]?.text === '/' && terms[number.at - 2]?.number !== undefined;
  if (quantity.field === 'trials' && listed && number.at < quantity.at) return Number.POSITIVE_INFINITY;
  if (['trials', 'numClasses'].includes(quantity.field) && !Number.isInteger(terms[number.at]?.number?.value))
    return Number.POSITIVE_INFINITY;
  const distance = gap(terms, first.at + 1, second.at);
  if (distance > FAR) return Number.POSITIVE_INFINITY;
  const usual = (first.kind === 'number') === NUMBER_BEFORE.has(quantity.field);
  return distance + (usual ? 0 : 1.1);
}

/**
 * Ties each number to the quantity beside it so that the whole message is explained best: in "배치 64 에폭 30" the
 * 64 stands before 에폭, where its number usually is, but belongs to 배치. Dynamic programming over the items.
 */
function bind(terms: Term[], items: Item[]): Map<number, number> {
  type State = { cost: number; bound: [number, number][] | null; previous: State | null };
  let free: State = { cost: 0, bound: null, previous: null };
  let used: State | null = null;
  for (let i = 0; i < items.length; i += 1) {
    const item = items[i] as Item;
    const skip = unboundCost(item);
    const best: State = used && used.cost <= free.cost ? used : free;
    const nextFree: State = { cost: best.cost + skip, bound: null, previous: best };
    let nextUsed: State | null = null;
    const before = items[i - 1];
    if (before) {
      const cost = bindingCost(terms, before, item);
      const refund = unboundCost(before);
      if (Number.isFinite(cost)) {
        nextUsed = { cost: free.cost - refund + cost, bound: [[i - 1, i]], previous: free };
      }
    }
    free = nextFree;
    used = nextUsed;
  }
  const pairs = new Map<number, number>();
  for (let state: State | null = used && used.cost <= free.cost ? used : free; state; state = state.previous) {
    for (const [a, b] of state.bound ?? []) {
      const [numberItem, quantityItem] = items[a]?.kind === 'number' ? [a, b] : [b, a];
      pairs.set(quantityItem, numberItem);
    }
  }
  return pairs;
}

/** Whether a comma alone makes a list: "640, 80 epochs" gives two things, "try 40, 80 epochs" two values of one. */
function listsBeforeUnit(terms: Term[], from: number, to: number, count: number): boolean {
  if (count > 2 || saysIn(terms, 'verb.try', 'verb.sweep', 'verb.compare', 'all')) return true;
  return !terms.slice(from, to).every((term) => [',', '/', '|', '·', ';'].includes(term.text));
}

/** The numbers of a message with what they are of. `taken` are terms that belong to something else (a model's name). */
export function findQuantities(terms: Term[], taken: ReadonlySet<number>): Quantity[] {
  const items = itemsOf(terms, taken);
  dropRepeated(terms, items);
  dropRejected(terms, items);
  dropGivenUp(terms, items);
  const wholes = takeWholes(terms, items);
  const pairs = bind(terms, items);
  giveEpochsToTheirOwner(terms, items, pairs);
  giveListToItsQuestion(terms, items, pairs);
  giveListToItsCount(terms, items, pairs);
  giveNumberToItsComplaint(terms, items, pairs);
  const boundNumbers = new Set(pairs.values());
  const quantities: Quantity[] = wholes.map((at) => ({
    field: 'epochs',
    values: [terms[at]?.number?.value ?? 0],
    percent: false,
    range: false,
    from: at,
    to: at + 1,
  }));
  for (const [quantityItem, numberItem] of pairs) {
    const quantity = items[quantityItem];
    if (quantity?.kind !== 'quantity') continue;
    const numbers = [numberItem];
    let range = false;
    // Further numbers beside it, on the side away from the quantity, are a list: 배치 16, 32, 64.
    const grow = (step: 1 | -1) => {
      for (let i = numberItem + step; items[i]?.kind === 'number' && !boundNumbers.has(i); i += step) {
        const [a, b] = step > 0 ? [i - 1, i] : [i, i + 1];
        const kind = listGap(terms, (items[a]?.at ?? 0) + 1, items[b]?.at ?? 0);
        if (!kind) break;
        // "batch 64, 1e-4": a part of one is none of what is counted.
        const value = terms[items[i]?.at ?? 0]?.number?.value ?? 0;
        if (COUNTED.has(quantity.field) && !Number.isInteger(value)) break;
        // "between 1e-4 and 1e-2, 12 tries": two are all that a range has.
        const head = items[Math.min(...numbers)]?.at ?? 0;
        if (numbers.length > 1 && has(terms[head - 1], 'range.end')) break;
        range ||= kind === 'range';
        if (step > 0) numbers.push(i);
        else numbers.unshift(i);
      }
    };
    grow(quantityItem < numberItem ? 1 : -1);
    if (numbers.length === 1) grow(quantityItem < numberItem ? -1 : 1);
    const [before, after] = [items[numbers[0] ?? 0]?.at ?? 0, items[numbers.at(-1) ?? 0]?.at ?? 0];
    if (
      NUMBER_BEFORE.has(quantity.field) &&
      numbers.length > 1 &&
      !listsBeforeUnit(terms, before + 1, after, numbers.length)
    )
      numbers.splice(0, numbers.length, numberItem);
    const [head, tail] = [items[numbers[0] ?? 0]?.at ?? 0, items[numbers.at(-1) ?? 0]?.at ?? 0];
    // "between a and b", "a와 b 사이": the word stands outside the two.
    range ||=
      numbers.length === 2 &&
      (has(terms[head - 1], 'range.end') || has(terms[tail + 1], 'range.end') || has(terms[tail + 2], 'range.end'));
    const positions = [...numbers.map((i) => items[i]?.at ?? 0), quantity.at];
    const values = numbers.map((i) => terms[items[i]?.at ?? 0]?.number);
    quantities.push({
      field: quantity.field === 'gpuType' ? 'gpuCount' : quantity.field,
      values: values.map((value) => value?.value ?? 0),
      percent: values.some((value) => value?.percent),
      range: range && numbers.length === 2,
      from: Math.min(...positions),
      to: Math.max(...positions) + 1,
    });
  }
  return quantities.sort((a, b) => a.from - b.from);
}
