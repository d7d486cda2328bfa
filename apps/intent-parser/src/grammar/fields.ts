import { Hyperparameters, Resources } from '@mallo/contracts';
import type { Fields } from './field-mentions.js';
import { findAtSize, findDuration, findRate, findSizeBehindModel, findSplit, findSquare } from './measures.js';
import { near, nearClause } from './near.js';
import { isRejected } from './negation.js';
import { findQuantities, type Quantity } from './quantities.js';
import { findSettings } from './settings-in-words.js';
import { directed, findSteps, joinedSettings } from './steps.js';
import { has, saysIn, type Term } from './terms.js';

const NUMERIC = new Set([
  'epochs',
  'batchSize',
  'learningRate',
  'imageSize',
  'weightDecay',
  'momentum',
  'dropout',
  'labelSmoothing',
  'seed',
  'earlyStoppingPatience',
  'warmupEpochs',
  'validationSplit',
]);

// The contract admits what a program could run; a learning rate above 1 trains nothing with any of its optimizers.
const LIMITS: Partial<Record<string, number>> = { learningRate: 1 };

/** Whether a training can be run with this value. */
export function isUsable(path: string, value: number): boolean {
  const [group, name] = path.split('.') as [string, string | undefined];
  if (path === 'numClasses') return Number.isInteger(value) && value >= 1 && value <= 1_000_000;
  const shape = group === 'hyperparameters' ? Hyperparameters.shape : Resources.shape;
  const schema = (shape as Record<string, { safeParse(value: unknown): { success: boolean } } | undefined>)[name ?? ''];
  return schema?.safeParse(value).success === true && value <= (LIMITS[name ?? ''] ?? Number.POSITIVE_INFINITY);
}

const ENDS_CLAUSE = new Set([',', '.', ';']);

const ends = (places: number[]): [number, number] => [places[0] ?? 0, (places.at(-1) ?? 0) + 1];

/** Everything a message says of how to train, by value. */
export function findFields(terms: Term[], taken: ReadonlySet<number>): Fields {
  const fields: Fields = {
    relative: [],
    open: [],
    found: [],
    refused: [],
    several: [],
    unwanted: [],
    stopsEarly: false,
    quantities: [],
  };
  const add = (path: string, value: unknown, from: number, to: number) => fields.found.push({ path, value, from, to });
  const hyper = (name: string, value: unknown, from: number, to = from + 1) =>
    add(`hyperparameters.${name}`, value, from, to);

  const square = findSquare(terms, taken);
  const split = findSplit(terms);
  const duration = findDuration(terms);
  const size = square ? undefined : findAtSize(terms, taken);
  const steps = findSteps(terms, taken);
  fields.relative.push(...steps.relative);
  const free = new Set(
    [taken, square?.terms, split?.terms, duration?.terms, size?.terms, steps.terms].flatMap((places) => [
      ...(places ?? []),
    ]),
  );
  if (square) {
    const [from, to] = ends(square.terms.slice(-3));
    if (square.width !== square.height)
      fields.refused.push({
        path: 'hyperparameters.imageSize',
        value: Math.max(square.width, square.height),
        from,
        to,
      });
    else if (isUsable('hyperparameters.imageSize', square.width)) hyper('imageSize', square.width, from, to);
    else fields.refused.push({ path: 'hyperparameters.imageSize', value: square.width, from, to });
  }
  if (split) hyper('validationSplit', split.share, ...ends(split.terms));

  if (duration) add('resources.maxHours', duration.hours, ...ends(duration.terms));
  if (size) hyper('imageSize', size.value, ...ends(size.terms));

  const quantities = findQuantities(terms, free);
  fields.quantities = quantities;
  for (const quantity of quantities) readQuantity(quantity, terms, fields);
  const bound = new Set(quantities.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)));
  const rate = saysIn(terms, 'hp.learningRate') ? undefined : findRate(terms, new Set([...free, ...bound]));
  if (rate) hyper('learningRate', rate.value, ...ends(rate.terms));

  const behind = findSizeBehindModel(terms, taken, bound);
  if (behind && !fields.found.some(({ path }) => path === 'hyperparameters.imageSize'))
    hyper('imageSize', behind.value, ...ends(behind.terms));

  findCorrected(terms, new Set([...free, ...bound]), fields);
  findRelative(terms, fields);
  findCountedThings(terms, free, fields);

  // "0.1, 0.01, 0.001 세 가지로": the number of values is no number of classes.
  fields.found = fields.found.filter(
    (one) =>
      one.path !== 'numClasses' ||
      !fields.several.some(({ values, to }) => values.length === one.value && one.from >= to && one.from <= to + 1),
  );
  findSettings(terms, taken, fields);
  // "batch -1, no, batch 16": who says a thing twice means the last.
  fields.refused = fields.refused.filter(
    (one) => !fields.found.some((found) => found.path === one.path && found.from > one.from),
  );
  return fields;
}

/** "stop when it does not improve for 5 epochs", "5에폭 동안 개선 없으면": these epochs are waited, not trained. */
function isPatience(terms: Term[], from: number, to: number): boolean {
  const before = terms.slice(Math.max(0, from - 4), from);
  const after = terms.slice(to, to + 4);
  // "200에폭인데 15에폭 동안 나아지지 않으면": the nearer number is the one that is waited.
  const clauseEnd = after.findIndex((term) => ENDS_CLAUSE.has(term.text) || term.number !== undefined);
  const clauseStart = before.findLastIndex((term) => ENDS_CLAUSE.has(term.text));
  return [...before.slice(clauseStart + 1), ...(clauseEnd < 0 ? after : after.slice(0, clauseEnd))].some((term) =>
    has(term, 'improvement'),
  );
}

function readQuantity(quantity: Quantity, terms: Term[], fields: Fields): void {
  const { from, to } = quantity;
  const last = quantity.values.at(-1) ?? 0;
  const limited = terms.slice(Math.max(0, from - 3), to + 2).some((term) => has(term, 'limit.max'));
  const put = (path: string, value: number) => {
    const list = isUsable(path, value) ? fields.found : fields.refused;
    list.push({ path, value, from, to });
  };
  const field =
    quantity.field === 'pixels'
      ? 'imageSize'
      : quantity.field === 'epochs' && isPatience(terms, from, to)
        ? 'earlyStoppingPatience'
        : quantity.field;
  if (field === 'maxParamsM') {
    fields.maxParamsM = last >= 10_000 ? last / 1e6 : last;
    return;
  }
  if (field === 'trials') {
    fields.trials = last;
    return;
  }
  const resource = resourceOf(field, last, limited || terms.slice(from, to).some((term) => /일/.test(term.text)));
  if (resource) {
    put(resource.path, resource.value);
    return;
  }
  if (!NUMERIC.has(field)) return;
  // "학습률 0.1, 30 60 90에서 떨어지게": what no training could use is not of the list.
  const tries = saysIn(terms, 'verb.try', 'verb.sweep', 'verb.compare');
  const [first = 0, ...others] = quantity.values;
  const path = `hyperparameters.${field}`;
  if (!tries && isUsable(path, first) && others.length > 0 && !others.some((other) => isUsable(path, other))) {
    put(path, first);
    return;
  }
  if (quantity.values.length > 1) {
    const pixels = sizeBehindBatch(field, quantity, terms);
    if (pixels !== undefined) {
      put('hyperparameters.batchSize', quantity.values[0] ?? 0);
      put('hyperparameters.imageSize', pixels);
      return;
    }
    fields.several.push({ name: field, values: quantity.values, range: quantity.range, from, to });
    return;
  }
  let value = last;
  if (quantity.percent) value = Number((last / 100).toPrecision(12));
  else if (field === 'validationSplit' && last > 1 && last < 100) value = last / 100;
  put(`hyperparameters.${field}`, value);
}

/** "배치 32, 640": the second of two numbers is the size of the pictures, unless values are being tried. */
function sizeBehindBatch(field: string, { values, range }: Quantity, terms: Term[]): number | undefined {
  const [batch = 0, pixels = 0] = values;
  if (field !== 'batchSize' || values.length !== 2 || range) return undefined;
  if (saysIn(terms, 'verb.try', 'verb.sweep', 'verb.compare', 'vs')) return undefined;
  return pixels >= 96 && pixels <= 2048 && pixels % 32 === 0 && pixels >= 5 * batch ? pixels : undefined;
}

/** The classes and resources that a number may give, in the units of the contract. */
function resourceOf(field: string, value: number, limited: boolean): { path: string; value: number } | undefined {
  switch (field) {
    case 'numClasses':
      return { path: 'numClasses', value };
    case 'maxHours':
      return { path: 'resources.maxHours', value };
    case 'maxMinutes':
      return { path: 'resources.maxHours', value: Number((value / 60).toPrecision(6)) };
    case 'maxDays':
      return limited ? { path: 'resources.maxHours', value: value * 24 } : undefined;
    case 'memoryGb':
      return { path: 'resources.memoryGb', value };
    case 'gpuCount':
      return { path: 'resources.gpuCount', value };
    default:
      return undefined;
  }
}

const CHANGES = new Set([
  '바꾸다',
  '변경',
  '수정',
  '조정',
  '조절',
  '고치다',
  '늘리다',
  '줄이다',
  '올리다',
  '낮추다',
  '내리다',
  '높이다',
  '키우다',
  '깎다',
  'change',
  'increase',
  'decrease',
  'reduce',
  'raise',
  'lower',
  'bump',
  'update',
]);

const MORE_OR_LESS = new Set(['bigger', 'larger', 'smaller', 'higher', 'longer', 'shorter', 'lower']);

const BETWEEN_CORRECTED = [
  'correction',
  'and',
  'deny',
  'range.to',
  'adjective',
  'size.large',
  'size.small',
  'level.heavy',
  'level.light',
];

/** "20 epochs, sorry, 25", "배치 16, 아니 32": a number alone behind a word of correction is of what was said last. */
function findCorrected(terms: Term[], taken: ReadonlySet<number>, fields: Fields): void {
  terms.forEach((term, at) => {
    const value = term.number?.value;
    if (value === undefined || taken.has(at)) return;
    const last = fields.found.findLast((one) => one.to <= at && typeof one.value === 'number');
    if (!last || at - last.to > 6) return;
    const between = terms.slice(last.to, at);
    const corrects = between.some(
      (one) => has(one, 'correction') || ['no', 'nope', 'not', 'too', '너무'].includes(one.text),
    );
    if (!corrects || !between.every((one) => one.empty || one.text === 'no' || has(one, ...BETWEEN_CORRECTED))) return;
    if (isUsable(last.path, value)) Object.assign(last, { value, to: at + 1 });
  });
}

/** "배치를 두 배로", "halve the learning rate"; and "학습률 좀 낮춰줘", which leaves open to what. */
function findRelative(terms: Term[], fields: Fields): void {
  const spoken = [...NUMERIC].filter((name) => saysIn(terms, `hp.${name}`));
  if (spoken.length === 0) return;
  terms.forEach((term, at) => {
    // "배치 반", and nothing else behind it
    const half = term.text === '반' && [at - 1, at - 2].some((i) => spoken.some((name) => has(terms[i], `hp.${name}`)));
    const factor = half ? 'factor.0.5' : term.concepts.find((concept) => concept.startsWith('factor.'));
    // "make the epochs bigger"
    const grows =
      MORE_OR_LESS.has(term.text) && terms.slice(Math.max(0, at - 4), at).some((one) => has(one, 'verb.make'));
    if ((!factor && !grows && !CHANGES.has(term.text)) || (factor && isRejected(terms, at))) return;
    const reach = factor && spoken.length === 1 ? near : nearClause;
    const named = spoken
      .map((name) => ({ name, at: reach(terms, at, reach === near ? 8 : 3, `hp.${name}`) }))
      .find((one) => one.at !== undefined);
    if (named?.at === undefined) return;
    const path = `hyperparameters.${named.name}`;
    const given = [...fields.found, ...fields.refused, ...fields.relative].some((one) => one.path === path);
    if (given || fields.several.some((one) => one.name === named.name)) return;
    // "lr 낮추는 스케줄러" says what the schedule does.
    if (!factor && term.describes) return;
    if (!factor) fields.open.push(path);
    else {
      const [from, to] = [Math.min(at, named.at), Math.max(at, named.at) + 1];
      const by = directed(terms, at, Number(factor.slice('factor.'.length)));
      for (const { name } of [named, ...joinedSettings(terms, named.at)])
        fields.relative.push({ path: `hyperparameters.${name}`, factor: by, offset: 0, from, to });
    }
  });
  fields.open = [...new Set(fields.open)].filter((path) => !fields.relative.some((one) => one.path === path));
}

/** "4 leaf diseases": things counted are classes, where no other word says what the number is of. */
function findCountedThings(terms: Term[], taken: ReadonlySet<number>, fields: Fields): void {
  if (fields.found.some((found) => found.path === 'numClasses')) return;
  const bound = new Set(
    fields.quantities.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)),
  );
  terms.forEach((term, at) => {
    const value = term.number?.value ?? 0;
    if (!Number.isInteger(value) || value < 2 || value > 1000 || taken.has(at) || bound.has(at)) return;
    let end = at + 1;
    while (terms[end] && (terms[end]?.subjects.length ?? 0) > 0 && !has(terms[end], 'unit.counter')) end += 1;
    const last = terms[end - 1];
    if (
      end === at + 1 ||
      !/^[a-z]+s$/.test(last?.text ?? '') ||
      has(terms[end], 'noun.image', 'noun.dataset', 'hp.numClasses')
    )
      return;
    if (!fields.found.some((found) => found.path === 'numClasses'))
      fields.found.push({ path: 'numClasses', value, from: at, to: end });
  });
}
