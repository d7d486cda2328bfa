import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { liveRoutes, type RouteInput, type RouteOutput } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { LiveService } from './live.service.js';

type Routes = typeof liveRoutes;

@Controller()
export class LiveController {
  constructor(private readonly live: LiveService) {}

  @Endpoint(liveRoutes.ingest)
  async ingest(@Input() { params, body }: RouteInput<Routes['ingest']>): Promise<RouteOutput<Routes['ingest']>> {
    return { position: await this.live.ingest(params.runId, body) };
  }

  @Endpoint(liveRoutes.position)
  async position(@Input() { params }: RouteInput<Routes['position']>): Promise<RouteOutput<Routes['position']>> {
    return { position: await this.live.position(params.runId, params.writer) };
  }

  @Endpoint(liveRoutes.snapshot)
  snapshot(
    @Input() { params, query }: RouteInput<Routes['snapshot']>,
    @CurrentUserId() userId: string,
  ): Promise<RouteOutput<Routes['snapshot']>> {
    return this.live.snapshot(params.runId, userId, query.maxPoints, query.logLines);
  }
}
