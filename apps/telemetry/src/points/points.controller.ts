import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { MalloError, type RouteInput, type RouteOutput, trackingRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { Database } from '../database.js';
import { PointStore } from './point-store.js';
import { curvePointsOf } from './read-curves.js';

type Routes = typeof routes;

/** What runs logged, to be looked at by the people whose they are. */
@Controller()
export class PointsController {
  constructor(
    private readonly points: PointStore,
    private readonly database: Database,
  ) {}

  @Endpoint(routes.metrics)
  async metrics(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<Routes['metrics']>,
  ): Promise<RouteOutput<Routes['metrics']>> {
    await this.checkOwner(userId, [params.runId]);
    return this.points.metrics(params.runId, query);
  }

  @Endpoint(routes.curves)
  async curves(
    @CurrentUserId() userId: string,
    @Input() { body }: RouteInput<Routes['curves']>,
  ): Promise<RouteOutput<Routes['curves']>> {
    await this.checkOwner(userId, [...new Set(body.curves.map(({ runId }) => runId))]);
    const { curves, axis, from, to, maxPoints } = body;
    return (await this.points.curves(curves, { axis, from, to }, maxPoints)).map(curvePointsOf);
  }

  @Endpoint(routes.logs)
  async logs(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<Routes['logs']>,
  ): Promise<RouteOutput<Routes['logs']>> {
    await this.checkOwner(userId, [params.runId]);
    return this.points.lines(params.runId, query);
  }

  /** @throws MalloError run.not_found, also when one of them is someone else's */
  private async checkOwner(userId: string, runIds: readonly string[]): Promise<void> {
    const [{ count } = { count: 0 }] = await this.database.query<{ count: number }>(
      'select count(*) as count from telemetry.runs where run_id = any($1) and owner_id = $2',
      [runIds, userId],
    );
    if (count !== runIds.length) throw new MalloError('run.not_found');
  }
}
