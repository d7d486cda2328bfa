import { posix } from 'node:path';
import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import {
  type ModelRef,
  type RouteInput,
  type RouteOutput,
  type RunModel,
  runArtifactRoutes as routes,
} from '@mallo/contracts';
import { Controller, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lookup } from 'mime-types';
import { fileAnswer } from '../../objects/file-answer.js';
import { RunArtifactsService } from './run-artifacts.service.js';

type Routes = typeof routes;

@Controller()
export class RunArtifactsController {
  constructor(private readonly artifacts: RunArtifactsService) {}

  @Endpoint(routes.list)
  list(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<Routes['list']>,
  ): Promise<RouteOutput<Routes['list']>> {
    return this.artifacts.list(userId, params, query);
  }

  @Endpoint(routes.file)
  async file(
    @CurrentUserId() userId: string,
    @Input() { params, query }: RouteInput<Routes['file']>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const file = await this.artifacts.file(userId, params, query);
    const name = posix.basename(query.path);
    // Whatever a program logged, a browser opens nothing of it as a page of this site: it is saved, or drawn as a picture.
    void reply
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('cross-origin-resource-policy', 'same-origin')
      .header('cache-control', 'private, no-cache');
    return fileAnswer(request, reply, file, { name, type: shownTypeOf(name) }, file.open);
  }

  @Endpoint(routes.models)
  models(@CurrentUserId() userId: string, @Input() { params }: RouteInput<Routes['models']>): Promise<RunModel[]> {
    return this.artifacts.loggedModels(userId, params);
  }

  @Endpoint(routes.register)
  register(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<Routes['register']>,
  ): Promise<ModelRef> {
    return this.artifacts.register(userId, params, body);
  }
}

/** Pictures are said to be such; anything else is only bytes, so that no browser takes it for a page or a script. */
function shownTypeOf(name: string): string {
  const type = lookup(name) || '';
  return type.startsWith('image/') ? type : 'application/octet-stream';
}
