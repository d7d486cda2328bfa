import { z } from 'zod';
import { METRIC_KEY_CHARACTERS, MetricKey, MetricValue } from './live.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { RunId, RunParams, RunStatus } from './runs.js';
import { ExperimentId } from './tracking.js';

/**
 * What MLflow's own API cannot say: experiments, runs, logged models and versions as they were elsewhere, with their ids,
 * times and numbers. Each route can be sent again, and adds only
 * what is not there; what is there and differs stays, and is named in the answer.
 */
const Key = z.string().min(1).max(METRIC_KEY_CHARACTERS);
const Text = z.string().max(1_000_000);
const Pairs = z.array(z.strictObject({ key: Key, value: Text })).max(5_000);
const Name = z.string().max(500);
const TimeMs = z.int().min(0);
const Step = z.int();
const LifecycleStage = z.enum(['active', 'deleted']);

/** What is there already and is otherwise, in words such as `status` or `param lr`. */
const Differing = z.array(z.string());

/** MLflow tells a logged model's id from a name by its form. */
export const LoggedModelId = z.string().regex(/^m-[0-9a-zA-Z]{1,60}$/);

export const ImportedExperiment = z.strictObject({
  /** By which it is known; `Default` is the project's own. */
  name: Name.min(1),
  lifecycleStage: LifecycleStage,
  createdMs: TimeMs,
  updatedMs: TimeMs,
  tags: Pairs,
});
export type ImportedExperiment = z.infer<typeof ImportedExperiment>;

export const ImportedRun = z.strictObject({
  experimentId: ExperimentId,
  name: z.string().max(10_000),
  user: Name,
  status: RunStatus,
  startedMs: TimeMs.nullable(),
  endedMs: TimeMs.nullable(),
  lifecycleStage: LifecycleStage,
  params: Pairs,
  tags: Pairs,
  datasets: z
    .array(
      z.strictObject({
        dataset: z.strictObject({
          name: Name,
          digest: z.string().max(100),
          sourceType: z.string().max(100),
          source: Text,
          schema: Text.nullable(),
          profile: Text.nullable(),
        }),
        tags: Pairs,
      }),
    )
    .max(1_000),
  inputModels: z.array(LoggedModelId).max(1_000),
  outputModels: z.array(z.strictObject({ modelId: LoggedModelId, step: Step })).max(1_000),
});
export type ImportedRun = z.infer<typeof ImportedRun>;

export const ImportedCurves = z.strictObject({
  /** Points column by column. */
  curves: z
    .array(
      z
        .strictObject({
          key: MetricKey,
          steps: z.array(Step),
          timesMs: z.array(TimeMs),
          values: z.array(MetricValue),
        })
        .refine(
          ({ steps, timesMs, values }) => steps.length === values.length && timesMs.length === values.length,
          'columns of different lengths',
        ),
    )
    .refine(
      (curves) => curves.reduce((sum, { values }) => sum + values.length, 0) <= 20_000,
      'more than 20,000 points',
    ),
  /** With the last points of a run: what is known of all of them in the source. It is told when the run is sent again. */
  mark: z.string().max(100).optional(),
});
export type ImportedCurves = z.infer<typeof ImportedCurves>;

export const ImportedLoggedModel = z.strictObject({
  experimentId: ExperimentId,
  name: Name,
  modelType: Name,
  sourceRunId: z.string().max(256),
  status: z.enum(['PENDING', 'READY', 'UPLOAD_FAILED']),
  lifecycleStage: LifecycleStage,
  createdMs: TimeMs,
  updatedMs: TimeMs,
  params: Pairs,
  tags: Pairs,
  points: z
    .array(
      z.strictObject({
        runId: RunId,
        key: MetricKey,
        step: Step,
        timeMs: TimeMs,
        value: MetricValue,
        datasetName: Name,
        datasetDigest: z.string().max(100),
      }),
    )
    .max(10_000),
});
export type ImportedLoggedModel = z.infer<typeof ImportedLoggedModel>;

export const trackingImportRoutes = {
  experiment: route({
    method: 'PUT',
    path: '/live/v1/projects/:projectId/imports/experiments',
    summary: 'Make an experiment as it was in an MLflow, or find the one of its name',
    access: 'user',
    params: ProjectParams,
    body: ImportedExperiment,
    response: z.strictObject({
      experimentId: ExperimentId,
      /** Where files of it are logged to. */
      artifactLocation: z.string(),
      isNew: z.boolean(),
      differing: Differing,
    }),
    errors: ['project.not_found'],
  }),
  run: route({
    method: 'PUT',
    path: '/live/v1/projects/:projectId/imports/runs/:runId',
    summary: 'Make a run as it was in an MLflow, under its id; while it is not ended it follows what is sent',
    access: 'user',
    params: ProjectParams.extend(RunParams.shape),
    body: ImportedRun,
    response: z.strictObject({
      isNew: z.boolean(),
      differing: Differing,
      /** What was last sent of its points as `mark`; null: not all of them have come. */
      pointsMark: z.string().nullable(),
    }),
    errors: ['project.not_found', 'import.in_other_project', 'request.not_found'],
  }),
  points: route({
    method: 'POST',
    path: '/live/v1/projects/:projectId/imports/runs/:runId/points',
    summary: 'Add points to a run, also to one that is deleted; a point that is there stays one',
    access: 'user',
    params: ProjectParams.extend(RunParams.shape),
    body: ImportedCurves,
    errors: ['project.not_found', 'run.not_found'],
  }),
  loggedModel: route({
    method: 'PUT',
    path: '/live/v1/projects/:projectId/imports/logged-models/:modelId',
    summary: 'Make a logged model as it was in an MLflow, under its id',
    access: 'user',
    params: ProjectParams.extend({ modelId: LoggedModelId }),
    body: ImportedLoggedModel,
    response: z.strictObject({ isNew: z.boolean(), differing: Differing }),
    errors: ['project.not_found', 'import.in_other_project', 'request.not_found'],
  }),
};

export const ImportedVersion = z.strictObject({
  number: z.int().min(1).max(2_000_000_000),
  /** As it is told; `files` says what of the project is meant. */
  source: z.string().max(10_000),
  runId: z.string().max(256),
  modelId: z.string().max(100),
  runLink: z.string().max(2_000),
  description: z.string().max(100_000),
  tags: Pairs,
  stage: z.enum(['Staging', 'Production', 'Archived']).nullable(),
  createdMs: TimeMs,
  updatedMs: TimeMs,
  /** Where the files were logged, of a run or of a logged model; null: they are nowhere here. */
  files: z.strictObject({ of: z.enum(['run', 'logged model']), id: RunId, path: z.string().max(2_000) }).nullable(),
});
export type ImportedVersion = z.infer<typeof ImportedVersion>;

export const ImportedModel = z.strictObject({
  name: z.string().min(1).max(300),
  description: z.string().max(100_000),
  tags: Pairs,
  createdMs: TimeMs,
  updatedMs: TimeMs,
  /** Some or all, in the order of their numbers, and the aliases that point to them. */
  versions: z.array(ImportedVersion).max(200),
  /** Pairs, as a name may be one that no object has for a key: `__proto__`. */
  aliases: z.array(z.strictObject({ name: z.string().max(300), number: z.int() })).max(5_000),
});
export type ImportedModel = z.infer<typeof ImportedModel>;

export const modelImportRoutes = {
  model: route({
    method: 'PUT',
    path: '/api/v1/imports/models',
    summary:
      'Make a registered model as it was in an MLflow, or add the versions to it that are not there; all or nothing',
    // Runs and logged models are asked for with the same token, which stands for the project.
    access: 'program',
    body: ImportedModel,
    response: z.strictObject({
      isNew: z.boolean(),
      /** The numbers of the versions that were added. */
      added: z.array(z.int()),
      differing: Differing,
      /** Numbers under which there is a version that was not imported, or was and is deleted. */
      taken: z.array(z.int()),
      /** Names that cannot be set here, or that another version holds. */
      aliasesLeftOut: z.array(z.string()),
      /** Of versions whose stage another one is in, or an alias holds. */
      stagesLeftOut: z.array(z.int()),
    }),
    errors: ['request.invalid'],
  }),
};
