import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Conversion, type RouteInput, conversionRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ConversionService } from './conversion.service.js';

@Controller()
export class ConversionController {
  constructor(private readonly conversion: ConversionService) {}

  @Endpoint(routes.start)
  start(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.start>,
  ): Promise<Conversion> {
    return this.conversion.start(userId, params.modelId, params.version, body);
  }

  @Endpoint(routes.cancel)
  cancel(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.cancel>): Promise<Conversion> {
    return this.conversion.cancel(userId, params.modelId, params.version);
  }

  @Endpoint(routes.state)
  state(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.state>): Promise<Conversion> {
    return this.conversion.state(userId, params.modelId, params.version);
  }
}
