import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Architecture, type RouteInput, inferenceRoutes as routes, type Signature } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ArchitectureLayersService } from './architecture-layers.service.js';

@Controller()
export class ArchitectureLayersController {
  constructor(private readonly architecture: ArchitectureLayersService) {}

  @Endpoint(routes.layers)
  layers(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.layers>,
  ): Promise<Architecture> {
    return this.architecture.layers(userId, params.modelId, params.version);
  }

  @Endpoint(routes.signature)
  signature(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.signature>,
  ): Promise<Signature> {
    return this.architecture.signature(userId, params.modelId, params.version);
  }
}
