import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type DemoModels, type RouteInput, demoModelRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { DemoModelsService } from './demo-models.service.js';

@Controller()
export class DemoModelsController {
  constructor(private readonly demoModels: DemoModelsService) {}

  @Endpoint(routes.start)
  start(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.start>): Promise<DemoModels> {
    return this.demoModels.start(userId, params.projectId);
  }

  @Endpoint(routes.cancel)
  cancel(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.cancel>): Promise<DemoModels> {
    return this.demoModels.cancel(userId, params.projectId);
  }

  @Endpoint(routes.state)
  state(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.state>): Promise<DemoModels> {
    return this.demoModels.state(userId, params.projectId);
  }
}
