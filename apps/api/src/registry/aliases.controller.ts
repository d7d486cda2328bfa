import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type AliasChange, type RegisteredModel, type RouteInput, registryRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { AliasesService } from './aliases.service.js';

@Controller()
export class AliasesController {
  constructor(private readonly aliases: AliasesService) {}

  @Endpoint(routes.promote)
  promote(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.promote>,
  ): Promise<RegisteredModel> {
    return this.aliases.promote(userId, params.modelId, body);
  }

  @Endpoint(routes.rollback)
  rollback(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.rollback>,
  ): Promise<RegisteredModel> {
    return this.aliases.rollback(userId, params.modelId, body);
  }

  @Endpoint(routes.removeAlias)
  remove(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.removeAlias>,
  ): Promise<RegisteredModel> {
    return this.aliases.remove(userId, params.modelId, params.alias, body);
  }

  @Endpoint(routes.aliasChanges)
  changes(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.aliasChanges>,
  ): Promise<AliasChange[]> {
    return this.aliases.changes(userId, params.modelId);
  }

  @Endpoint(routes.restoreAliases)
  restore(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.restoreAliases>,
  ): Promise<RegisteredModel> {
    return this.aliases.restore(userId, params.modelId, params.changeId, body);
  }
}
