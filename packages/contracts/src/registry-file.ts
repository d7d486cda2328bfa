import { z } from 'zod';
import { AliasChange, AliasState, Version } from './aliases.js';
import { GateChange, Gates } from './gates.js';
import { Id, Timestamp } from './identity.js';
import { FileKind, ModelVersion, Notes } from './model-versions.js';
import { ModelName } from './names.js';
import { TaskType } from './parse.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { RunId } from './runs.js';
import { Tags } from './tags.js';

/** Counts up when a registry.yaml of before could no longer be read in the same way. */
export const REGISTRY_FORMAT = 1;

/** The first document of a registry.yaml; each after it is a model. */
export const RegistryHead = z.strictObject({ 'mallo-registry': z.literal(REGISTRY_FORMAT) });

const Key = z.string().max(300);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What only the server keeps of a change: its place in the order, and the key that lets it happen once. */
const AliasEntry = AliasChange.extend({ key: Key, by: z.string().max(200).nullable() });
const GateEntry = GateChange.extend({ key: Key, by: z.string().max(200).nullable() });

const RegistryFileEntry = z.strictObject({
  name: z.string().min(1).max(2_000),
  /** Where it is in the zip, such as `models/pets/1.0.0/model.onnx`. */
  path: z.string().min(1).max(3_000),
  sizeBytes: z.int().min(0),
  sha256: Sha256,
  kind: FileKind.optional(),
});

const { shape } = ModelVersion;

/** A version as registry.yaml holds it, deleted ones too; of a purged one the files are gone. */
export const RegistryVersion = z.strictObject({
  version: Version,
  id: Id,
  createdAt: Timestamp,
  architecture: z.string().max(200),
  framework: z.string().max(50),
  metrics: shape.metrics,
  valAccuracy: shape.valAccuracy,
  memo: z.string(),
  tags: Tags,
  deprecation: z.string().nullable(),
  madeFrom: Version.nullable(),
  deletedAt: Timestamp.nullable(),
  purgedAt: Timestamp.nullable(),
  runId: RunId.nullable(),
  key: Key.nullable(),
  datasetName: z.string().nullable(),
  datasetVersionSha256: Sha256.nullable(),
  configHash: z.string().max(200).nullable(),
  recipe: z.string().max(200).nullable(),
  inputShape: shape.inputShape,
  classNames: shape.classNames,
  /** The oldest first. */
  notes: z.array(Notes),
  config: shape.config,
  result: shape.result,
  transcript: shape.transcript,
  /** Files of before know nothing of these, here and in the model. */
  logged: shape.logged.default(null),
  files: z.array(RegistryFileEntry),
});
export type RegistryVersion = z.infer<typeof RegistryVersion>;

/** A model as registry.yaml holds it, with all that ever happened to it. */
export const RegistryModel = z.strictObject({
  model: ModelName,
  id: Id,
  taskType: TaskType.nullable(),
  description: z.string().default(''),
  deletedAt: Timestamp.nullable().default(null),
  createdAt: Timestamp,
  changedAt: Timestamp,
  tags: Tags,
  aliases: AliasState,
  gates: Gates,
  /** These three: the oldest first. */
  aliasChanges: z.array(AliasEntry),
  gateChanges: z.array(GateEntry),
  versions: z.array(RegistryVersion),
});
export type RegistryModel = z.infer<typeof RegistryModel>;

/** What an import made. */
export const RegistryImport = z.strictObject({
  models: z.int(),
  versions: z.int(),
  files: z.int(),
  sizeBytes: z.int(),
  /** Whether models and versions have the ids of the file; they get new ones where those are in use here. */
  idsKept: z.boolean(),
});
export type RegistryImport = z.infer<typeof RegistryImport>;

export const registryFileRoutes = {
  export: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/registry-file',
    summary: "A project's whole registry as a zip: registry.yaml, and the files of the models beside it",
    access: 'user',
    params: ProjectParams,
    response: 'stream',
    errors: ['project.not_found', 'model.artifact_missing'],
  }),
  import: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/registry-file',
    summary: 'Take an uploaded zip of `export` over into a project without models; every SHA-256 is checked',
    access: 'user',
    params: ProjectParams,
    body: z.strictObject({ uploadId: Id, key: z.string().regex(/^[\w-]{8,64}$/) }),
    response: RegistryImport,
    errors: [
      'project.not_found',
      'upload.not_found',
      'upload.unfinished',
      'registry.not_empty',
      'registry.unreadable',
      'registry.format_unknown',
      'registry.file_missing',
      'registry.file_altered',
      'model.file_empty',
      'model.file_mismatch',
      'model.file_damaged',
      'model.external_data',
      'model.external_data_outside',
      'model.custom_operators',
      'dataset.not_a_zip',
      'dataset.encrypted',
      'dataset.unsafe_path',
      'dataset.special_file',
      'dataset.unnamed_file',
      'dataset.zip_bomb',
      'dataset.too_many_files',
      'server.disk_full',
    ],
  }),
};
