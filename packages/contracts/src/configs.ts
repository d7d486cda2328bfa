import { z } from 'zod';
import { Id, Timestamp } from './identity.js';
import { FieldOrigin, Hyperparameters, ModelSource, Resources, TaskType } from './parse.js';
import { route } from './route.js';

/** Everything a training needs, each value filled. */
export const TrainingConfig = z.strictObject({
  taskType: TaskType,
  model: z.strictObject({
    source: ModelSource,
    name: z.string(),
    /** Of a model of one's own: the bytes of its Python file, and the class or function in it that makes it. */
    code: z.strictObject({ sha256: z.string(), entry: z.string() }).optional(),
  }),
  dataset: z.strictObject({ id: Id, versionId: Id, name: z.string() }),
  classNames: z.array(z.string()).min(2),
  hyperparameters: Hyperparameters.extend({ earlyStoppingPatience: z.int().min(1).max(100_000).nullable() }),
  resources: Resources.partial(),
});
export type TrainingConfig = z.infer<typeof TrainingConfig>;

export const Estimate = z.strictObject({
  /** Null while neither a past run nor this machine's speed is known. */
  seconds: z.number().nullable(),
  /** How the seconds were arrived at: past runs of this machine, or its measured speed alone. */
  basis: z.enum(['past_runs', 'machine_speed', 'none']),
  /** By how much the estimates of past trainings here were off: the median of |estimated − taken| / taken. */
  pastError: z.strictObject({ median: z.number(), runs: z.int() }).nullable().default(null),
  /** What the training is expected to hold at most, and what this machine (or its GPU) has in all. */
  memory: z
    .strictObject({
      neededBytes: z.number(),
      availableBytes: z.number(),
      device: z.enum(['cpu', 'gpu']),
      basis: z.enum(['past_runs', 'model']),
    })
    .nullable()
    .default(null),
  /** Null where no price of an hour is set. */
  cost: z.strictObject({ amount: z.number(), currency: z.string() }).nullable().default(null),
});
export type Estimate = z.infer<typeof Estimate>;

/** Where each value of a card came from: as the parser said, or changed on the card by hand. */
export const CardOrigins = z.record(
  z.string(),
  z.discriminatedUnion('kind', [...FieldOrigin.options, z.strictObject({ kind: z.literal('edited') })]),
);
export type CardOrigins = z.infer<typeof CardOrigins>;

/** Fields of the card that can be edited; absent ones stay. */
export const ConfigEdit = z.strictObject({
  modelName: z.string().min(1).max(200).optional(),
  datasetId: Id.optional(),
  hyperparameters: Hyperparameters.extend({
    earlyStoppingPatience: z.int().min(1).max(100_000).nullable(),
  })
    .partial()
    .optional(),
});
export type ConfigEdit = z.infer<typeof ConfigEdit>;

/** Something that will probably go wrong, said before Start; where one change would help, it is offered. */
export const ConfigWarning = z.strictObject({
  code: z.enum([
    'few_images',
    'imbalanced_classes',
    'missing_validation',
    'memory_short',
    'takes_long',
    'rate_unusual',
    'pretrained_unavailable',
    'hours_exceeded',
  ]),
  message: z.strictObject({ ko: z.string(), en: z.string() }),
  /** What a click would change, in a few words. */
  fix: z.strictObject({ label: z.strictObject({ ko: z.string(), en: z.string() }), edit: ConfigEdit }).nullable(),
});
export type ConfigWarning = z.infer<typeof ConfigWarning>;

/** A config as the chat shows it: proposed, edited in place, then started once. */
export const ConfigCard = z.strictObject({
  id: Id,
  conversationId: Id,
  /** The message that was understood; origins' spans are places in its text. */
  messageId: Id,
  config: TrainingConfig,
  /** By dotted path in the config, such as "hyperparameters.epochs", "model.name" or "dataset". */
  origin: CardOrigins,
  /** SHA-256 of the config in canonical JSON (RFC 8785). */
  hash: z.string(),
  estimate: Estimate.nullable(),
  warnings: z.array(ConfigWarning),
  /** Whether there is a change to take back. */
  canUndo: z.boolean(),
  runId: Id.nullable(),
  createdAt: Timestamp,
});
export type ConfigCard = z.infer<typeof ConfigCard>;

const ConfigParams = z.strictObject({ configId: Id });

export const configRoutes = {
  get: route({
    method: 'GET',
    path: '/api/v1/configs/:configId',
    summary: 'A config card',
    access: 'user',
    params: ConfigParams,
    response: ConfigCard,
    errors: ['config.not_found'],
  }),
  edit: route({
    method: 'PATCH',
    path: '/api/v1/configs/:configId',
    summary: 'Change values of a card that was not started',
    access: 'user',
    params: ConfigParams,
    body: ConfigEdit,
    response: ConfigCard,
    errors: ['config.not_found', 'config.already_started', 'config.invalid', 'model.unknown', 'dataset.not_found'],
  }),
  undo: route({
    method: 'POST',
    path: '/api/v1/configs/:configId/undo',
    summary: 'Take back the last change of a card that was not started; `hash` is of the card that was seen',
    access: 'user',
    params: ConfigParams,
    body: z.strictObject({ hash: z.string() }),
    response: ConfigCard,
    errors: ['config.not_found', 'config.already_started', 'config.nothing_to_undo', 'request.conflict'],
  }),
  start: route({
    method: 'POST',
    path: '/api/v1/configs/:configId/start',
    summary: 'Start the training; a second call answers the same run',
    access: 'user',
    params: ConfigParams,
    body: z.strictObject({ hash: z.string() }),
    response: z.strictObject({ runId: Id }),
    errors: [
      'config.not_found',
      'config.invalid',
      'config.image_size_unsupported',
      'config.batch_too_large',
      'config.too_large',
      'request.conflict',
      'model.unknown',
      'model.not_trainable_yet',
      'zoo.container_not_run',
      'dataset.not_found',
    ],
  }),
};
