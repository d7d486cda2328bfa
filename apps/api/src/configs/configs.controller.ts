import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type ConfigCard, type RouteInput, configRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ConfigsService } from './configs.service.js';

@Controller()
export class ConfigsController {
  constructor(private readonly configs: ConfigsService) {}

  @Endpoint(routes.get)
  get(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.get>): Promise<ConfigCard> {
    return this.configs.get(userId, params.configId);
  }

  @Endpoint(routes.edit)
  edit(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.edit>,
  ): Promise<ConfigCard> {
    return this.configs.edit(userId, params.configId, body);
  }

  @Endpoint(routes.undo)
  undo(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.undo>,
  ): Promise<ConfigCard> {
    return this.configs.undo(userId, params.configId, body.hash);
  }

  @Endpoint(routes.start)
  start(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.start>,
  ): Promise<{ runId: string }> {
    return this.configs.start(userId, params.configId, body.hash);
  }
}
