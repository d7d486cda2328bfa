import { CurrentProgram, Endpoint, MlflowInput, type Program } from '@mallo/backend';
import type { RouteInput } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { ExperimentsService } from './experiments.service.js';
import { Int64, Pairs, Required, Text, Texts, ViewType } from './messages.js';
import { mlflowRoute } from './route.js';
import { experimentMessage, nonEmpty } from './run-messages.js';

const OfExperiment = z.object({ experiment_id: Required });
const Search = z.object({
  max_results: Int64.default(0),
  page_token: Text,
  filter: Text,
  order_by: Texts,
  view_type: ViewType,
});

export const experimentRoutes = {
  create: mlflowRoute('POST', '/experiments/create', {
    body: z.object({ name: Required, artifact_location: Text, tags: Pairs }),
  }),
  get: mlflowRoute('GET', '/experiments/get', { query: OfExperiment }),
  getByName: mlflowRoute('GET', '/experiments/get-by-name', { query: z.object({ experiment_name: Required }) }),
  delete: mlflowRoute('POST', '/experiments/delete', { body: OfExperiment }),
  restore: mlflowRoute('POST', '/experiments/restore', { body: OfExperiment }),
  update: mlflowRoute('POST', '/experiments/update', { body: OfExperiment.extend({ new_name: Required }) }),
  setTag: mlflowRoute('POST', '/experiments/set-experiment-tag', {
    body: OfExperiment.extend({ key: Required, value: Text }),
  }),
  deleteTag: mlflowRoute('POST', '/experiments/delete-experiment-tag', {
    body: OfExperiment.extend({ key: Required }),
  }),
  search: mlflowRoute('POST', '/experiments/search', { body: Search }),
  searchByGet: mlflowRoute('GET', '/experiments/search', { query: Search }),
};
type Routes = typeof experimentRoutes;

@Controller()
export class MlflowExperimentsController {
  constructor(private readonly experiments: ExperimentsService) {}

  @Endpoint(experimentRoutes.create)
  async create(@CurrentProgram() program: Program, @MlflowInput() { body }: RouteInput<Routes['create']>) {
    return {
      experiment_id: await this.experiments.create(program, body.name, body.artifact_location, body.tags),
    };
  }

  @Endpoint(experimentRoutes.get)
  async get(@CurrentProgram() program: Program, @MlflowInput() { query }: RouteInput<Routes['get']>) {
    return { experiment: experimentMessage(await this.experiments.get(program, query.experiment_id)) };
  }

  @Endpoint(experimentRoutes.getByName)
  async getByName(@CurrentProgram() program: Program, @MlflowInput() { query }: RouteInput<Routes['getByName']>) {
    return { experiment: experimentMessage(await this.experiments.getByName(program, query.experiment_name)) };
  }

  @Endpoint(experimentRoutes.delete)
  async delete(@CurrentProgram() program: Program, @MlflowInput() { body }: RouteInput<Routes['delete']>) {
    await this.experiments.setLifecycle(program, body.experiment_id, 'deleted');
    return {};
  }

  @Endpoint(experimentRoutes.restore)
  async restore(@CurrentProgram() program: Program, @MlflowInput() { body }: RouteInput<Routes['restore']>) {
    await this.experiments.setLifecycle(program, body.experiment_id, 'active');
    return {};
  }

  @Endpoint(experimentRoutes.update)
  async update(@CurrentProgram() program: Program, @MlflowInput() { body }: RouteInput<Routes['update']>) {
    await this.experiments.rename(program, body.experiment_id, body.new_name);
    return {};
  }

  @Endpoint(experimentRoutes.setTag)
  async setTag(@CurrentProgram() program: Program, @MlflowInput() { body }: RouteInput<Routes['setTag']>) {
    await this.experiments.setTag(program, body.experiment_id, body);
    return {};
  }

  @Endpoint(experimentRoutes.deleteTag)
  async deleteTag(@CurrentProgram() program: Program, @MlflowInput() { body }: RouteInput<Routes['deleteTag']>) {
    await this.experiments.deleteTag(program, body.experiment_id, body.key);
    return {};
  }

  @Endpoint(experimentRoutes.search)
  search(@CurrentProgram() program: Program, @MlflowInput() { body }: RouteInput<Routes['search']>) {
    return this.find(program, body);
  }

  @Endpoint(experimentRoutes.searchByGet)
  searchByGet(@CurrentProgram() program: Program, @MlflowInput() { query }: RouteInput<Routes['searchByGet']>) {
    return this.find(program, query);
  }

  private async find(program: Program, asked: z.infer<typeof Search>) {
    const { experiments, nextToken } = await this.experiments.search(program, {
      filter: asked.filter,
      orderBy: asked.order_by,
      lifecycleStages: asked.view_type,
      maxResults: asked.max_results,
      pageToken: asked.page_token,
    });
    return {
      ...nonEmpty('experiments', experiments.map(experimentMessage)),
      ...(nextToken ? { next_page_token: nextToken } : {}),
    };
  }
}
