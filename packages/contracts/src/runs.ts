import { z } from 'zod';
import { TrainingConfig } from './configs.js';
import { Problem } from './errors.js';
import { Id, Timestamp } from './identity.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';

export const RunStatus = z.enum(['queued', 'running', 'cancelling', 'completed', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof RunStatus>;
/** Those of a run that will be nothing else any more. */
export const ENDED_STATUSES: readonly RunStatus[] = ['completed', 'failed', 'cancelled'];

export const StepName = z.enum([
  'validate_dataset',
  'prepare_model',
  'allocate_compute',
  'run_training',
  'register_model',
  'release_compute',
]);
export type StepName = z.infer<typeof StepName>;

export const WorkflowStep = z.strictObject({
  name: StepName,
  status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled', 'skipped']),
  /** Tries so far. */
  attempt: z.int(),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type WorkflowStep = z.infer<typeof WorkflowStep>;

/** A sentence worth knowing though nothing failed: where the weights came from, that a training was resumed … */
export const RunNotice = z.strictObject({
  code: z.enum(['weights_unavailable', 'weights_found', 'resumed', 'early_stopped', 'precision_fallback', 'other']),
  message: z.strictObject({ ko: z.string(), en: z.string() }),
  at: Timestamp,
});
export type RunNotice = z.infer<typeof RunNotice>;

export const ClassMetrics = z.strictObject({
  name: z.string(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  support: z.int(),
});

export const RunResult = z.strictObject({
  metrics: z.record(z.string(), z.number()),
  bestEpoch: z.int(),
  /** Fewer than the config's when the training ended early. */
  epochsDone: z.int(),
  perClass: z.array(ClassMetrics),
  /** Rows: true class; columns: predicted class; in the order of the config's classNames. */
  confusionMatrix: z.array(z.array(z.int())),
  /** The largest absolute difference between PyTorch's and ONNX's probabilities. */
  onnxMaxDifference: z.number(),
  durationSeconds: z.number(),
  /** The most that the trainer held: of the GPU where it trained on one, else of RAM. Absent in older runs. */
  peakMemoryBytes: z.number().optional(),
  device: z.string(),
  weightsSource: z.string(),
});
export type RunResult = z.infer<typeof RunResult>;

export const ModelRef = z.strictObject({ modelId: Id, name: z.string(), version: z.string() });
export type ModelRef = z.infer<typeof ModelRef>;

export const RunSummary = z.strictObject({
  id: Id,
  name: z.string(),
  projectId: Id,
  conversationId: Id.nullable(),
  configId: Id,
  status: RunStatus,
  modelName: z.string(),
  datasetName: z.string(),
  /** The figure by which the best checkpoint was chosen, once there is one. */
  valAccuracy: z.number().nullable(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const Run = RunSummary.extend({
  config: TrainingConfig,
  configHash: z.string(),
  steps: z.array(WorkflowStep),
  notices: z.array(RunNotice),
  problem: Problem.nullable(),
  result: RunResult.nullable(),
  model: ModelRef.nullable(),
});
export type Run = z.infer<typeof Run>;

/** Mallo's own ids, and those that runs brought with them from an MLflow: whatever MLflow takes. */
export const RunId = z.string().regex(/^[a-zA-Z0-9][\w-]{0,255}$/);

export const RunParams = z.strictObject({ runId: RunId });

export const runRoutes = {
  list: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/runs',
    summary: "A project's runs, the newest first",
    access: 'user',
    params: ProjectParams,
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: z.array(RunSummary),
    errors: ['project.not_found'],
  }),
  get: route({
    method: 'GET',
    path: '/api/v1/runs/:runId',
    summary: 'A run: config, workflow steps, result',
    access: 'user',
    params: RunParams,
    response: Run,
    errors: ['run.not_found'],
  }),
  cancel: route({
    method: 'POST',
    path: '/api/v1/runs/:runId/cancel',
    summary: 'Ask a run to stop; it ends as cancelled within seconds',
    access: 'user',
    params: RunParams,
    response: Run,
    errors: ['run.not_found', 'run.finished'],
  }),
  putArtifact: route({
    method: 'PUT',
    path: '/api/v1/runs/:runId/artifacts/:name',
    summary: 'Keep a file of a run (body: the bytes); the same bytes again change nothing',
    access: 'run',
    params: RunParams.extend({ name: z.string().regex(/^[\w][\w.-]{0,100}$/) }),
    query: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    body: 'stream',
    response: z.strictObject({ sizeBytes: z.int() }),
    errors: ['run.not_found', 'request.invalid', 'server.disk_full'],
  }),
};
