import { z } from 'zod';
import { NewModelName } from './names.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { ModelRef, RunParams } from './runs.js';

/** A file or folder that a run logged, by its name in the folder that it lies in. */
export const RunArtifact = z.strictObject({
  name: z.string(),
  isFolder: z.boolean(),
  /** Null of a folder. */
  sizeBytes: z.int().nullable(),
});
export type RunArtifact = z.infer<typeof RunArtifact>;

/** The id that MLflow gives a logged model. */
const LoggedModelId = z.string().regex(/^m-[0-9a-f]{1,64}$/);

/** A model among what a run logged: one with a folder of its own, or a folder of the run with an MLmodel file. */
export const RunModel = z.strictObject({
  /** What a version that is made of it comes from: `models:/m-…`, or `runs:/RUN/FOLDER`. */
  source: z.string(),
  name: z.string(),
  /** Its own folder is asked for by this; null: it is a folder of the run. */
  modelId: LoggedModelId.nullable(),
  /** Registered versions that were made of it, the newest first. */
  versions: z.array(ModelRef),
});
export type RunModel = z.infer<typeof RunModel>;

const Params = ProjectParams.extend(RunParams.shape);
const Query = z.strictObject({
  /** A model that the run logged, whose files are meant; left out: the run's own. */
  model: LoggedModelId.optional(),
});
const Path = z.string().max(2_000);

export const runArtifactRoutes = {
  list: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/runs/:runId/artifacts',
    summary: 'What is right under a folder of a run, folders first; of a path that is none of a folder nothing',
    access: 'user',
    params: Params,
    query: Query.extend({ path: Path.default('') }),
    response: z.strictObject({
      /** The root of the run or model; where it is not `mlflow-artifacts:`, its files are kept elsewhere. */
      location: z.string(),
      artifacts: z.array(RunArtifact),
    }),
    errors: ['project.not_found', 'run.not_found', 'request.invalid', 'server.unavailable'],
  }),
  file: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/runs/:runId/artifacts/file',
    summary:
      'A file of a run, or the bytes that Range asks for, to be saved or shown as a picture; its SHA-256 is checked',
    access: 'user',
    params: Params,
    query: Query.extend({ path: Path }),
    response: 'stream',
    errors: [
      'project.not_found',
      'run.not_found',
      'run.artifact_not_found',
      'request.invalid',
      'request.range_unsatisfiable',
      'server.unavailable',
    ],
  }),
  models: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/runs/:runId/logged-models',
    summary: 'Models that a run logged, and the registered versions made of them',
    access: 'user',
    params: Params,
    response: z.array(RunModel),
    errors: ['project.not_found', 'run.not_found', 'server.unavailable'],
  }),
  register: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/runs/:runId/logged-models/register',
    summary:
      'Make the next version of a registered model of one that a run logged; the model is made if it is not there',
    access: 'user',
    params: Params,
    body: z.strictObject({
      source: z.string().min(1).max(2_000),
      name: NewModelName,
      /** Made by the sender: the same key again answers the same version. */
      key: z.string().regex(/^[\w-]{8,64}$/),
    }),
    response: ModelRef,
    errors: [
      'project.not_found',
      'run.not_found',
      'run.artifact_not_found',
      'model.task_differs',
      'model.version_deleted',
      'server.unavailable',
    ],
  }),
};
