import { CurrentProgram, CurrentUserId, Endpoint, Input, newId, type Program } from '@mallo/backend';
import { liveRoutes, type RouteInput, type RouteOutput, trackingRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import type { KeyValue } from './experiments.repository.js';
import { keyedRunId, ProgramRunsService } from './program-runs.service.js';
import { TrackingService } from './tracking.service.js';

type Routes = typeof routes;

@Controller()
export class TrackingController {
  constructor(
    private readonly tracking: TrackingService,
    private readonly programRuns: ProgramRunsService,
  ) {}

  @Endpoint(routes.begin)
  async begin(
    @CurrentProgram() program: Program,
    @Input() { body }: RouteInput<Routes['begin']>,
  ): Promise<RouteOutput<Routes['begin']>> {
    const { key, name, experimentId, params, tags } = body;
    const runId = key === undefined ? newId('run') : keyedRunId(program.projectId, key);
    const run = { runId, name, experimentId, params: pairsOf(params), tags: pairsOf(tags) };
    await this.programRuns.begin(program, run);
    return { runId };
  }

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

function pairsOf(record: Record<string, string>): KeyValue[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
