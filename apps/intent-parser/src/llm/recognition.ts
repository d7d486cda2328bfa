import { CommandKind, ExplainTopic, Hyperparameters, Resources, TaskType } from '@mallo/contracts';
import { z } from 'zod';

const paths = [
  'taskType',
  'modelName',
  'dataset',
  'numClasses',
  ...Object.keys(Hyperparameters.shape).map((name) => `hyperparameters.${name}`),
  ...Object.keys(Resources.shape).map((name) => `resources.${name}`),
] as [string, ...string[]];

// Nobody names or quotes at this length; what is longer is not looked through.
const LONGEST_VALUE = 500;
const LONGEST_QUOTE = 4000;

const quote = z
  .string()
  .max(LONGEST_QUOTE)
  .describe('The exact words of the message this comes from, copied character by character');

/** What a language model may answer: what the message says, each value with its words. It can do nothing else. */
export const Recognition = z.object({
  kind: z
    .enum(['training', 'command', 'out_of_scope'])
    .describe('training: wants a model trained or a training changed; command: asks for something else of Mallo'),
  command: CommandKind.nullish().describe('Only with kind "command"'),
  topic: ExplainTopic.nullish().describe('Only with command "explain": what is asked about'),
  fields: z
    .array(
      z.object({
        path: z.enum(paths),
        value: z.union([z.string().max(LONGEST_VALUE), z.number(), z.boolean()]),
        quote,
      }),
    )
    .max(64)
    .describe('Only what the message itself says. Never a default, a guess or a recommendation'),
});
export type Recognition = z.infer<typeof Recognition>;

/** A value the message says, with the terms that say it, [from, to). */
export type Recognised = { path: string; value: unknown; from: number; to: number };

const SHAPES: Record<string, Record<string, z.ZodType>> = {
  hyperparameters: Hyperparameters.shape,
  resources: Resources.shape,
};

// Small models write every value as text: "50", "true".
function withoutQuotes(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

/**
 * The value in the type that its path has in an intent; undefined where it is of no such type. A number out of bounds
 * stays, as it is asked about.
 */
export function typedValue(path: string, value: unknown): unknown {
  const [group = '', name = ''] = path.split('.');
  if (path === 'modelName' || path === 'dataset') return typeof value === 'string' ? value : undefined;
  const plain = withoutQuotes(value);
  if (path === 'numClasses') return typeof plain === 'number' ? plain : undefined;
  const schema = path === 'taskType' ? TaskType : SHAPES[group]?.[name];
  const fitting = [value, plain].find((one) => schema?.safeParse(one).success);
  if (fitting !== undefined) return fitting;
  return schema instanceof z.ZodNumber && typeof plain === 'number' ? plain : undefined;
}
