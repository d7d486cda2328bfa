import { z } from 'zod';
import { route } from './route.js';

/**
 * MLflow's model registry: what Mallo's registry holds, under MLflow's names. Forms and answers are MLflow's
 * (`mlflow/protos/model_registry.proto`); what it checks beyond the type is checked where it is served, in its words.
 */
const Text = z.string().min(1);
const Tag = z.object({ key: z.string().default(''), value: z.string().default('') });
const Tags = z.array(Tag).max(1_000).default([]);

/** One or several, as `?a=1&a=2` is read. */
const several = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string()).max(100));

const page = (most: number, usual: number) => ({
  filter: z.string().max(100_000).default(''),
  max_results: z.coerce.number().int().max(most).default(usual),
  order_by: several.default([]),
  page_token: z.string().max(10_000).default(''),
});

const OfModel = z.object({ name: Text });
const OfVersion = z.object({ name: Text, version: Text });

const TagAnswer = z.strictObject({ key: z.string(), value: z.string() });

const Version = z.strictObject({
  name: z.string(),
  version: z.string(),
  creation_timestamp: z.int(),
  last_updated_timestamp: z.int(),
  current_stage: z.enum(['None', 'Staging', 'Production', 'Archived']),
  description: z.string().optional(),
  source: z.string(),
  run_id: z.string(),
  status: z.literal('READY'),
  tags: z.array(TagAnswer).optional(),
  run_link: z.string(),
  aliases: z.array(z.string()).optional(),
});
export type MlflowModelVersion = z.infer<typeof Version>;

const Model = z.strictObject({
  name: z.string(),
  creation_timestamp: z.int(),
  last_updated_timestamp: z.int(),
  description: z.string().optional(),
  latest_versions: z.array(Version).optional(),
  tags: z.array(TagAnswer).optional(),
  aliases: z.array(z.strictObject({ alias: z.string(), version: z.string() })).optional(),
});
export type MlflowRegisteredModel = z.infer<typeof Model>;

const OneModel = z.strictObject({ registered_model: Model });
const OneVersion = z.strictObject({ model_version: Version });
const Empty = z.strictObject({});

const MODELS = '/api/2.0/mlflow/registered-models';
const VERSIONS = '/api/2.0/mlflow/model-versions';

export const mlflowModelRoutes = {
  create: route({
    method: 'POST',
    path: `${MODELS}/create`,
    summary: 'Make a model without versions',
    access: 'program',
    body: OfModel.extend({ tags: Tags, description: z.string().default('') }),
    response: OneModel,
  }),
  rename: route({
    method: 'POST',
    path: `${MODELS}/rename`,
    summary: 'Rename a model, with all its versions',
    access: 'program',
    body: OfModel.extend({ new_name: Text }),
    response: OneModel,
  }),
  update: route({
    method: 'PATCH',
    path: `${MODELS}/update`,
    summary: 'Write the description of a model',
    access: 'program',
    body: OfModel.extend({ description: z.string().default('') }),
    response: OneModel,
  }),
  remove: route({
    method: 'DELETE',
    path: `${MODELS}/delete`,
    summary: 'Delete a model with its versions; for 30 days they can be restored in Mallo',
    access: 'program',
    body: OfModel,
    response: Empty,
  }),
  get: route({
    method: 'GET',
    path: `${MODELS}/get`,
    summary: 'A model, with its latest version in each stage',
    access: 'program',
    query: OfModel,
    response: OneModel,
  }),
  search: route({
    method: 'GET',
    path: `${MODELS}/search`,
    summary: "Models by MLflow's filters, such as `name LIKE 'pets%' AND tags.team = 'vision'`",
    access: 'program',
    query: z.object(page(1_000, 100)),
    response: z.strictObject({ registered_models: z.array(Model).optional(), next_page_token: z.string().optional() }),
  }),
  latest: route({
    method: 'POST',
    path: `${MODELS}/get-latest-versions`,
    summary: 'The latest version of a model in each stage, or in those given',
    access: 'program',
    body: OfModel.extend({ stages: z.array(z.string()).max(100).default([]) }),
    response: z.strictObject({ model_versions: z.array(Version).optional() }),
  }),
  latestByQuery: route({
    method: 'GET',
    path: `${MODELS}/get-latest-versions`,
    summary: 'The same, as older clients ask it',
    access: 'program',
    query: OfModel.extend({ stages: several.default([]) }),
    response: z.strictObject({ model_versions: z.array(Version).optional() }),
  }),
  setTag: route({
    method: 'POST',
    path: `${MODELS}/set-tag`,
    summary: 'Set a tag of a model',
    access: 'program',
    body: OfModel.extend({ key: Text, value: z.string().default('') }),
    response: Empty,
  }),
  deleteTag: route({
    method: 'DELETE',
    path: `${MODELS}/delete-tag`,
    summary: 'Remove a tag of a model; one that is not there is removed already',
    access: 'program',
    body: OfModel.extend({ key: Text }),
    response: Empty,
  }),
  setAlias: route({
    method: 'POST',
    path: `${MODELS}/alias`,
    summary: 'Point an alias to a version; @champion only past the gates',
    access: 'program',
    body: OfModel.extend({ alias: Text, version: Text }),
    response: Empty,
  }),
  deleteAlias: route({
    method: 'DELETE',
    path: `${MODELS}/alias`,
    summary: 'Let an alias point to nothing',
    access: 'program',
    body: OfModel.extend({ alias: Text }),
    response: Empty,
  }),
  byAlias: route({
    method: 'GET',
    path: `${MODELS}/alias`,
    summary: 'The version that an alias points to; `latest` is the newest',
    access: 'program',
    query: OfModel.extend({ alias: Text }),
    response: OneVersion,
  }),
};

export const mlflowVersionRoutes = {
  create: route({
    method: 'POST',
    path: `${VERSIONS}/create`,
    summary: 'Register what a run or a logged model holds as the next version; its files are kept as they are now',
    access: 'program',
    body: OfModel.extend({
      source: Text,
      run_id: z.string().default(''),
      tags: Tags,
      run_link: z.string().max(2_000).default(''),
      description: z.string().default(''),
      model_id: z.string().default(''),
    }),
    response: OneVersion,
  }),
  update: route({
    method: 'PATCH',
    path: `${VERSIONS}/update`,
    summary: 'Write the description of a version, which Mallo keeps as its notes',
    access: 'program',
    body: OfVersion.extend({ description: z.string().default('') }),
    response: OneVersion,
  }),
  transition: route({
    method: 'POST',
    path: `${VERSIONS}/transition-stage`,
    summary: 'Bring a version into a stage: Production is @champion, Staging @candidate',
    access: 'program',
    body: OfVersion.extend({ stage: Text, archive_existing_versions: z.boolean().default(false) }),
    response: OneVersion,
  }),
  remove: route({
    method: 'DELETE',
    path: `${VERSIONS}/delete`,
    summary: 'Delete a version; for 30 days it can be restored in Mallo',
    access: 'program',
    body: OfVersion,
    response: Empty,
  }),
  get: route({
    method: 'GET',
    path: `${VERSIONS}/get`,
    summary: 'A version of a model',
    access: 'program',
    query: OfVersion,
    response: OneVersion,
  }),
  search: route({
    method: 'GET',
    path: `${VERSIONS}/search`,
    summary: "Versions by MLflow's filters, such as `name = 'pets' AND run_id = 'run_…'`",
    access: 'program',
    query: z.object(page(200_000, 200_000)),
    response: z.strictObject({ model_versions: z.array(Version).optional(), next_page_token: z.string().optional() }),
  }),
  downloadUri: route({
    method: 'GET',
    path: `${VERSIONS}/get-download-uri`,
    summary: 'Where the files of a version are, for the artifact server',
    access: 'program',
    query: OfVersion,
    response: z.strictObject({ artifact_uri: z.string() }),
  }),
  setTag: route({
    method: 'POST',
    path: `${VERSIONS}/set-tag`,
    summary: 'Set a tag of a version',
    access: 'program',
    body: OfVersion.extend({ key: Text, value: z.string().default('') }),
    response: Empty,
  }),
  deleteTag: route({
    method: 'DELETE',
    path: `${VERSIONS}/delete-tag`,
    summary: 'Remove a tag of a version; one that is not there is removed already',
    access: 'program',
    body: OfVersion.extend({ key: Text }),
    response: Empty,
  }),
};
