import { ConfigEdit, Hyperparameters } from '@mallo/contracts';
import { z } from 'zod';

export type FieldName = keyof Hyperparameters;
export type FieldValue = Hyperparameters[FieldName] | null;

const FIELDS = ConfigEdit.shape.hyperparameters.unwrap().shape;

/** The values people look at first; the others follow when asked for. */
export const MAIN_FIELDS = [
  'epochs',
  'batchSize',
  'learningRate',
  'imageSize',
  'pretrained',
] as const satisfies FieldName[];

export const OTHER_FIELDS = (Object.keys(Hyperparameters.shape) as FieldName[]).filter(
  (name) => !MAIN_FIELDS.some((main) => main === name),
);

/** How a value is entered, as its schema says. */
export function controlOf(
  name: FieldName,
): { type: 'switch' } | { type: 'choice'; options: string[] } | { type: 'number' } {
  const schema = Hyperparameters.shape[name];
  if (schema instanceof z.ZodBoolean) return { type: 'switch' };
  if (schema instanceof z.ZodEnum) return { type: 'choice', options: schema.options.map(String) };
  return { type: 'number' };
}

/** Whether a number may be left empty, meaning none. */
function mayBeEmpty(name: FieldName): boolean {
  return FIELDS[name].safeParse(null).success;
}

export type Invalid =
  | { reason: 'number' | 'whole' }
  | { reason: 'tooSmall' | 'above'; limit: number }
  | { reason: 'tooBig' | 'below'; limit: number };

/** What was typed as a value of the field, or why it cannot be one. */
export function readNumber(name: FieldName, text: string): { value: number | null } | { invalid: Invalid } {
  const trimmed = text.trim();
  if (trimmed === '') return mayBeEmpty(name) ? { value: null } : { invalid: { reason: 'number' } };
  const value = Number(trimmed);
  const parsed = FIELDS[name].safeParse(value);
  if (parsed.success) return { value };
  const issue = parsed.error.issues[0];
  if (issue?.code === 'too_small') {
    return { invalid: { reason: issue.inclusive ? 'tooSmall' : 'above', limit: Number(issue.minimum) } };
  }
  if (issue?.code === 'too_big') {
    return { invalid: { reason: issue.inclusive ? 'tooBig' : 'below', limit: Number(issue.maximum) } };
  }
  return { invalid: { reason: Number.isFinite(value) ? 'whole' : 'number' } };
}
