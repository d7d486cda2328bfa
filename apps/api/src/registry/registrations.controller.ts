import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type ModelVersion, type RouteInput, type RouteOutput, registryRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { RegistrationsService } from './registrations.service.js';
import { RegistryService } from './registry.service.js';

@Controller()
export class RegistrationsController {
  constructor(
    private readonly registrations: RegistrationsService,
    private readonly registry: RegistryService,
  ) {}

  @Endpoint(routes.register)
  register(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.register>,
  ): Promise<ModelVersion> {
    return this.registrations.register(userId, params.projectId, body);
  }

  @Endpoint(routes.nextVersions)
  nextVersions(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.nextVersions>,
  ): Promise<RouteOutput<typeof routes.nextVersions>> {
    return this.registry.nextVersions(userId, params.projectId, query.name);
  }
}
