import { CurrentProgram, Endpoint, MlflowInput, type Program } from '@mallo/backend';
import { MlflowError, type RouteInput } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { readBatch, readParam, readPoint, readTag } from './batch.js';
import { readDatasets } from './dataset-inputs.js';
import { LoggingService } from './logging.service.js';
import { Int64, Pairs, Required, Text, Texts, ViewType } from './messages.js';
import { mlflowRoute } from './route.js';
import { nonEmpty, runInfoMessage, runMessage } from './run-messages.js';
import { RunRelationsService } from './run-relations.service.js';
import { MlflowRunsService, STATUS_OF } from './runs.service.js';

const OfRun = z.object({ run_id: Required });
/** By either name of its id, which only the oldest calls take. */
const OfRunByUuid = OfRun.extend({ run_uuid: z.unknown().optional() });
/** What is read by a function of its own. */
const Logged = z.looseObject({ run_id: Required });
const LoggedByUuid = Logged.extend({ run_uuid: z.unknown().optional() });
const STATUSES = Object.keys(STATUS_OF);
const Status = z
  .union([z.enum(STATUSES), z.int().min(1).max(STATUSES.length)])
  .transform((status) => STATUS_OF[typeof status === 'number' ? (STATUSES[status - 1] ?? '') : status]);
const Models = z.array(z.object({ model_id: Required, step: Int64.default(0) }));

export const runRoutes = {
  create: mlflowRoute('POST', '/runs/create', {
    body: z.object({ experiment_id: Text, user_id: Text, run_name: Text, start_time: Int64.default(0), tags: Pairs }),
  }),
  update: mlflowRoute('POST', '/runs/update', {
    body: OfRunByUuid.extend({
      status: Status.optional(),
      end_time: Int64.optional(),
      run_name: z.string().optional(),
    }),
  }),
  get: mlflowRoute('GET', '/runs/get', { query: OfRunByUuid }),
  delete: mlflowRoute('POST', '/runs/delete', { body: OfRun }),
  restore: mlflowRoute('POST', '/runs/restore', { body: OfRun }),
  search: mlflowRoute('POST', '/runs/search', {
    body: z.object({
      experiment_ids: Texts,
      filter: Text,
      run_view_type: ViewType,
      max_results: Int64.pipe(z.number().max(50_000)).default(1000),
      order_by: Texts,
      page_token: Text,
    }),
  }),
  logMetric: mlflowRoute('POST', '/runs/log-metric', { body: LoggedByUuid }),
  logParam: mlflowRoute('POST', '/runs/log-parameter', { body: LoggedByUuid }),
  logBatch: mlflowRoute('POST', '/runs/log-batch', { body: Logged }),
  setTag: mlflowRoute('POST', '/runs/set-tag', { body: LoggedByUuid }),
  deleteTag: mlflowRoute('POST', '/runs/delete-tag', { body: OfRun.extend({ key: Required }) }),
  logInputs: mlflowRoute('POST', '/runs/log-inputs', {
    body: OfRun.extend({ datasets: z.array(z.looseObject({})).default([]), models: Models.default([]) }),
  }),
  outputs: mlflowRoute('POST', '/runs/outputs', { body: OfRun.extend({ models: Models }) }),
  logModel: mlflowRoute('POST', '/runs/log-model', { body: OfRun.extend({ model_json: Required }) }),
};
type Routes = typeof runRoutes;
type In<K extends keyof Routes> = RouteInput<Routes[K]>;

@Controller()
export class MlflowRunsController {
  constructor(
    private readonly runs: MlflowRunsService,
    private readonly logging: LoggingService,
    private readonly relations: RunRelationsService,
  ) {}

  @Endpoint(runRoutes.create)
  async create(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'create'>) {
    const { experiment_id, user_id, run_name, start_time, tags } = body;
    const run = { experimentId: experiment_id, user: user_id, name: run_name, startedMs: start_time, tags };
    return { run: runMessage(await this.runs.create(program, run)) };
  }

  @Endpoint(runRoutes.update)
  async update(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'update'>) {
    const change = { status: body.status, endedMs: body.end_time, name: body.run_name || undefined };
    return { run_info: runInfoMessage(await this.runs.update(program, body.run_id, change)) };
  }

  @Endpoint(runRoutes.get)
  async get(@CurrentProgram() program: Program, @MlflowInput() { query }: In<'get'>) {
    // Only here MLflow says too that it made nothing.
    return { run: { outputs: {}, ...runMessage(await this.runs.get(program, query.run_id)) } };
  }

  @Endpoint(runRoutes.delete)
  async delete(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'delete'>) {
    await this.runs.setLifecycle(program, body.run_id, 'deleted');
    return {};
  }

  @Endpoint(runRoutes.restore)
  async restore(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'restore'>) {
    await this.runs.setLifecycle(program, body.run_id, 'active');
    return {};
  }

  @Endpoint(runRoutes.search)
  async search(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'search'>) {
    const { runs, nextToken } = await this.runs.search(program, {
      experimentIds: body.experiment_ids,
      filter: body.filter,
      orderBy: body.order_by,
      lifecycleStages: body.run_view_type,
      maxResults: body.max_results,
      pageToken: body.page_token,
    });
    return { ...nonEmpty('runs', runs.map(runMessage)), ...(nextToken ? { next_page_token: nextToken } : {}) };
  }

  @Endpoint(runRoutes.logMetric)
  async logMetric(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'logMetric'>) {
    await this.logging.logBatch(program, body.run_id, { points: [readPoint(body, '')], params: [], tags: [] });
    return {};
  }

  @Endpoint(runRoutes.logParam)
  async logParam(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'logParam'>) {
    await this.logging.logParam(program, body.run_id, readParam(body, ''));
    return {};
  }

  @Endpoint(runRoutes.logBatch)
  async logBatch(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'logBatch'>) {
    await this.logging.logBatch(program, body.run_id, readBatch(body));
    return {};
  }

  @Endpoint(runRoutes.setTag)
  async setTag(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'setTag'>) {
    await this.logging.setTag(program, body.run_id, readTag(body, ''));
    return {};
  }

  @Endpoint(runRoutes.deleteTag)
  async deleteTag(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'deleteTag'>) {
    await this.runs.deleteTag(program, body.run_id, body.key);
    return {};
  }

  @Endpoint(runRoutes.logInputs)
  async logInputs(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'logInputs'>) {
    const modelIds = body.models.map(({ model_id }) => model_id);
    await this.relations.addInputs(program, body.run_id, readDatasets(body.datasets), modelIds);
    return {};
  }

  @Endpoint(runRoutes.outputs)
  async outputs(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'outputs'>) {
    const models = body.models.map(({ model_id, step }) => ({ modelId: model_id, step }));
    await this.relations.addOutputs(program, body.run_id, models);
    return {};
  }

  @Endpoint(runRoutes.logModel)
  async logModel(@CurrentProgram() program: Program, @MlflowInput() { body }: In<'logModel'>) {
    await this.logging.logModel(program, body.run_id, readModel(body.model_json));
    return {};
  }
}

function readModel(json: string): unknown {
  let model: unknown;
  try {
    model = JSON.parse(json);
  } catch {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Malformed model info. \n ${json} \n is not a valid JSON.`);
  }
  const needed = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];
  const there = typeof model === 'object' && model !== null ? Object.keys(model) : [];
  const missing = needed.filter((name) => !there.includes(name)).map((name) => `'${name}'`);
  if (missing.length === 0) return model;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Model json is missing mandatory fields: {${missing.join(', ')}}`);
}
