import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type RouteInput, uploadRoutes as routes } from '@mallo/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UploadsService } from './uploads.service.js';

/** The tus protocol answers these requests itself, once the guard let them through and it is known whose upload it is. */
@Controller()
export class UploadsController {
  constructor(private readonly uploads: UploadsService) {}

  @Endpoint(routes.create)
  async create(
    @CurrentUserId() userId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.hijack();
    await this.uploads.handle(userId, request.raw, reply.raw);
  }

  @Endpoint(routes.offset)
  offset(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.offset>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.handle(userId, params.uploadId, request, reply);
  }

  @Endpoint(routes.append)
  append(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.append>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.handle(userId, params.uploadId, request, reply);
  }

  @Endpoint(routes.remove)
  remove(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.remove>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.handle(userId, params.uploadId, request, reply);
  }

  private async handle(userId: string, uploadId: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.uploads.checkOwner(userId, uploadId);
    reply.hijack();
    await this.uploads.handle(userId, request.raw, reply.raw);
  }
}
