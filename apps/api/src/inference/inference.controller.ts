import { BodyStream, CurrentProjectId, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Prediction, type RouteInput, type RouteOutput, inferenceRoutes as routes } from '@mallo/contracts';
import { Controller, Headers } from '@nestjs/common';
import { InferenceService } from './inference.service.js';
import { NAMED_TENSORS } from './prediction-body.js';

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
    @CurrentProjectId() ownProject: string | null,
    @Input() { params, query }: RouteInput<typeof routes.predictByName>,
    @Headers('content-type') contentType: string | undefined,
    @BodyStream() body: NodeJS.ReadableStream,
  ): Promise<RouteOutput<typeof routes.predictByName>> {
    const { shape, project } = query;
    const reference = { userId, ...params, project, ownProject };
    if (contentType === NAMED_TENSORS && shape === undefined) return this.inference.infer(reference, body);
    return this.inference.predictByName(reference, { body, contentType, shape });
  }
}
