import { BodyStream, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Prediction, type RouteInput, type RouteOutput, inferenceRoutes as routes } from '@mallo/contracts';
import { Controller, Headers } from '@nestjs/common';
import { InferenceService } from './inference.service.js';
import { NAMED_TENSORS } from './named-tensors-body.js';

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
  ): Promise<RouteOutput<typeof routes.predictByName>> {
    const { shape, project } = query;
    const reference = { userId, ...params, project };
    if (contentType === NAMED_TENSORS && shape === undefined) return this.inference.infer(reference, body);
    return this.inference.predictByName(reference, { body, contentType, shape });
  }
}
