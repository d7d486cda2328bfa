import { z } from 'zod';
import { route } from './route.js';

/**
 * MLflow's artifact server: files of runs, of logged models and of registered versions, by their path from the project's
 * artifact root, such as `0/run_…/artifacts/model/MLmodel`. The paths, forms and answers are MLflow's
 * (`mlflow/protos/mlflow_artifacts.proto`); unknown keys are passed over, as it does.
 */
const ArtifactParams = z.object({ '*': z.string().max(2_000) });

const FileInfo = z.strictObject({ path: z.string(), is_dir: z.boolean(), file_size: z.int().optional() });
export type MlflowFileInfo = z.infer<typeof FileInfo>;

/** An answer that says nothing. */
const Empty = z.strictObject({});

const UploadId = z.string().min(1).max(4_000);

export const mlflowArtifactRoutes = {
  list: route({
    method: 'GET',
    path: '/api/2.0/mlflow-artifacts/artifacts',
    summary: 'Files and folders right under a path; of a path that is none of a folder nothing',
    access: 'program',
    query: z.object({ path: z.string().max(2_000).default('') }),
    response: z.strictObject({ files: z.array(FileInfo).optional() }),
  }),
  download: route({
    method: 'GET',
    path: '/api/2.0/mlflow-artifacts/artifacts/*',
    summary: 'Download a file, or the bytes that Range asks for; its SHA-256 is checked',
    access: 'program',
    params: ArtifactParams,
    response: 'stream',
  }),
  upload: route({
    method: 'PUT',
    path: '/api/2.0/mlflow-artifacts/artifacts/*',
    summary: 'Keep a file (body: the bytes), in the place of one that is there',
    access: 'program',
    params: ArtifactParams,
    body: 'stream',
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/2.0/mlflow-artifacts/artifacts/*',
    summary: 'Delete a file, or a folder with all in it; what is not there is deleted already',
    access: 'program',
    params: ArtifactParams,
    response: Empty,
  }),
  beginParts: route({
    method: 'POST',
    path: '/api/2.0/mlflow-artifacts/mpu/create/*',
    summary: 'Begin to upload a file in parts: where each part goes',
    access: 'program',
    params: ArtifactParams,
    body: z.object({
      path: z.string().min(1).max(2_000),
      num_parts: z.coerce.number().int().min(1).max(10_000).default(1),
    }),
    response: z.strictObject({
      upload_id: z.string(),
      credentials: z.array(
        z.strictObject({ url: z.string(), part_number: z.int(), headers: z.record(z.string(), z.string()) }),
      ),
    }),
  }),
  part: route({
    method: 'PUT',
    path: '/api/2.0/mlflow-artifacts/mpu/part/:number',
    summary: 'Keep one part (body: the bytes); what its begin answered lets it in for a day',
    // The client sends parts without its token, as it would to the cloud's storage; the upload id is signed.
    access: 'public',
    params: z.object({ number: z.coerce.number().int().min(1).max(10_000) }),
    query: z.object({ upload: UploadId }),
    body: 'stream',
  }),
  completeParts: route({
    method: 'POST',
    path: '/api/2.0/mlflow-artifacts/mpu/complete/*',
    summary: 'Make the file of its parts; again changes nothing',
    access: 'program',
    params: ArtifactParams,
    body: z.object({
      path: z.string().min(1).max(2_000),
      upload_id: UploadId,
      parts: z
        .array(z.object({ part_number: z.coerce.number().int(), etag: z.string().max(200).nullish() }))
        .min(1)
        .max(10_000),
    }),
    response: Empty,
  }),
  abortParts: route({
    method: 'POST',
    path: '/api/2.0/mlflow-artifacts/mpu/abort/*',
    summary: 'Give an upload in parts up; what came of it is freed',
    access: 'program',
    params: ArtifactParams,
    body: z.object({ path: z.string().min(1).max(2_000), upload_id: UploadId }),
    response: Empty,
  }),
};

export const mlflowRunFileRoutes = {
  list: route({
    method: 'GET',
    path: '/api/2.0/mlflow/artifacts/list',
    summary: "Files and folders of a run right under a path, by their paths from the run's artifact root",
    access: 'program',
    query: z.object({
      run_id: z.string().min(1),
      /** The older name of its id. */
      run_uuid: z.unknown().optional(),
      path: z.string().max(2_000).default(''),
      page_token: z.string().default(''),
    }),
    response: z.strictObject({ root_uri: z.string(), files: z.array(FileInfo).optional() }),
  }),
};
