import { checkName, invalidValue, missingValue, pythonFloat, pythonRepr, wrongType } from '@mallo/backend';
import { MlflowError } from '@mallo/contracts';
import type { KeyValue } from '../tracking/experiments.repository.js';
import { checkLength, MOST } from './names.js';

/** One point as a program logs it; of a logged model where it names one. */
export type LoggedPoint = {
  key: string;
  step: number;
  timeMs: number;
  value: number;
  modelId: string;
  datasetName: string;
  datasetDigest: string;
};
export type LoggedBatch = { points: LoggedPoint[]; params: KeyValue[]; tags: KeyValue[] };

type Form = Record<string, unknown>;

/**
 * Reads what `runs/log-batch` sends, all of it or nothing, in one pass: it is by far the most frequent of all.
 * @throws MlflowError INVALID_PARAMETER_VALUE with the words of MLflow
 */
export function readBatch(form: Form): LoggedBatch {
  const points = listOf(form, 'metrics').map((metric, index) => readPoint(metric, `metrics[${index}]`));
  const params = listOf(form, 'params').map((param, index) => readParam(param, `params[${index}]`));
  const tags = listOf(form, 'tags').map((tag, index) => readTag(tag, `tags[${index}]`));
  checkCount('metrics', 1000, points.length);
  checkCount('params', 100, params.length);
  checkCount('tags', 100, tags.length);
  checkCount('metrics, params, and tags', 1000, points.length + params.length + tags.length);
  checkUnique(params);
  return { points, params, tags };
}

/** @param path where it stands in the request; empty for the one of `runs/log-metric` */
export function readPoint(form: Form, path: string): LoggedPoint {
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const { key } = form;
  if (key === undefined || key === null || key === '') throw missingValue(at('key'));
  if (typeof key !== 'string') throw wrongType(at('key'), key);
  if (form.value === undefined || form.value === null || form.value === '') throw missingValue(at('value'));
  if (form.timestamp === undefined || form.timestamp === null) throw missingValue(at('timestamp'));
  checkName(key, at('name'));
  const value = doubleOf(form.value);
  if (value === null) throw wrongType(at('value'), form.value);
  const timeMs = integerOf(form.timestamp);
  const step = integerOf(form.step ?? 0);
  if (timeMs === null) throw wrongType(at('timestamp'), form.timestamp);
  if (timeMs < 0) {
    const problem = `metric '${key}' (value=${pythonFloat(value)}). Timestamp must be a nonnegative long (64-bit integer) `;
    throw invalidValue(at('timestamp'), timeMs, problem);
  }
  if (step === null) throw wrongType(at('step'), form.step);
  checkLength('Metric name', MOST.keyCharacters, key);
  return {
    key,
    step,
    timeMs,
    value,
    modelId: textOf(form.model_id),
    datasetName: textOf(form.dataset_name),
    datasetDigest: textOf(form.dataset_digest),
  };
}

export function readParam(form: Form, path: string): KeyValue {
  const pair = readPair(form, path);
  checkName(pair.key, path ? `${path}.key` : 'key');
  checkLength('Param key', MOST.keyCharacters, pair.key);
  // MLflow's server cuts what is longer, unless it is told not to.
  return { key: pair.key, value: cut(pair.value, MOST.paramCharacters) };
}

export function readTag(form: Form, path: string): KeyValue {
  const pair = readPair(form, path);
  const at = path ? `${path}.key` : 'key';
  checkName(pair.key, at);
  checkLength(at, MOST.keyCharacters, pair.key);
  return { key: pair.key, value: cut(pair.value, MOST.tagCharacters) };
}

function readPair(form: Form, path: string): KeyValue {
  const { key, value = '' } = form;
  const at = path ? `${path}.key` : 'key';
  if (key === undefined || key === null || key === '') throw missingValue(at);
  if (typeof key !== 'string') throw wrongType(at, key);
  if (typeof value !== 'string') throw wrongType(path ? `${path}.value` : 'value', value);
  return { key, value };
}

function listOf(form: Form, name: string): Form[] {
  const list = form[name] ?? [];
  if (!Array.isArray(list)) throw wrongType(name, list);
  for (const one of list) if (typeof one !== 'object' || one === null) throw wrongType(name, list);
  return list;
}

// As Python reads them: in letters of any size, and with a sign.
const NO_NUMBER = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;

function doubleOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const [word, sign, nan] = NO_NUMBER.exec(text) ?? [];
  if (word) return nan ? Number.NaN : sign === '-' ? -Infinity : Infinity;
  const number = Number(text);
  return text !== '' && !Number.isNaN(number) ? number : null;
}

function integerOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function cut(value: string, characters: number): string {
  return value.length > characters ? [...value].slice(0, characters).join('') : value;
}

function checkCount(what: string, most: number, count: number): void {
  if (count <= most) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `A batch logging request can contain at most ${most} ${what}. Got ${count} ${what}. Please split up ${what} across ` +
      'multiple requests and try again.',
  );
}

function checkUnique(params: KeyValue[]): void {
  const seen = new Set<string>();
  const twice = params.filter(({ key }) => seen.size === seen.add(key).size).map(({ key }) => pythonRepr(key));
  if (twice.length === 0) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Duplicate parameter keys have been submitted: [${twice.join(', ')}]. Please ensure the request contains only one ` +
      'param value per param key.',
  );
}
