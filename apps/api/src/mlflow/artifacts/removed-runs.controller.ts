import { Endpoint, Input } from '@mallo/backend';
import { type RouteInput, type RouteOutput, runFileRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { RemovedRunsService } from './removed-runs.service.js';

@Controller()
export class RemovedRunsController {
  constructor(private readonly removedRuns: RemovedRunsService) {}

  @Endpoint(routes.held)
  async held(@Input() { params }: RouteInput<typeof routes.held>): Promise<RouteOutput<typeof routes.held>> {
    return { heldBytes: await this.removedRuns.heldBytes(params.projectId) };
  }

  @Endpoint(routes.free)
  async free(@Input() { params, body }: RouteInput<typeof routes.free>): Promise<RouteOutput<typeof routes.free>> {
    return { freedBytes: await this.removedRuns.free(params.projectId, body) };
  }
}
