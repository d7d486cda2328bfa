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

@Controller()
export class AnnotationsController {
  constructor(private readonly annotations: AnnotationsService) {}

  @Endpoint(routes.tag)
  tag(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.tag>,
  ): Promise<RegisteredModel> {
    return this.annotations.tag(userId, params.modelId, body);
  }

  @Endpoint(routes.tagVersion)
  tagVersion(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.tagVersion>,
  ): Promise<ModelVersion> {
    return this.annotations.tagVersion(userId, params.modelId, params.version, body);
  }

  @Endpoint(routes.writeNotes)
  writeNotes(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.writeNotes>,
  ): Promise<ModelVersion> {
    return this.annotations.writeNotes(userId, params.modelId, params.version, body);
  }

  @Endpoint(routes.notesHistory)
  notesHistory(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.notesHistory>,
  ): Promise<Notes[]> {
    return this.annotations.notesHistory(userId, params.modelId, params.version);
  }
}
