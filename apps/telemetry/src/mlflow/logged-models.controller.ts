import { CurrentProgram, Endpoint, MlflowInput, type Program } from '@mallo/backend';
import type { MlflowLoggedModel, RouteInput } from '@mallo/contracts';
import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { asJson } from '../points/batch.js';
import type { LoggedModel, ModelPoint, ModelStatus } from '../tracking/logged-models.repository.js';
import { LoggedModelsService } from './logged-models.service.js';
import { Int64, Pairs, Required, Text, Texts } from './messages.js';
import { ModelFilesClient } from './model-files.client.js';
import { mlflowRoute } from './route.js';
import { nonEmpty, pairMessage } from './run-messages.js';

const OfModel = z.object({ modelId: Required });
const STATUSES: ModelStatus[] = ['PENDING', 'READY', 'UPLOAD_FAILED'];
const PREFIX = 'LOGGED_MODEL_';
const Status = z
  .union([z.enum(STATUSES.map((status) => PREFIX + status)), z.int().min(1).max(3)])
  .transform((status) =>
    typeof status === 'number' ? (STATUSES[status - 1] ?? 'PENDING') : (status.slice(PREFIX.length) as ModelStatus),
  );

export const loggedModelRoutes = {
  create: mlflowRoute('POST', '/logged-models', {
    body: z.object({
      experiment_id: Required,
      name: z.string().optional(),
      model_type: Text,
      source_run_id: Text,
      params: Pairs,
      tags: Pairs,
    }),
  }),
  search: mlflowRoute('POST', '/logged-models/search', {
    body: z.object({
      experiment_ids: Texts.pipe(z.array(z.string()).min(1)),
      filter: Text,
      datasets: z.array(z.object({ dataset_name: Text, dataset_digest: Text })).default([]),
      max_results: Int64.default(0),
      order_by: z
        .array(
          z.object({
            field_name: Text,
            ascending: z.boolean().default(true),
            dataset_name: Text,
            dataset_digest: Text,
          }),
        )
        .default([]),
      page_token: Text,
    }),
  }),
  get: mlflowRoute('GET', '/logged-models/:modelId', { params: OfModel, query: z.object({ allow_deleted: Text }) }),
  finalize: mlflowRoute('PATCH', '/logged-models/:modelId', { params: OfModel, body: z.object({ status: Status }) }),
  delete: mlflowRoute('DELETE', '/logged-models/:modelId', { params: OfModel }),
  addParams: mlflowRoute('POST', '/logged-models/:modelId/params', {
    params: OfModel,
    body: z.object({ params: Pairs }),
  }),
  setTags: mlflowRoute('PATCH', '/logged-models/:modelId/tags', { params: OfModel, body: z.object({ tags: Pairs }) }),
  deleteTag: mlflowRoute('DELETE', '/logged-models/:modelId/tags/:key', { params: OfModel.extend({ key: Required }) }),
  files: mlflowRoute('GET', '/logged-models/:modelId/artifacts/directories', {
    params: OfModel,
    query: z.object({ artifact_directory_path: Text }),
  }),
};
type Routes = typeof loggedModelRoutes;
type In<K extends keyof Routes> = RouteInput<Routes[K]>;

@Controller()
export class LoggedModelsController {
  constructor(
    private readonly models: LoggedModelsService,
    private readonly modelFiles: ModelFilesClient,
  ) {}

  @Endpoint(loggedModelRoutes.create)
  async create(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'create'>) {
    const { experiment_id: experimentId, name, model_type: modelType, source_run_id: sourceRunId } = body;
    const { params, tags } = body;
    const model = { experimentId, name, modelType, sourceRunId, params, tags };
    return { model: modelMessage(await this.models.create(program, model)) };
  }

  @Endpoint(loggedModelRoutes.search)
  async search(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'search'>) {
    const { models, nextToken } = await this.models.search(program, {
      experimentIds: body.experiment_ids,
      filter: body.filter,
      datasets: body.datasets.map(({ dataset_name: name, dataset_digest: digest }) => ({ name, digest })),
      orderBy: body.order_by.map(({ field_name: field, ascending, dataset_name: name, dataset_digest: digest }) => ({
        field,
        ascending,
        dataset: { name, digest },
      })),
      maxResults: body.max_results,
      pageToken: body.page_token,
    });
    return { ...nonEmpty('models', models.map(modelMessage)), ...(nextToken ? { next_page_token: nextToken } : {}) };
  }

  @Endpoint(loggedModelRoutes.get)
  async get(@CurrentProgram() program: Program, @MlflowInput() { params, query }: In<'get'>) {
    const allowDeleted = query.allow_deleted.toLowerCase() === 'true';
    return { model: modelMessage(await this.models.get(program, params.modelId, { allowDeleted })) };
  }

  @Endpoint(loggedModelRoutes.finalize)
  async finalize(@CurrentProgram() program: Program, @MlflowInput() { params, body }: In<'finalize'>) {
    return { model: modelMessage(await this.models.finalize(program, params.modelId, body.status)) };
  }

  @Endpoint(loggedModelRoutes.delete)
  async delete(@CurrentProgram() program: Program, @MlflowInput() { params }: In<'delete'>) {
    await this.models.delete(program, params.modelId);
    return {};
  }

  @Endpoint(loggedModelRoutes.addParams)
  async addParams(@CurrentProgram() program: Program, @MlflowInput() { params, body }: In<'addParams'>) {
    await this.models.addParams(program, params.modelId, body.params);
    return {};
  }

  @Endpoint(loggedModelRoutes.setTags)
  async setTags(@CurrentProgram() program: Program, @MlflowInput() { params, body }: In<'setTags'>) {
    await this.models.setTags(program, params.modelId, body.tags);
    return {};
  }

  @Endpoint(loggedModelRoutes.deleteTag)
  async deleteTag(@CurrentProgram() program: Program, @MlflowInput() { params }: In<'deleteTag'>) {
    await this.models.deleteTag(program, params.modelId, params.key);
    return {};
  }

  @Endpoint(loggedModelRoutes.files)
  async files(
    @CurrentProgram() program: Program,
    @MlflowInput() { params, query }: In<'files'>,
    @Headers('authorization') authorization: string,
  ) {
    const { artifactUri } = await this.models.get(program, params.modelId);
    const files = await this.modelFiles.list(artifactUri, query.artifact_directory_path, authorization);
    return { ...nonEmpty('files', files), root_uri: artifactUri };
  }
}

function modelMessage(model: LoggedModel) {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.createdMs,
      last_updated_timestamp_ms: model.updatedMs,
      artifact_uri: model.artifactUri,
      status: PREFIX + model.status,
      model_type: model.modelType,
      source_run_id: model.sourceRunId,
      ...nonEmpty('tags', model.tags.map(pairMessage)),
    },
    data: {
      ...nonEmpty('params', model.params.map(pairMessage)),
      ...nonEmpty('metrics', model.points.map(pointMessage)),
    },
  } satisfies MlflowLoggedModel;
}

function pointMessage(point: ModelPoint) {
  return {
    key: point.key,
    value: asJson(point.value),
    timestamp: point.timeMs,
    step: point.step,
    ...(point.datasetName ? { dataset_name: point.datasetName } : {}),
    ...(point.datasetDigest ? { dataset_digest: point.datasetDigest } : {}),
    model_id: point.modelId,
    run_id: point.runId,
  };
}
