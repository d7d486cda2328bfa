import { CurrentProgram, Endpoint, Input, type Program } from '@mallo/backend';
import { type RouteInput, type RouteOutput, modelImportRoutes as routes } from '@mallo/contracts';
import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { authorizationOf } from '../tracking.client.js';
import { ModelImportsService } from './model-imports.service.js';

@Controller()
export class ModelImportsController {
  constructor(private readonly imports: ModelImportsService) {}

  @Endpoint(routes.model)
  model(
    @CurrentProgram() caller: Program,
    @Input() { body }: RouteInput<typeof routes.model>,
    @Req() request: FastifyRequest,
  ): Promise<RouteOutput<typeof routes.model>> {
    return this.imports.import(caller, authorizationOf(request.headers), body);
  }
}
