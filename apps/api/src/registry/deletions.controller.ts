import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import {
  type DeletedVersion,
  type ModelVersion,
  type RouteInput,
  type RouteOutput,
  registryRoutes as routes,
} from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { DeletionsService } from './deletions.service.js';

@Controller()
export class DeletionsController {
  constructor(private readonly deletions: DeletionsService) {}

  @Endpoint(routes.deprecate)
  deprecate(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.deprecate>,
  ): Promise<ModelVersion> {
    return this.deletions.deprecate(userId, params.modelId, params.version, body.deprecation);
  }

  @Endpoint(routes.remove)
  remove(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.remove>,
  ): Promise<DeletedVersion> {
    return this.deletions.remove(userId, params.modelId, params.version);
  }

  @Endpoint(routes.restore)
  restore(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.restore>,
  ): Promise<ModelVersion> {
    return this.deletions.restore(userId, params.modelId, params.version);
  }

  @Endpoint(routes.purge)
  purge(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.purge>,
  ): Promise<RouteOutput<typeof routes.purge>> {
    return this.deletions.purge(userId, params.modelId, params.version);
  }

  @Endpoint(routes.storage)
  storage(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.storage>,
  ): Promise<RouteOutput<typeof routes.storage>> {
    return this.deletions.storage(userId, params.projectId);
  }
}
