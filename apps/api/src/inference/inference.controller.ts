import { BodyStream, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Prediction, type Predictions, type RouteInput, inferenceRoutes as routes } from '@mallo/contracts';
import { Controller, Headers } from '@nestjs/common';
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

  @Endpoint(routes.predictByName)
  predictByName(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<typeof routes.predictByName>,
    @Headers('content-type') contentType: string | undefined,
    @BodyStream() body: NodeJS.ReadableStream,
  ): Promise<Predictions> {
    return this.inference.predictByName(userId, { ...params, ...query }, { body, contentType });
  }
}
