import { lookup, nameKey } from '@mallo/zoo';
import type { Found } from '../grammar/field-mentions.js';
import { isUsable } from '../grammar/fields.js';
import type { ModelMention } from '../grammar/model-mention.js';
import type { Named } from '../grammar/names.js';
import { isNegated } from '../grammar/negation.js';
import { type ContextDataset, type Project, type Reading, read, termsWithin } from '../grammar/reading.js';
import { has } from '../grammar/terms.js';
import { normalise } from '../grammar/text.js';
import { type Recognised, type Recognition, typedValue } from './recognition.js';

// A denied name is not wanted; a denied setting (“without pretrained weights”) is a value.
const NAMES = new Set(['modelName', 'dataset', 'taskType']);
const MOST_PLACES = 20;
// Of what may be left without a value: null says that none is wanted.
const PATIENCE = 'hyperparameters.earlyStoppingPatience';
const HYPER = 'hyperparameters.'.length;

type Place = { from: number; to: number };

/** Every place where the message says a quote, in terms, [from, to). */
function placesOf(reading: Reading, quote: string): Place[] {
  const words = normalise(quote).chars.trim();
  const places: Place[] = [];
  if (!words) return places;
  for (
    let start = reading.text.chars.indexOf(words);
    start >= 0;
    start = reading.text.chars.indexOf(words, start + 1)
  ) {
    const end = start + words.length;
    const covered = reading.terms.flatMap((term, at) => {
      const first = reading.tokens[term.from];
      const last = reading.tokens[term.to - 1];
      return first && last && first.from < end && last.to > start ? [at] : [];
    });
    const [from] = covered;
    if (from !== undefined) places.push({ from, to: (covered.at(-1) ?? from) + 1 });
    if (places.length === MOST_PLACES) break;
  }
  return places;
}

/** The numbers that some words say and that the grammar has not understood as something else: resnet50, batch 64. */
function freeNumbers(reading: Reading, path: string, { from, to }: Place): number[] {
  const { fields, terms, models, unwantedModels, datasets, ownRuns, ownModels } = reading;
  const used = termsWithin(terms, [...models, ...unwantedModels, ...datasets, ...ownRuns, ...ownModels]);
  const several = fields.several.map((field) => ({ ...field, path: `hyperparameters.${field.name}` }));
  const others = [...fields.found, ...fields.refused, ...several].filter((field) => field.path !== path);
  return terms.flatMap((term, at) => {
    const isFree = at >= from && at < to && !used.has(at) && !others.some((other) => at >= other.from && at < other.to);
    return isFree && term.number ? [term.number.value] : [];
  });
}

/** Whether one of the numbers is the value, or makes it in the units of its path: 20% → 0.2, 90 minutes → 1.5. */
function makes(numbers: number[], path: string, value: number): boolean {
  const made = [...numbers];
  const [first, second] = numbers;
  if (path === 'resources.maxHours') made.push(...numbers.flatMap((number) => [number / 60, number * 24]));
  else if (value < 1) made.push(...numbers.map((number) => number / 100));
  // 80/20, 8:2
  if (path === 'hyperparameters.validationSplit' && first !== undefined && second !== undefined)
    made.push(second / (first + second));
  return made.some((number) => Math.abs(number - value) <= 1e-6 * Math.abs(value));
}

// No catalogue has the kinds of GPU: a name of one has to be said, letter by letter.
function isSaid(value: string, quote: string): boolean {
  const letters = (text: string) => normalise(text).chars.replace(/[^\p{L}\p{N}]/gu, '');
  return /^[\p{L}\p{N} ._-]+$/u.test(value) && letters(quote).includes(letters(value));
}

/** "never halt before the end": whether the words quoted deny something. */
function denies({ terms }: Reading, { from, to }: Place): boolean {
  return terms.slice(from, to).some((term) => has(term, 'neg.before', 'neg.after'));
}

/**
 * What a language model recognised that the message really says: its quote stands there and is not denied, its value is
 * of the right type, and a number is the number quoted. Everything else is dropped.
 */
export function recognisedIn(reading: Reading, recognition: Recognition): Recognised[] {
  return recognition.fields.flatMap(({ path, value: raw, quote }) => {
    if (path === PATIENCE && (raw === 0 || raw === false)) {
      const denied = placesOf(reading, quote).find((one) => denies(reading, one));
      return denied ? [{ path, value: null, ...denied }] : [];
    }
    const value = typedValue(path, raw);
    if (value === undefined) return [];
    if (path === 'resources.gpuType' && !isSaid(String(value), quote)) return [];
    const place = placesOf(reading, quote).find((one) => {
      if (NAMES.has(path)) return !isNegated(reading.terms, one.from) && !isNegated(reading.terms, one.to - 1);
      return typeof value !== 'number' || makes(freeNumbers(reading, path, one), path, value);
    });
    return place ? [{ path, value, ...place }] : [];
  });
}

function tokensOf(reading: Reading, { from, to }: Place): Place {
  return { from: reading.terms[from]?.from ?? 0, to: reading.terms[to - 1]?.to ?? 0 };
}

/** The model meant, by the grammar's own reading of the name given; one that no catalogue has is asked about. */
function modelFrom(reading: Reading, project: Project, field: Recognised): ModelMention | undefined {
  const text = String(field.value).slice(0, 200);
  const place = tokensOf(reading, field);
  const name = lookup(text)?.name;
  const own = read(text, project).models[0];
  const mention: ModelMention = own && (!name || own.name === name) ? own : { ...place, name, familyOnly: false, text };
  const quoted = reading.terms.slice(field.from, field.to);
  // "resnet57" is not resnet50: digits that were said must be in the name.
  const digits = quoted.flatMap((term) => term.text.match(/\d+/g) ?? []);
  const key = nameKey(mention.name ?? text);
  if (digits.some((run) => !key.includes(run))) return undefined;
  const overlaps = (other: ModelMention) => other.from < place.to && other.to > place.from;
  if (reading.unwantedModels.some((other) => overlaps(other) || (other.name && other.name === mention.name)))
    return undefined;
  return { ...mention, ...place };
}

function modelsWith(reading: Reading, project: Project, recognised: Recognised[]): ModelMention[] {
  const field = recognised.find(({ path }) => path === 'modelName');
  const mention = field && modelFrom(reading, project, field);
  if (!mention) return reading.models;
  const settled = reading.models.some((own) => !own.familyOnly || own.family !== mention.family);
  return settled ? reading.models : [mention];
}

function datasetsWith(reading: Reading, project: Project, recognised: Recognised[]): Named<ContextDataset>[] {
  const field = recognised.find(({ path }) => path === 'dataset');
  const item = project.context.datasets?.find((dataset) => dataset.name === field?.value);
  if (!field || !item || reading.datasets.length > 0) return reading.datasets;
  return [{ item, score: 2, exact: false, ...tokensOf(reading, field) }];
}

/**
 * A reading with what a language model recognised in the same words. What the grammar understood keeps its meaning; the
 * model only adds what was left open. From here on nothing tells the two apart.
 */
export function withRecognised(reading: Reading, project: Project, recognised: Recognised[]): Reading {
  const { fields } = reading;
  const known = new Set(
    [...fields.found, ...fields.refused, ...fields.relative]
      .map(({ path }) => path)
      .concat(
        fields.several.map(({ name }) => `hyperparameters.${name}`),
        fields.unwanted.map(({ name }) => `hyperparameters.${name}`),
      ),
  );
  const own = recognised.filter(({ path }) => (path.includes('.') || path === 'numClasses') && !known.has(path));
  const values = own.filter(({ value }) => value !== null);
  const unwanted = own.filter(({ value }) => value === null).map((one) => ({ ...one, name: one.path.slice(HYPER) }));
  const isFit = ({ path, value }: Recognised) => typeof value !== 'number' || isUsable(path, value);
  const found: Found[] = values.filter(isFit);
  const refused = values.filter((field) => !isFit(field)).map((field) => ({ ...field, value: Number(field.value) }));
  const filled = new Set(values.map(({ path }) => path));
  const task = recognised.find(({ path }) => path === 'taskType');
  const ownTask = reading.tasks.some((mention) => !mention.weak);
  const covered = new Set(recognised.flatMap(({ from, to }) => reading.terms.slice(from, to)));
  return {
    ...reading,
    models: modelsWith(reading, project, recognised),
    datasets: datasetsWith(reading, project, recognised),
    tasks:
      task && !ownTask
        ? [{ task: task.value as Reading['tasks'][number]['task'], weak: false, ...tokensOf(reading, task) }]
        : reading.tasks,
    fields: {
      ...fields,
      found: [...fields.found, ...found],
      refused: [...fields.refused, ...refused],
      unwanted: [...fields.unwanted, ...unwanted],
      open: fields.open.filter((path) => !filled.has(path)),
    },
    unknown: new Set([...reading.unknown].filter((term) => !covered.has(term))),
  };
}
