import { BodyStream, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Prediction, type RouteInput, registryRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { InferenceService } from './inference.service.js';

@Controller()
export class InferenceController {
  constructor(private readonly inference: InferenceService) {}

  @Endpoint(routes.predict)
  predict(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.predict>,
    @BodyStream() body: NodeJS.ReadableStream,
  ): Promise<Prediction> {
    return this.inference.predict(userId, params.modelId, params.version, body);
  }
}
