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

type Item = { kind: 'number'; at: number } | { kind: 'quantity'; at: number; field: string };

const TRIED_TIMES = new Set(['번', '회', 'times', 'runs', 'tries', 'attempts', 'experiments', 'configurations']);

// In a list of key=value only.
const ABBREVIATIONS: Record<string, string> = {
  do: 'dropout',
  b: 'batchSize',
  e: 'epochs',
  wu: 'warmupEpochs',
  mom: 'momentum',
  size: 'imageSize',
  img: 'imageSize',
  res: 'imageSize',
  es: 'earlyStoppingPatience',
  사이즈: 'imageSize',
};
const ASSIGNS = new Set(['=', ':']);

function fieldOf(
  term: Term,
  around: { before?: Term; after?: Term },
  gpus: boolean,
  sweeps: boolean,
): string | undefined {
  const { before, after } = around;
  // A lone m is a million only right behind a number: 10M.
  if (term.text === 'm' || term.text === 'weights') return before?.number ? 'maxParamsM' : undefined;
  // "bs32 e40"
  if (term.text === 'e' && after?.number?.digits) return 'epochs';
  if (term.text === 'b' && after?.number?.digits && !before?.number) return 'batchSize';
  if (after && ASSIGNS.has(after.text) && ABBREVIATIONS[term.text]) return ABBREVIATIONS[term.text];
  if (before?.number && term.text === '분') return 'maxMinutes';
  if (before?.number && term.text === 'h') return 'maxHours';
  const tried = sweeps ? TRIED_TIMES.has(term.text) : ['tries', 'attempts'].includes(term.text);
  if (before?.number && tried) return 'trials';
  if (gpus && before?.number && ['장', '대', '대로'].includes(term.text)) return 'gpuCount';
  for (const concept of term.concepts) {
    if (concept.startsWith('hp.')) return concept.slice(3);
    if (concept === 'unit.pixel') return 'pixels';
    if (concept.startsWith('gpuType.')) return 'gpuType';
  }
  return undefined;
}

/** "img: 128", "이미지 1280": a number of pixels right behind the picture, unless pictures are counted. */
function isImageSize(terms: Term[], at: number): boolean {
  if (
    !['이미지', 'image', 'images', 'img', 'imgs', '사진', '입력', 'input', 'inputs', '인풋'].includes(
      terms[at]?.text ?? '',
    )
  )
    return false;
  const number = [at + 1, at + 2, at + 3].find((i) => terms[i]?.number) ?? 0;
  const value = terms[number]?.number?.value ?? 0;
  const between = terms.slice(at + 1, number);
  if (!between.every((term) => term.empty || term.text === ',' || /^(size|level)\./.test(term.concepts[0] ?? '')))
    return false;
  return (
    value >= 32 &&
    value <= 2048 &&
    value % 8 === 0 &&
    !has(terms[number + 1], 'unit.counter', 'noun.image', 'hp.numClasses', 'hp.epochs')
  );
}

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
function gap(terms: Term[], from: number, to: number): number {
  let cost = 0;
  for (let i = from; i < to; i += 1) {
    const term = terms[i];
    if (!term) continue;
    if (ASSIGNS.has(term.text)) cost -= 0.6;
    else if (has(term, 'neg.after') && !has(term, ...TRANSPARENT)) cost += 3;
    else if (STOPS.has(term.text)) cost += term.text === '?' ? 1.5 : 2.5;
    else if (has(term, 'and')) cost += term.text === ',' ? 1.6 : 1.7;
    else if (term.empty || has(term, ...TRANSPARENT)) cost += 0.05;
    else cost += 1.2;
  }
  return cost;
}

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
  // "1e-2 시도해봐" is no number of trials.
  if (quantity.field === 'trials' && !Number.isInteger(terms[number.at]?.number?.value))
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

/** "학습률이 너무 높아. 0.0001로 낮춰줘": one quantity and one number in the sentence behind it. */
function giveNumberToItsComplaint(terms: Term[], items: Item[], pairs: Map<number, number>): void {
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
function giveListToItsCount(terms: Term[], items: Item[], pairs: Map<number, number>): void {
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
function giveListToItsQuestion(terms: Term[], items: Item[], pairs: Map<number, number>): void {
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
function giveEpochsToTheirOwner(terms: Term[], items: Item[], pairs: Map<number, number>): void {
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

/** Whether only separators stand between two numbers, and whether they make a range. */
function listGap(terms: Term[], from: number, to: number): 'list' | 'range' | null {
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
function dropRepeated(terms: Term[], items: Item[]): void {
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

/** "lr은 0.01 말고 0.005": of two numbers of one quantity the first is named only to say that it is not the one. */
function dropRejected(terms: Term[], items: Item[]): void {
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

/** Whether a comma alone makes a list: "640, 80 epochs" gives two things, "try 40, 80 epochs" two values of one. */
function listsBeforeUnit(terms: Term[], from: number, to: number, count: number): boolean {
  if (count > 2 || saysIn(terms, 'verb.try', 'verb.sweep', 'verb.compare', 'all')) return true;
  return !terms.slice(from, to).every((term) => [',', '/', '|', '·', ';'].includes(term.text));
}

/** The 2) of "1) digits 2) resnet50". */
function isListMark(terms: Term[], at: number): boolean {
  return terms[at + 1]?.text === ')' && !terms.slice(Math.max(0, at - 8), at).some((term) => term.text === '(');
}

/** The numbers of a message with what they are of. `taken` are terms that belong to something else (a model's name). */
export function findQuantities(terms: Term[], taken: ReadonlySet<number>): Quantity[] {
  const items: Item[] = [];
  const memory = saysIn(terms, 'hp.memoryGb');
  const gpus = terms.some(
    (term) =>
      has(term, 'hp.gpuCount') ||
      (memory && ['카드', 'card', 'cards'].includes(term.text)) ||
      term.concepts.some((concept) => concept.startsWith('gpuType.')),
  );
  const sweeps = saysIn(terms, 'verb.sweep');
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at] as Term;
    if (taken.has(at)) continue;
    if (term.number && !isListMark(terms, at)) items.push({ kind: 'number', at });
    else if (term.number) continue;
    else {
      const field = isImageSize(terms, at)
        ? 'imageSize'
        : fieldOf(term, { before: terms[at - 1], after: terms[at + 1] }, gpus, sweeps);
      if (field) items.push({ kind: 'quantity', at, field });
    }
  }
  dropRepeated(terms, items);
  dropRejected(terms, items);
  const pairs = bind(terms, items);
  giveEpochsToTheirOwner(terms, items, pairs);
  giveListToItsQuestion(terms, items, pairs);
  giveListToItsCount(terms, items, pairs);
  giveNumberToItsComplaint(terms, items, pairs);
  const boundNumbers = new Set(pairs.values());
  const quantities: Quantity[] = [];
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
