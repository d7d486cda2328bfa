import { z } from 'zod';
import { Id, Timestamp } from './identity.js';
import { FieldOrigin, Hyperparameters, ModelSource, Resources, TaskType } from './parse.js';
import { route } from './route.js';

/** Everything a training needs, each value filled. */
export const TrainingConfig = z.strictObject({
  taskType: TaskType,
  model: z.strictObject({ source: ModelSource, name: z.string() }),
  dataset: z.strictObject({ id: Id, versionId: Id, name: z.string() }),
  classNames: z.array(z.string()).min(2),
  hyperparameters: Hyperparameters.extend({ earlyStoppingPatience: z.int().min(1).max(100_000).nullable() }),
  resources: Resources.partial(),
});
export type TrainingConfig = z.infer<typeof TrainingConfig>;

export const Estimate = z.strictObject({
  seconds: z.number(),
  /** How it was arrived at: past runs of this machine, or its measured speed alone. */
  basis: z.enum(['past_runs', 'machine_speed', 'none']),
});
export type Estimate = z.infer<typeof Estimate>;

/** Where each value of a card came from: as the parser said, or changed on the card by hand. */
export const CardOrigins = z.record(
  z.string(),
  z.discriminatedUnion('kind', [...FieldOrigin.options, z.strictObject({ kind: z.literal('edited') })]),
);
export type CardOrigins = z.infer<typeof CardOrigins>;

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
  runId: Id.nullable(),
  createdAt: Timestamp,
});
export type ConfigCard = z.infer<typeof ConfigCard>;

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
      'request.conflict',
      'model.unknown',
      'model.not_trainable_yet',
      'dataset.not_found',
    ],
  }),
};
