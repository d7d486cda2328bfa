import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RetainedBytes, type Retention, type RouteInput, retentionRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { RetentionService } from './retention.service.js';

type Routes = typeof routes;

@Controller()
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Endpoint(routes.get)
  get(@CurrentUserId() userId: string, @Input() { params }: RouteInput<Routes['get']>): Promise<Retention> {
    return this.retention.get(userId, params.projectId);
  }

  @Endpoint(routes.set)
  set(@CurrentUserId() userId: string, @Input() { params, body }: RouteInput<Routes['set']>): Promise<Retention> {
    return this.retention.set(userId, params.projectId, body);
  }

  @Endpoint(routes.held)
  held(@CurrentUserId() userId: string, @Input() { params }: RouteInput<Routes['held']>): Promise<RetainedBytes> {
    return this.retention.held(userId, params.projectId);
  }

  @Endpoint(routes.begin)
  begin(@CurrentUserId() userId: string, @Input() { params }: RouteInput<Routes['begin']>): Promise<Retention> {
    return this.retention.begin(userId, params.projectId);
  }

  @Endpoint(routes.cancel)
  cancel(@CurrentUserId() userId: string, @Input() { params }: RouteInput<Routes['cancel']>): Promise<Retention> {
    return this.retention.cancel(userId, params.projectId);
  }
}
