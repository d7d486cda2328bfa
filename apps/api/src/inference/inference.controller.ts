import { BodyStream, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Prediction, type RouteInput, type RouteOutput, registryRoutes as routes } from '@mallo/contracts';
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

  @Endpoint(routes.predictByUri)
  predictByUri(
    @CurrentUserId() userId: string,
    @Input() { query }: RouteInput<typeof routes.predictByUri>,
    @BodyStream() body: NodeJS.ReadableStream,
  ): Promise<RouteOutput<typeof routes.predictByUri>> {
    return this.inference.predictByUri(userId, query, body);
  }
}
