import { z } from 'zod';
import { AliasState, Stages, Version } from './aliases.js';
import { TrainingConfig } from './configs.js';
import { Transcript } from './conversations.js';
import { Gate } from './gates.js';
import { Id, Timestamp } from './identity.js';
import { TaskType } from './parse.js';
import { InputShape } from './registrations.js';
import { RunId, RunResult } from './runs.js';
import { Tags } from './tags.js';

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

/** What a version that came over MLflow says of itself. */
export const LoggedModel = z.strictObject({
  /** Where its files were, such as `models:/m-…` or `mlflow-artifacts:/0/run_…/artifacts/model`. */
  source: z.string(),
  /** The same as a place: of a logged model, or `source` again. */
  location: z.string(),
  /** The logged model that it was registered from, if any. */
  modelId: z.string().nullable(),
  /** The run that logged it, if any. */
  runId: z.string().nullable(),
  runLink: z.string().nullable(),
  /** Of the run, as they were when it was registered. */
  params: z.record(z.string(), z.string()),
  /** Each way to load it that its MLmodel file names, such as `pytorch`, with the version of the library. */
  flavors: z.array(z.strictObject({ name: z.string(), version: z.string().nullable() })),
});
export type LoggedModel = z.infer<typeof LoggedModel>;

export const ModelVersionSummary = z.strictObject({
  id: Id,
  version: z.string(),
  /** In the order of registration, from 1; what MLflow calls the version. */
  number: z.int(),
  createdAt: Timestamp,
  runId: RunId.nullable(),
  valAccuracy: z.number().nullable(),
  /** All figures of the version, such as val_accuracy and val_loss. */
  metrics: z.record(z.string(), z.number()),
  /** Such as "pytorch". */
  framework: z.string(),
  architecture: z.string(),
  sizeBytes: z.int(),
  /** Why it should no longer be used; null: it may. */
  deprecation: z.string().nullable(),
  tags: Tags,
});
export type ModelVersionSummary = z.infer<typeof ModelVersionSummary>;

export const RegisteredModel = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  description: z.string(),
  /** Null: not known; a program made the model without saying what for. */
  taskType: TaskType.nullable(),
  createdAt: Timestamp,
  tags: Tags,
  aliases: AliasState,
  stages: Stages,
  /** What a version must pass to become the @champion. */
  gates: z.array(Gate),
  /** The newest first. */
  versions: z.array(ModelVersionSummary),
});
export type RegisteredModel = z.infer<typeof RegisteredModel>;

/** Notes that people keep beside a version, in Markdown; the version itself never changes. */
export const Notes = z.strictObject({
  id: Id,
  text: z.string(),
  /** Null when whoever wrote them is no longer here. */
  by: z.string().nullable(),
  at: Timestamp,
});
export type Notes = z.infer<typeof Notes>;

export const ModelVersion = ModelVersionSummary.extend({
  modelId: Id,
  modelName: z.string(),
  projectId: Id,
  taskType: TaskType.nullable(),
  inputShape: InputShape.nullable(),
  /** In the order of the model's outputs; null: not known, or it is no classifier. */
  classNames: z.array(z.string()).nullable(),
  datasetName: z.string().nullable(),
  memo: z.string(),
  /** The version of a dataset that the figures were measured on; null: not known. */
  datasetVersionSha256: z.string().nullable(),
  /** These four are known of a version that was trained here, and null for one made from uploaded files. */
  config: TrainingConfig.nullable(),
  configHash: z.string().nullable(),
  recipe: z.string().nullable(),
  result: RunResult.nullable(),
  /** The conversation that made it; null for a model that came another way. */
  transcript: Transcript.nullable(),
  /** Null for a version that did not come over MLflow. */
  logged: LoggedModel.nullable(),
  /** The version of the same model that this one was converted or quantized from. */
  madeFrom: Version.nullable(),
  /** Versions that were made from this one. */
  children: z.array(Version),
  /** Null until somebody writes some. */
  notes: Notes.nullable(),
  artifacts: z.array(Artifact),
});
export type ModelVersion = z.infer<typeof ModelVersion>;

/**
 * A version of a model: `1.2.0`; `latest`; `best`, `best:METRIC` or `best:METRIC:min`; `v3`, the third registered; an
 * alias, with or without its @; or a stage: `Production` is the @champion, `Staging` the @candidate, `Archived` the
 * newest that is no longer in use. `latest` and `best` are deprecated versions only where a model has no other.
 */
export const VersionRef = z.string().regex(/^@?[\p{L}\p{N}_.:-]{1,300}$/u);

/** `mallo://models/NAME@ALIAS`, `mallo://models/NAME/REF`, `mallo://models/NAME` for the latest; NAME percent-encoded. */
export const ModelUri = z.string().regex(/^mallo:\/\/models\/[^@/?#\s]+(@[\p{L}\p{N}_-]+|\/@?[\p{L}\p{N}_.:-]+)?$/u);

/** Why no version is meant by a name and a reference. */
export const REFERENCE_ERRORS = [
  'model.not_found',
  'model.version_unknown',
  'model.alias_unknown',
  'model.stage_empty',
  'model.metric_unknown',
  'model.ambiguous',
] as const;

export const ModelParams = z.strictObject({ modelId: Id });
export const VersionParams = ModelParams.extend({ version: Version });
