import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RouteInput, type RouteOutput, trackingImportRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ImportsService } from './imports.service.js';

type In<K extends keyof typeof routes> = RouteInput<(typeof routes)[K]>;
type Out<K extends keyof typeof routes> = Promise<RouteOutput<(typeof routes)[K]>>;

@Controller()
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Endpoint(routes.experiment)
  experiment(@CurrentUserId() userId: string, @Input() { params, body }: In<'experiment'>): Out<'experiment'> {
    return this.imports.experiment({ userId, ...params }, body);
  }

  @Endpoint(routes.run)
  run(@CurrentUserId() userId: string, @Input() { params, body }: In<'run'>): Out<'run'> {
    return this.imports.run({ userId, projectId: params.projectId }, params.runId, body);
  }

  @Endpoint(routes.points)
  async points(@CurrentUserId() userId: string, @Input() { params, body }: In<'points'>): Promise<void> {
    await this.imports.addPoints({ userId, projectId: params.projectId }, params.runId, body);
  }

  @Endpoint(routes.loggedModel)
  loggedModel(@CurrentUserId() userId: string, @Input() { params, body }: In<'loggedModel'>): Out<'loggedModel'> {
    return this.imports.loggedModel({ userId, projectId: params.projectId }, params.modelId, body);
  }
}
