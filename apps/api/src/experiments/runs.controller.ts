import { BodyStream, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RouteInput, type Run, type RunSummary, runRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { RunsService } from './runs.service.js';

@Controller()
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  @Endpoint(routes.list)
  list(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.list>,
  ): Promise<RunSummary[]> {
    return this.runs.list(userId, params.projectId, query.limit);
  }

  @Endpoint(routes.get)
  get(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.get>): Promise<Run> {
    return this.runs.get(userId, params.runId);
  }

  @Endpoint(routes.cancel)
  cancel(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.cancel>): Promise<Run> {
    return this.runs.cancel(userId, params.runId);
  }

  @Endpoint(routes.putArtifact)
  async putArtifact(
    @Input() { params, query }: RouteInput<typeof routes.putArtifact>,
    @BodyStream() bytes: NodeJS.ReadableStream,
  ): Promise<{ sizeBytes: number }> {
    return { sizeBytes: await this.runs.putArtifact(params.runId, params.name, query.sha256, bytes) };
  }
}
