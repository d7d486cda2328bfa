import { z } from 'zod';
import { TrainingConfig } from './configs.js';
import { Id, Timestamp } from './identity.js';
import { TaskType } from './parse.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { RunResult } from './runs.js';

export const Artifact = z.strictObject({
  /** File name within the version, such as "model.onnx". */
  name: z.string(),
  sizeBytes: z.int(),
  sha256: z.string(),
});
export type Artifact = z.infer<typeof Artifact>;

export const ModelVersionSummary = z.strictObject({
  id: Id,
  version: z.string(),
  createdAt: Timestamp,
  runId: Id.nullable(),
  valAccuracy: z.number().nullable(),
  architecture: z.string(),
});
export type ModelVersionSummary = z.infer<typeof ModelVersionSummary>;

export const RegisteredModel = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  taskType: TaskType,
  createdAt: Timestamp,
  /** The newest first. */
  versions: z.array(ModelVersionSummary),
});
export type RegisteredModel = z.infer<typeof RegisteredModel>;

export const ModelVersion = ModelVersionSummary.extend({
  modelId: Id,
  modelName: z.string(),
  projectId: Id,
  config: TrainingConfig,
  configHash: z.string(),
  datasetVersionSha256: z.string(),
  recipe: z.string(),
  result: RunResult,
  artifacts: z.array(Artifact),
});
export type ModelVersion = z.infer<typeof ModelVersion>;

export const Prediction = z.strictObject({
  classes: z.array(z.strictObject({ name: z.string(), confidence: z.number() })),
  /** Time in the model alone. */
  latencyMs: z.number(),
});
export type Prediction = z.infer<typeof Prediction>;

const ModelParams = z.strictObject({ modelId: Id });
const VersionParams = ModelParams.extend({ version: z.string().regex(/^\d+\.\d+\.\d+$/) });

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
    errors: ['model.not_found', 'model.artifact_missing', 'model.broken', 'image.unreadable', 'request.too_large'],
  }),
};
