import { CurrentProgram, Endpoint, MlflowInput, type Program } from '@mallo/backend';
import {
  inFolder,
  MlflowError,
  pathOf,
  placeOf,
  type RouteInput,
  type RouteOutput,
  mlflowRunFileRoutes as routes,
} from '@mallo/contracts';
import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { authorizationOf, TrackingClient } from '../tracking.client.js';
import { ArtifactsService } from './artifacts.service.js';

/** The files of a run by its id, for clients that do not know where they are. */
@Controller()
export class RunFilesController {
  constructor(
    private readonly artifacts: ArtifactsService,
    private readonly tracking: TrackingClient,
  ) {}

  @Endpoint(routes.list)
  async list(
    @CurrentProgram() caller: Program,
    @MlflowInput() { query }: RouteInput<typeof routes.list>,
    @Req() request: FastifyRequest,
  ): Promise<RouteOutput<typeof routes.list>> {
    const run = await this.tracking.run(authorizationOf(request.headers), query.run_id);
    if (!run) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${query.run_id} not found`);
    const folder = pathOf(placeOf(query.path));
    const root = run.artifactUri.replace(/^mlflow-artifacts:\/*/, '');
    const files = await this.artifacts.list(caller, placeOf(folder === '' ? root : `${root}/${folder}`));
    const found = files.map((file) => ({ ...file, path: inFolder(folder) + file.path }));
    return { root_uri: run.artifactUri, ...(found.length > 0 ? { files: found } : {}) };
  }
}
