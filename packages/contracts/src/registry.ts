import { z } from 'zod';
import { TrainingConfig } from './configs.js';
import { Transcript } from './conversations.js';
import { Locale } from './errors.js';
import { Id, Timestamp } from './identity.js';
import { TaskType } from './parse.js';
import { ProjectParams } from './projects.js';
import { InputShape, ModelName, ModelRegistration } from './registrations.js';
import { route } from './route.js';
import { RunResult } from './runs.js';

/**
 * What a file of a registered model was found to be: `pytorch` is a zip of a pickle and tensors, `pytorch_legacy` a bare
 * pickle (neither is ever opened here), `other` a file that goes along with the model.
 */
export const FileKind = z.enum(['onnx', 'safetensors', 'torchscript', 'pytorch', 'pytorch_legacy', 'other']);
export type FileKind = z.infer<typeof FileKind>;

export const Artifact = z.strictObject({
  /** File name within the version, such as "model.onnx". */
  name: z.string(),
  sizeBytes: z.int(),
  sha256: z.string(),
  /** Absent for a file that a training left. */
  kind: FileKind.optional(),
});
export type Artifact = z.infer<typeof Artifact>;

export const ModelVersionSummary = z.strictObject({
  id: Id,
  version: z.string(),
  createdAt: Timestamp,
  runId: Id.nullable(),
  valAccuracy: z.number().nullable(),
  /** All figures of the version, such as val_accuracy and val_loss. */
  metrics: z.record(z.string(), z.number()),
  architecture: z.string(),
  sizeBytes: z.int(),
  /** Why it should no longer be used; null: it may. */
  deprecation: z.string().nullable(),
});
export type ModelVersionSummary = z.infer<typeof ModelVersionSummary>;

const Version = z.string().regex(/^\d+\.\d+\.\d+$/);

/** A name that points to one version of a model and may be moved, such as `champion`. Other references are refused. */
export const AliasName = z.string().regex(/^(?!(latest|best)$)(?!v?\d)[A-Za-z][\w-]{0,254}$/i);

/** Which version each alias of a model points to. */
export const AliasState = z.record(AliasName, Version);
export type AliasState = z.infer<typeof AliasState>;

/** One change of a model's aliases, kept for good. */
export const AliasChange = z.strictObject({
  id: Id,
  action: z.enum(['register', 'promote', 'rollback', 'remove', 'restore']),
  /** Whose it was; null: a training that ended. */
  by: z.string().nullable(),
  reason: z.string(),
  before: AliasState,
  after: AliasState,
  at: Timestamp,
});
export type AliasChange = z.infer<typeof AliasChange>;

export const RegisteredModel = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  taskType: TaskType,
  createdAt: Timestamp,
  aliases: AliasState,
  /** The newest first. */
  versions: z.array(ModelVersionSummary),
});
export type RegisteredModel = z.infer<typeof RegisteredModel>;

export const ModelVersion = ModelVersionSummary.extend({
  modelId: Id,
  modelName: z.string(),
  projectId: Id,
  /** Such as "pytorch". */
  framework: z.string(),
  inputShape: InputShape.nullable(),
  /** In the order of the model's outputs; null: not known, or it is no classifier. */
  classNames: z.array(z.string()).nullable(),
  datasetName: z.string().nullable(),
  memo: z.string(),
  /** These five are known of a version that was trained here, and null for one made from uploaded files. */
  config: TrainingConfig.nullable(),
  configHash: z.string().nullable(),
  datasetVersionSha256: z.string().nullable(),
  recipe: z.string().nullable(),
  result: RunResult.nullable(),
  /** The conversation that made it; null for a model that came another way. */
  transcript: Transcript.nullable(),
  artifacts: z.array(Artifact),
});
export type ModelVersion = z.infer<typeof ModelVersion>;

export const Prediction = z.strictObject({
  classes: z.array(z.strictObject({ name: z.string(), confidence: z.number() })),
  /** Time in the model alone. */
  latencyMs: z.number(),
  /**
   * Who prepared the image: the `model` itself; the `file` preprocessing.json of the version; or the `default`, resized to
   * the model's input (bilinear, antialiased, proportions not kept) and normalized with ImageNet's mean and deviation.
   */
  preprocessing: z.enum(['model', 'file', 'default']),
});
export type Prediction = z.infer<typeof Prediction>;

/** A deleted version: its bytes are freed at `purgeAt`, until when it can be restored. Its number is never used again. */
export const DeletedVersion = z.strictObject({
  modelId: Id,
  modelName: z.string(),
  version: Version,
  deletedAt: Timestamp,
  purgeAt: Timestamp,
  sizeBytes: z.int(),
});
export type DeletedVersion = z.infer<typeof DeletedVersion>;

/**
 * A version of a model: `1.2.0`; `latest`; `best`, `best:METRIC` or `best:METRIC:min`; `v3`, the third registered; or an
 * alias, with or without its @.
 */
export const VersionRef = z.string().regex(/^@?[\w.:-]{1,300}$/);

/** `mallo://models/NAME@ALIAS`, `mallo://models/NAME/REF`, `mallo://models/NAME` for the latest; NAME percent-encoded. */
export const ModelUri = z.string().regex(/^mallo:\/\/models\/[^@/?#\s]+(@[\w-]+|\/@?[\w.:-]+)?$/);

const ModelParams = z.strictObject({ modelId: Id });
const VersionParams = ModelParams.extend({ version: Version });

/** Why, and a key made by the sender, so that a repeat after a lost answer changes nothing more. */
const Reasoned = z.strictObject({ reason: z.string().max(1000).default(''), key: z.string().min(8).max(64) });

const PREDICTION_ERRORS = [
  'model.not_found',
  'model.artifact_missing',
  'model.no_onnx',
  'model.classes_unknown',
  'model.input_unknown',
  'model.broken',
  'image.unreadable',
  'request.too_large',
] as const;

export const registryRoutes = {
  list: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/models',
    summary: "A project's registered models, the latest changed first",
    access: 'user',
    params: ProjectParams,
    response: z.array(RegisteredModel),
    errors: ['project.not_found'],
  }),
  get: route({
    method: 'GET',
    path: '/api/v1/models/:modelId',
    summary: 'A registered model with its versions',
    access: 'user',
    params: ModelParams,
    response: RegisteredModel,
    errors: ['model.not_found'],
  }),
  version: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version',
    summary: 'A model version: metrics, config, dataset version, recipe, files',
    access: 'user',
    params: VersionParams,
    response: ModelVersion,
    errors: ['model.not_found'],
  }),
  register: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/models/register',
    summary: 'Register a version of a model from uploaded files; it becomes the @candidate',
    access: 'user',
    params: ProjectParams,
    body: ModelRegistration,
    response: ModelVersion,
    errors: [
      'project.not_found',
      'upload.not_found',
      'upload.unfinished',
      'model.version_deleted',
      'model.task_differs',
      'model.file_empty',
      'model.file_unsupported',
      'model.file_mismatch',
      'model.file_damaged',
      'model.file_names',
      'model.external_data',
      'model.custom_operators',
      'dataset.encrypted',
      'dataset.unsafe_path',
      'dataset.zip_bomb',
      'dataset.too_many_files',
      'server.disk_full',
    ],
  }),
  nextVersions: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/models/next-versions',
    summary: 'The version that a model of that name would get next, for each way of counting up',
    access: 'user',
    params: ProjectParams,
    query: z.strictObject({ name: ModelName }),
    response: z.strictObject({ major: Version, minor: Version, patch: Version }),
    errors: ['project.not_found'],
  }),
  artifact: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version/artifacts/:name',
    summary: 'Download a file of a version; its SHA-256 is checked',
    access: 'user',
    params: VersionParams.extend({ name: z.string().max(200) }),
    response: 'stream',
    errors: ['model.not_found', 'model.artifact_missing'],
  }),
  predict: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/versions/:version/predict',
    summary: 'Try a version on one image (body: the bytes of the image)',
    access: 'user',
    params: VersionParams,
    body: 'stream',
    response: Prediction,
    errors: PREDICTION_ERRORS,
  }),
  predictByUri: route({
    method: 'POST',
    path: '/api/v1/models/predict',
    summary: 'Ask the version that a mallo:// URI means now about one image (body: the bytes of the image)',
    access: 'user',
    query: z.strictObject({ uri: ModelUri, project: Id.optional() }),
    body: 'stream',
    response: Prediction.extend({ modelId: Id, version: Version }),
    errors: [...PREDICTION_ERRORS, 'model.ambiguous'],
  }),
  promote: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/promote',
    summary: 'Point an alias to a version; the champion before becomes @rollback. Without a version: the candidate',
    access: 'user',
    params: ModelParams,
    body: Reasoned.extend({ version: Version.optional(), alias: AliasName.default('champion') }),
    response: RegisteredModel,
    errors: ['model.not_found', 'model.alias_unset', 'model.version_deleted'],
  }),
  rollback: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/rollback',
    summary: 'Swap @champion and @rollback; with `from` only while that is the champion',
    access: 'user',
    params: ModelParams,
    body: Reasoned.extend({ from: Version.optional() }),
    response: RegisteredModel,
    errors: ['model.not_found', 'model.alias_unset', 'request.conflict'],
  }),
  removeAlias: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/aliases/:alias/remove',
    summary: 'Let an alias point to nothing',
    access: 'user',
    params: ModelParams.extend({ alias: AliasName }),
    body: Reasoned,
    response: RegisteredModel,
    errors: ['model.not_found', 'model.alias_unset'],
  }),
  aliasChanges: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/alias-changes',
    summary: "Every change of a model's aliases, the latest first: who, when, why",
    access: 'user',
    params: ModelParams,
    response: z.array(AliasChange),
    errors: ['model.not_found'],
  }),
  restoreAliases: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/alias-changes/:changeId/restore',
    summary: 'Return to the aliases as they were after a change',
    access: 'user',
    params: ModelParams.extend({ changeId: Id }),
    body: Reasoned,
    response: RegisteredModel,
    errors: ['model.not_found', 'model.version_deleted'],
  }),
  resolve: route({
    method: 'GET',
    path: '/api/v1/models/resolve',
    summary: 'The version that a mallo:// URI means now; `project` where more than one has a model of that name',
    access: 'user',
    query: z.strictObject({ uri: ModelUri, project: Id.optional() }),
    response: ModelVersion,
    errors: ['model.not_found', 'model.ambiguous', 'request.invalid'],
  }),
  deprecate: route({
    method: 'PUT',
    path: '/api/v1/models/:modelId/versions/:version/deprecation',
    summary: 'Say why a version should no longer be used, or with null that it may',
    access: 'user',
    params: VersionParams,
    body: z.strictObject({ deprecation: z.string().trim().min(1).max(1000).nullable() }),
    response: ModelVersion,
    errors: ['model.not_found'],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/v1/models/:modelId/versions/:version',
    summary: 'Delete a version; for 30 days it can be restored. Refused while an alias points to it',
    access: 'user',
    params: VersionParams,
    response: DeletedVersion,
    errors: ['model.not_found', 'model.version_aliased'],
  }),
  restore: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/versions/:version/restore',
    summary: 'Take a deletion back',
    access: 'user',
    params: VersionParams,
    response: ModelVersion,
    errors: ['model.not_found'],
  }),
  purge: route({
    method: 'POST',
    path: '/api/v1/models/:modelId/versions/:version/purge',
    summary: 'Free the bytes of a deleted version now; it cannot be restored any more',
    access: 'user',
    params: VersionParams,
    response: z.strictObject({ freedBytes: z.int() }),
    errors: ['model.not_found'],
  }),
  storage: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/models/storage',
    summary: 'What the models hold, and which deleted versions hold what until when',
    access: 'user',
    params: ProjectParams,
    response: z.strictObject({ heldBytes: z.int(), deleted: z.array(DeletedVersion) }),
    errors: ['project.not_found'],
  }),
  card: route({
    method: 'GET',
    path: '/api/v1/models/:modelId/versions/:version/card',
    summary: 'The model card of a version: Markdown after YAML metadata, as Hugging Face has it',
    access: 'user',
    params: VersionParams,
    query: z.strictObject({ locale: Locale.default('en') }),
    response: 'stream',
    errors: ['model.not_found'],
  }),
};
