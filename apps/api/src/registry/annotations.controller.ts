import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import {
  type ModelVersion,
  type Notes,
  type RegisteredModel,
  type RouteInput,
  registryRoutes as routes,
} from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { AnnotationsService } from './annotations.service.js';
import { RegistryService } from './registry.service.js';

@Controller()
export class AnnotationsController {
  constructor(
    private readonly annotations: AnnotationsService,
    private readonly registry: RegistryService,
  ) {}

  @Endpoint(routes.tag)
  async tag(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.tag>,
  ): Promise<RegisteredModel> {
    await this.annotations.tag(userId, params.modelId, body);
    return this.registry.get(userId, params.modelId);
  }

  @Endpoint(routes.tagVersion)
  async tagVersion(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.tagVersion>,
  ): Promise<ModelVersion> {
    await this.annotations.tagVersion(userId, params.modelId, params.version, body);
    return this.registry.version(userId, params.modelId, params.version);
  }

  @Endpoint(routes.writeNotes)
  async writeNotes(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.writeNotes>,
  ): Promise<ModelVersion> {
    await this.annotations.writeNotes(userId, params.modelId, params.version, body);
    return this.registry.version(userId, params.modelId, params.version);
  }

  @Endpoint(routes.notesHistory)
  notesHistory(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.notesHistory>,
  ): Promise<Notes[]> {
    return this.annotations.notesHistory(userId, params.modelId, params.version);
  }
}
