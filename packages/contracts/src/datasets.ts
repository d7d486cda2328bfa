import { z } from 'zod';
import { Id, Timestamp } from './identity.js';
import { ResourceName } from './names.js';
import { TaskType } from './parse.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';

/** Something a person should know of their images; the dataset was taken nevertheless, without those files. */
export const DatasetProblem = z.strictObject({
  kind: z.enum(['corrupt_image', 'empty_class', 'duplicate', 'ignored_file', 'few_images', 'merged_folders']),
  /** The file; the class for `empty_class` and `few_images`; for `merged_folders` the folders (`train, val`). */
  path: z.string(),
  /** For a duplicate: the file it equals. */
  other: z.string().optional(),
});
export type DatasetProblem = z.infer<typeof DatasetProblem>;

export const DatasetClass = z.strictObject({ name: z.string(), imageCount: z.int() });

export const DatasetVersion = z.strictObject({
  id: Id,
  number: z.int(),
  createdAt: Timestamp,
  imageCount: z.int(),
  sizeBytes: z.int(),
  /** SHA-256 of the manifest: the sorted list of every image's path and SHA-256. */
  sha256: z.string(),
  classes: z.array(DatasetClass),
  /** The first 200; `problemCounts` has them all. */
  problems: z.array(DatasetProblem),
  problemCounts: z.record(z.string(), z.int()),
  medianWidth: z.int(),
  medianHeight: z.int(),
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

export const Dataset = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  taskType: TaskType,
  createdAt: Timestamp,
  version: DatasetVersion,
});
export type Dataset = z.infer<typeof Dataset>;

export const DatasetImage = z.strictObject({
  /** Place in the manifest, from 0. */
  index: z.int(),
  path: z.string(),
  className: z.string(),
  width: z.int(),
  height: z.int(),
  sizeBytes: z.int(),
});
export type DatasetImage = z.infer<typeof DatasetImage>;

export const SampleKind = z.enum(['digits', 'shapes']);
export type SampleKind = z.infer<typeof SampleKind>;

const DatasetParams = z.strictObject({ datasetId: Id });

export const datasetRoutes = {
  list: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/datasets',
    summary: "A project's datasets, the newest first",
    access: 'user',
    params: ProjectParams,
    response: z.array(Dataset),
    errors: ['project.not_found'],
  }),
  upload: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/datasets',
    summary: 'Upload a zip of one folder a class (body: the bytes, application/zip)',
    access: 'user',
    params: ProjectParams,
    query: z.strictObject({ name: ResourceName }),
    body: 'stream',
    response: Dataset,
    errors: [
      'project.not_found',
      'dataset.name_taken',
      'dataset.not_a_zip',
      'dataset.encrypted',
      'dataset.zip_bomb',
      'dataset.unsafe_path',
      'dataset.special_file',
      'dataset.unnamed_file',
      'dataset.too_many_files',
      'dataset.no_images',
      'dataset.one_class',
      'request.too_large',
      'server.disk_full',
    ],
  }),
  createSample: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/datasets/sample',
    summary: 'Make a sample dataset for trying out; the same one again if it is there',
    access: 'user',
    params: ProjectParams,
    body: z.strictObject({ kind: SampleKind }),
    response: Dataset,
    errors: ['project.not_found', 'training.python_missing', 'sample.failed'],
  }),
  get: route({
    method: 'GET',
    path: '/api/v1/datasets/:datasetId',
    summary: 'One dataset with its counts and problems',
    access: 'user',
    params: DatasetParams,
    response: Dataset,
    errors: ['dataset.not_found'],
  }),
  remove: route({
    method: 'DELETE',
    path: '/api/v1/datasets/:datasetId',
    summary: 'Delete a dataset and free its bytes',
    access: 'user',
    params: DatasetParams,
    errors: ['dataset.not_found', 'dataset.in_use'],
  }),
  images: route({
    method: 'GET',
    path: '/api/v1/datasets/:datasetId/images',
    summary: 'Images of one class or of all, a page at a time; with `sample`, spread over the classes',
    access: 'user',
    params: DatasetParams,
    query: z.strictObject({
      className: z.string().optional(),
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(24),
      sample: z.stringbool().default(false),
    }),
    response: z.strictObject({ total: z.int(), images: z.array(DatasetImage) }),
    errors: ['dataset.not_found'],
  }),
  thumbnail: route({
    method: 'GET',
    path: '/api/v1/datasets/:datasetId/images/:index/thumbnail',
    summary: 'An image at most 160 pixels wide and high, WebP',
    access: 'user',
    params: DatasetParams.extend({ index: z.coerce.number().int().min(0) }),
    response: 'stream',
    errors: ['dataset.not_found', 'dataset.file_missing'],
  }),
};
