import { MlflowError } from '@mallo/contracts';
import type { DatasetInput } from '../tracking/run-inputs.repository.js';
import { checkLength } from './names.js';

type Form = Record<string, unknown>;

/** The most characters of each text of a dataset. */
const MOST = { name: 500, digest: 36, source: 65_535, schema: 1_048_575, profile: 16_777_215 };

/**
 * Reads the datasets of `runs/log-inputs`; of two with the same name and digest the first counts.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function readDatasets(list: Form[]): DatasetInput[] {
  const inputs = list.map(readInput);
  const firsts = new Map<string, DatasetInput>();
  for (const input of inputs) {
    const key = JSON.stringify([input.dataset.name, input.dataset.digest]);
    if (!firsts.has(key)) firsts.set(key, input);
  }
  return [...firsts.values()];
}

function readInput(form: Form): DatasetInput {
  const given = form.dataset;
  if (typeof given !== 'object' || given === null) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Dataset cannot be None');
  }
  const dataset = given as Form;
  const text = (name: string) => (typeof dataset[name] === 'string' ? (dataset[name] as string) : '');
  for (const [name, most] of Object.entries(MOST)) checkLength(name, most, text(name));
  const tags = Array.isArray(form.tags) ? (form.tags as Form[]) : [];
  return {
    dataset: {
      name: text('name'),
      digest: text('digest'),
      sourceType: text('source_type'),
      source: text('source'),
      schema: text('schema') || null,
      profile: text('profile') || null,
    },
    tags: tags.map((tag) => {
      const [key, value] = [String(tag.key ?? ''), String(tag.value ?? '')];
      checkLength('key', 255, key);
      checkLength('value', 500, value);
      return { key, value };
    }),
  };
}
