import { Hyperparameters, Resources } from '@mallo/contracts';
import { isNegated } from './negation.js';
import { findQuantities, type Quantity } from './quantities.js';
import { has, type Term } from './terms.js';

/** A value said in the message, and by which terms. */
export type Found = { path: string; value: unknown; from: number; to: number };
/** A value said with which nothing can be trained. */
export type Refused = { path: string; value: number; from: number; to: number };
/** Several values of one hyperparameter, to be tried one after the other, or a range of them. */
export type Several = { name: string; values: number[]; range: boolean; from: number; to: number };

/** A value said in terms of the one before: twice the batch size. */
export type Relative = { path: string; factor: number; from: number; to: number };

export type Fields = {
  relative: Relative[];
  /** Hyperparameters that are to be changed without a word on what to. */
  open: string[];
  found: Found[];
  refused: Refused[];
  several: Several[];
  trials?: number;
  maxParamsM?: number;
  unwanted: string[];
  /** Early stopping is asked for, without a number of epochs. */
  stopsEarly: boolean;
  quantities: Quantity[];
};

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

const ENUMS: [string, string, string[]][] = [
  ['optimizer', 'optimizer', ['adam', 'adamw', 'sgd', 'rmsprop']],
  ['scheduler', 'scheduler', ['cosine', 'step', 'linear', 'plateau', 'constant']],
  ['precision', 'precision', ['fp32', 'fp16', 'bf16']],
];

/** Whether one of the concepts stands within `reach` terms of a term. */
function near(terms: Term[], at: number, reach: number, ...concepts: string[]): number | undefined {
  for (let step = 1; step <= reach; step += 1) {
    for (const i of [at - step, at + step]) if (has(terms[i], ...concepts)) return i;
  }
  return undefined;
}

function nearClause(terms: Term[], at: number, reach: number, ...concepts: string[]): number | undefined {
  const i = near(terms, at, reach, ...concepts);
  if (i === undefined) return undefined;
  const between = terms.slice(Math.min(i, at) + 1, Math.max(i, at));
  return between.some((term) => [',', '.', ';'].includes(term.text)) ? undefined : i;
}

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
  const free = new Set([...taken, ...(square?.terms ?? []), ...(split?.terms ?? [])]);
  if (square) {
    const from = square.terms[0] ?? 0;
    const to = (square.terms.at(-1) ?? 0) + 1;
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
  if (split) hyper('validationSplit', split.share, split.terms[0] ?? 0, (split.terms.at(-1) ?? 0) + 1);

  const quantities = findQuantities(terms, free);
  fields.quantities = quantities;
  for (const quantity of quantities) readQuantity(quantity, terms, fields);

  findRelative(terms, fields);
  findCountedThings(terms, free, fields);

  terms.forEach((term, at) => {
    if (taken.has(at)) return;
    for (const [concept, name, values] of ENUMS) {
      const value = values.find((one) => has(term, `${concept}.${one}`));
      if (value && !isNegated(terms, at)) hyper(name, value, at);
    }
    for (const bare of ['step', 'linear', 'constant']) {
      const noun = has(term, `bare.${bare}`) && nearClause(terms, at, 3, 'noun.scheduler', 'hp.learningRate');
      if (noun !== undefined && noun !== false && !isNegated(terms, at))
        hyper('scheduler', bare, Math.min(at, noun), Math.max(at, noun) + 1);
    }
    if (
      has(term, 'scheduler.none') ||
      (has(term, 'noun.scheduler') && isNegated(terms, at) && !near(terms, at, 2, 'scheduler.cosine'))
    )
      hyper('scheduler', 'constant', at);
    if (has(term, 'augmentation')) readAugmentation(terms, at, hyper);
    if (has(term, 'scratch') && !isNegated(terms, at)) hyper('pretrained', false, at);
    if (has(term, 'pretrained')) hyper('pretrained', !isNegated(terms, at), at);
    if (has(term, 'finetune') && !isNegated(terms, at)) hyper('pretrained', true, at);
    if (has(term, 'head.only') && !isNegated(terms, at)) hyper('freezeBackbone', true, at);
    if (has(term, 'backbone')) readBackbone(terms, at, hyper);
    if (has(term, 'hp.earlyStoppingPatience') && isNegated(terms, at)) fields.unwanted.push('earlyStoppingPatience');
    else if (
      has(term, 'hp.earlyStoppingPatience') &&
      !quantities.some((quantity) => quantity.field === 'earlyStoppingPatience')
    ) {
      fields.stopsEarly = true;
    }
    if (has(term, 'hp.dropout') && isNegated(terms, at)) hyper('dropout', 0, at);
    if (has(term, 'hp.labelSmoothing') && isNegated(terms, at)) hyper('labelSmoothing', 0, at);
    if (has(term, 'hp.weightDecay') && isNegated(terms, at)) hyper('weightDecay', 0, at);
    if (has(term, 'hp.warmupEpochs') && isNegated(terms, at)) hyper('warmupEpochs', 0, at);
    if (has(term, 'binary') && near(terms, at, 3, 'task.classification') !== undefined)
      add('numClasses', 2, at, at + 1);
    const gpu = term.concepts.find((concept) => concept.startsWith('gpuType.'));
    const oneGpu =
      (gpu || has(term, 'hp.gpuCount')) &&
      (terms[at + 1]?.text === '하나' || ['single', 'one'].includes(terms[at - 1]?.text ?? ''));
    if (oneGpu && !quantities.some((quantity) => quantity.field === 'gpuCount'))
      add(
        'resources.gpuCount',
        1,
        Math.min(at, terms[at + 1]?.text === '하나' ? at : at - 1),
        terms[at + 1]?.text === '하나' ? at + 2 : at + 1,
      );
    if (gpu) add('resources.gpuType', gpu.slice('gpuType.'.length), at, at + 1);
    if (has(term, 'cpu') && !isNegated(terms, at)) add('resources.gpuCount', 0, at, at + 1);
    const limited = near(terms, at, 3, 'limit.max') !== undefined;
    if (has(term, 'value.oneDay') && limited) add('resources.maxHours', 24, at, at + 1);
    if (has(term, 'value.halfDay') && limited) add('resources.maxHours', 12, at, at + 1);
    if (has(term, 'value.oneHour')) add('resources.maxHours', 1, at, at + 1);
    // AdamW @ 1e-3
    const rate = term.text === '@' ? terms[at + 1]?.number : undefined;
    if (rate && rate.value > 0 && rate.value < 1) hyper('learningRate', rate.value, at, at + 2);
    if (has(term, 'value.halfHour')) add('resources.maxHours', 0.5, at, at + 1);
  });
  return fields;
}

type AddHyper = (name: string, value: unknown, from: number, to?: number) => void;

function readAugmentation(terms: Term[], at: number, hyper: AddHyper): void {
  if (isNegated(terms, at)) {
    hyper('augmentation', 'none', at);
    return;
  }
  for (const level of ['heavy', 'medium', 'light']) {
    const i = nearClause(terms, at, 4, `level.${level}`);
    if (i !== undefined) {
      hyper('augmentation', level, Math.min(at, i), Math.max(at, i) + 1);
      return;
    }
  }
  const none = terms[at + 1]?.text === 'none' || terms[at + 2]?.text === 'none';
  hyper('augmentation', none ? 'none' : 'medium', at);
}

function readBackbone(terms: Term[], at: number, hyper: AddHyper): void {
  if (terms.slice(Math.max(0, at - 3), at).some((term) => term.text === 'unfreeze')) {
    hyper('freezeBackbone', false, at);
    return;
  }
  const freeze = nearClause(terms, at, 4, 'freeze');
  if (freeze === undefined) return;
  hyper(
    'freezeBackbone',
    !isNegated(terms, freeze) && !(freeze < at && isNegated(terms, at)),
    Math.min(at, freeze),
    Math.max(at, freeze) + 1,
  );
}

/** 224x224, 224 × 224, 640*480. */
function findSquare(
  terms: Term[],
  taken: ReadonlySet<number>,
): { width: number; height: number; terms: number[] } | undefined {
  for (let at = 0; at + 2 < terms.length; at += 1) {
    if (taken.has(at)) continue;
    const [first, sign, second] = [terms[at], terms[at + 1], terms[at + 2]];
    if (
      first?.number?.digits &&
      second?.number?.digits &&
      ['x', '×', '*', 'by'].includes(sign?.text ?? '') &&
      first.number.value >= 8
    ) {
      return { width: first.number.value, height: second.number.value, terms: [at, at + 1, at + 2] };
    }
  }
  return undefined;
}

/** 80/20, 8:2, 8대 2: the second is the share for validation. */
function findSplit(terms: Term[]): { share: number; terms: number[] } | undefined {
  const spoken = terms.some(
    (term) => has(term, 'hp.validationSplit') || ['split', '나눠', '나누', '비율', '스플릿'].includes(term.text),
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
  return undefined;
}

/** "stop when it does not improve for 5 epochs", "5에폭 동안 개선 없으면": these epochs are waited, not trained. */
function isPatience(terms: Term[], from: number, to: number): boolean {
  const before = terms.slice(Math.max(0, from - 4), from);
  const after = terms.slice(to, to + 4);
  const clauseEnd = after.findIndex((term) => ENDS_CLAUSE.has(term.text));
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
  if (quantity.values.length > 1) {
    fields.several.push({ name: field, values: quantity.values, range: quantity.range, from, to });
    return;
  }
  let value = last;
  if (quantity.percent) value = Number((last / 100).toPrecision(12));
  else if (field === 'validationSplit' && last > 1 && last < 100) value = last / 100;
  put(`hyperparameters.${field}`, value);
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
  '바꿔',
  '바꾸',
  '변경',
  '수정',
  '고쳐',
  '늘려',
  '줄여',
  '올려',
  '낮춰',
  '내려',
  '높여',
  '키워',
  'change',
  'increase',
  'decrease',
  'reduce',
  'raise',
  'lower',
  'bump',
  'update',
]);

/** "배치를 두 배로", "halve the learning rate"; and "학습률 좀 낮춰줘", which leaves open to what. */
function findRelative(terms: Term[], fields: Fields): void {
  terms.forEach((term, at) => {
    const factor = term.concepts.find((concept) => concept.startsWith('factor.'));
    if (!factor && !CHANGES.has(term.text)) return;
    const named = [...NUMERIC]
      .map((name) => ({ name, at: nearClause(terms, at, 3, `hp.${name}`) }))
      .find((one) => one.at !== undefined);
    if (named?.at === undefined) return;
    const path = `hyperparameters.${named.name}`;
    const given = [...fields.found, ...fields.refused, ...fields.relative].some((one) => one.path === path);
    if (given || fields.several.some((one) => one.name === named.name)) return;
    if (!factor) fields.open.push(path);
    else {
      const [from, to] = [Math.min(at, named.at), Math.max(at, named.at) + 1];
      fields.relative.push({ path, factor: Number(factor.slice('factor.'.length)), from, to });
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
