import type { Fields } from './field-mentions.js';
import { near, nearClause } from './near.js';
import { denialOf, isNegated } from './negation.js';
import { has, saysIn, type Term } from './terms.js';

const ENUMS: [string, string, string[]][] = [
  ['optimizer', 'optimizer', ['adam', 'adamw', 'sgd', 'rmsprop']],
  ['scheduler', 'scheduler', ['cosine', 'step', 'linear', 'plateau', 'constant']],
  ['precision', 'precision', ['fp32', 'fp16', 'bf16']],
];

const DAYS: [string, number][] = [
  ['value.twoDays', 48],
  ['value.threeDays', 72],
  ['value.fourDays', 96],
  ['value.oneWeek', 168],
];
const DROPS = new Set(['drop', 'lose', 'scrap', 'kill', 'delete', 'forget', 'cut', 'nix', 'strip']);

type AddHyper = (name: string, value: unknown, from: number, to?: number) => void;

function readAugmentation(terms: Term[], at: number, hyper: AddHyper): void {
  if (isNegated(terms, at)) {
    hyper('augmentation', 'none', ...withDenial(terms, at));
    return;
  }
  const dropped = terms.slice(Math.max(0, at - 3), at).findLastIndex((term) => DROPS.has(term.text));
  if (dropped >= 0) {
    hyper('augmentation', 'none', Math.max(0, at - 3) + dropped, at + 1);
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
  const denial = denialOf(terms, freeze) ?? (freeze < at ? denialOf(terms, at) : undefined);
  const places = [at, freeze, denial ?? at];
  hyper('freezeBackbone', denial === undefined, Math.min(...places), Math.max(...places) + 1);
}

/** The terms of a word together with the one that denies it: 사전학습 없이. */
function withDenial(terms: Term[], at: number): [number, number] {
  const denial = denialOf(terms, at) ?? at;
  return [Math.min(at, denial), Math.max(at, denial) + 1];
}

// Denying one of these means zero of it.
const ZERO_WITHOUT = ['dropout', 'labelSmoothing', 'weightDecay', 'warmupEpochs'];

/** Settings that are said in words and not by a number: optimizers, schedules, what is on and what is off. */
export function findSettings(terms: Term[], taken: ReadonlySet<number>, fields: Fields): void {
  const add = (path: string, value: unknown, from: number, to: number) => fields.found.push({ path, value, from, to });
  const hyper: AddHyper = (name, value, from, to = from + 1) => add(`hyperparameters.${name}`, value, from, to);
  const given = (field: string) => fields.quantities.some((quantity) => quantity.field === field);
  terms.forEach((term, at) => {
    // "a single 24 GB card"
    const single =
      terms.slice(Math.max(0, at - 4), at).find((one) => ['single', 'one'].includes(one.text)) ??
      (/^(card|카드|그래픽카드|gpu|지피유)$/.test(term.text)
        ? terms.slice(at + 1, at + 6).find((one) => one.text === '하나')
        : undefined);
    if (
      ['card', '카드', '그래픽카드', 'gpu', '지피유'].includes(term.text) &&
      single &&
      saysIn(terms, 'hp.memoryGb') &&
      !given('gpuCount')
    ) {
      const place = terms.indexOf(single);
      add('resources.gpuCount', 1, Math.min(place, at), Math.max(place, at) + 1);
    }
    if (taken.has(at) || term.concepts.length === 0) return;
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
      hyper('scheduler', 'constant', ...withDenial(terms, at));
    if (has(term, 'augmentation')) readAugmentation(terms, at, hyper);
    if (has(term, 'scratch') && !isNegated(terms, at)) hyper('pretrained', false, at);
    if (has(term, 'pretrained')) hyper('pretrained', !isNegated(terms, at), ...withDenial(terms, at));
    if (has(term, 'finetune') && !isNegated(terms, at)) hyper('pretrained', true, at);
    if (has(term, 'head.only') && !isNegated(terms, at)) hyper('freezeBackbone', true, at);
    if (term.text === 'unfreeze' && !saysIn(terms, 'backbone')) hyper('freezeBackbone', false, at);
    // "pretrained, frozen"
    if (term.text === 'frozen' && !isNegated(terms, at) && !saysIn(terms, 'backbone', 'head.only'))
      hyper('freezeBackbone', true, at);
    if (has(term, 'backbone')) readBackbone(terms, at, hyper);
    // "freeze all but the last layer"
    else if (has(term, 'freeze') && !isNegated(terms, at) && saysIn(terms, 'head.only'))
      hyper('freezeBackbone', true, at);
    const dropped = terms.slice(Math.max(0, at - 3), at).some((one) => DROPS.has(one.text) || one.text === 'disable');
    if (has(term, 'hp.earlyStoppingPatience') && (dropped || isNegated(terms, at)))
      fields.unwanted.push({ name: 'earlyStoppingPatience', from: at, to: at + 1 });
    else if (has(term, 'hp.earlyStoppingPatience') && !given('earlyStoppingPatience')) {
      fields.stopsEarly = true;
    }
    for (const name of ZERO_WITHOUT)
      if (has(term, `hp.${name}`) && isNegated(terms, at)) hyper(name, 0, ...withDenial(terms, at));
    if (has(term, 'binary') && (/^two/.test(term.text) || near(terms, at, 3, 'task.classification') !== undefined))
      add('numClasses', 2, at, at + 1);
    const gpu = term.concepts.find((concept) => concept.startsWith('gpuType.'));
    const counted = /^([1-9])x$/.exec(terms[at - 1]?.text ?? '')?.[1];
    if (gpu && counted) add('resources.gpuCount', Number(counted), at - 1, at + 1);
    const oneGpu =
      (gpu || has(term, 'hp.gpuCount')) &&
      (terms[at + 1]?.text === '하나' || ['single', 'one'].includes(terms[at - 1]?.text ?? ''));
    if (oneGpu && !given('gpuCount'))
      add(
        'resources.gpuCount',
        1,
        Math.min(at, terms[at + 1]?.text === '하나' ? at : at - 1),
        terms[at + 1]?.text === '하나' ? at + 2 : at + 1,
      );
    if (gpu) add('resources.gpuType', gpu.slice('gpuType.'.length), at, at + 1);
    if (has(term, 'hp.gpuCount') && isNegated(terms, at) && !given('gpuCount'))
      add('resources.gpuCount', 0, ...withDenial(terms, at));
    if (has(term, 'cpu') && !isNegated(terms, at)) add('resources.gpuCount', 0, at, at + 1);
    const limited = near(terms, at, 3, 'limit.max') !== undefined;
    if (has(term, 'value.oneDay') && limited) add('resources.maxHours', 24, at, at + 1);
    for (const [concept, hours] of DAYS)
      if (has(term, concept) && !['전', 'ago'].includes(terms[at + 1]?.text ?? ''))
        add('resources.maxHours', hours, at, at + 1);
    if (has(term, 'value.halfDay') && limited) add('resources.maxHours', 12, at, at + 1);
    if (has(term, 'value.oneHour') && !fields.found.some((found) => found.path === 'resources.maxHours'))
      add('resources.maxHours', 1, at, at + 1);
    if (has(term, 'value.halfHour')) add('resources.maxHours', 0.5, at, at + 1);
  });
}
