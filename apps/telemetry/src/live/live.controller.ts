import { CurrentProjectId, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { liveRoutes, type RouteInput, type RouteOutput } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { LiveService } from './live.service.js';

type Routes = typeof liveRoutes;

@Controller()
export class LiveController {
  constructor(private readonly live: LiveService) {}

  @Endpoint(liveRoutes.ingest)
  async ingest(
    @CurrentProjectId() projectId: string | null,
    @Input() { params, body }: RouteInput<Routes['ingest']>,
  ): Promise<RouteOutput<Routes['ingest']>> {
    return { position: await this.live.ingest(params.runId, projectId, body) };
  }

  @Endpoint(liveRoutes.position)
  async position(
    @CurrentProjectId() projectId: string | null,
    @Input() { params }: RouteInput<Routes['position']>,
  ): Promise<RouteOutput<Routes['position']>> {
    return { position: await this.live.position(params.runId, projectId, params.writer) };
  }

  @Endpoint(liveRoutes.snapshot)
  snapshot(
    @Input() { params, query }: RouteInput<Routes['snapshot']>,
    @CurrentUserId() userId: string,
  ): Promise<RouteOutput<Routes['snapshot']>> {
    return this.live.snapshot(params.runId, userId, query.maxPoints, query.logLines);
  }
}
