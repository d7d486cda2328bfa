import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type GateChange, type RegisteredModel, type RouteInput, registryRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { GatesService } from './gates.service.js';

@Controller()
export class GatesController {
  constructor(private readonly gates: GatesService) {}

  @Endpoint(routes.setGates)
  set(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.setGates>,
  ): Promise<RegisteredModel> {
    return this.gates.set(userId, params.modelId, body);
  }

  @Endpoint(routes.gateChanges)
  changes(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.gateChanges>,
  ): Promise<GateChange[]> {
    return this.gates.changes(userId, params.modelId);
  }
}
