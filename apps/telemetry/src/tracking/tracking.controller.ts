import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { liveRoutes, type RouteInput, type RouteOutput, trackingRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { TrackingService } from './tracking.service.js';

type Routes = typeof routes;

@Controller()
export class TrackingController {
  constructor(private readonly tracking: TrackingService) {}

  @Endpoint(liveRoutes.open)
  async open(@Input() { params, body }: RouteInput<typeof liveRoutes.open>): Promise<void> {
    await this.tracking.open(params.runId, body.ownerId, body.projectId, body.training);
  }

  @Endpoint(liveRoutes.filesChanged)
  async filesChanged(@Input() { params }: RouteInput<typeof liveRoutes.filesChanged>): Promise<void> {
    await this.tracking.filesChanged(params.projectId, params.runId);
  }

  @Endpoint(routes.experiments)
  experiments(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<Routes['experiments']>,
  ): Promise<RouteOutput<Routes['experiments']>> {
    return this.tracking.experiments(userId, params.projectId);
  }

  @Endpoint(routes.search)
  search(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<Routes['search']>,
  ): Promise<RouteOutput<Routes['search']>> {
    return this.tracking.search(userId, params.projectId, body);
  }

  @Endpoint(routes.keys)
  keys(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<Routes['keys']>,
  ): Promise<RouteOutput<Routes['keys']>> {
    return this.tracking.keys(userId, params.projectId, query);
  }

  @Endpoint(routes.run)
  run(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<Routes['run']>,
  ): Promise<RouteOutput<Routes['run']>> {
    return this.tracking.run(userId, params.runId);
  }
}
