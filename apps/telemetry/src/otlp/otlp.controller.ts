import { CurrentProgram, Endpoint, Input, type Program } from '@mallo/backend';
import { type RouteInput, route } from '@mallo/contracts';
import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { metricsResponse } from './metrics-request.js';
import { OtlpService } from './otlp.service.js';

/** The content type of OTLP's bytes. */
export const PROTOBUF = 'application/x-protobuf';

export const otlpRoutes = {
  metrics: route({
    method: 'POST',
    path: '/live/v1/otlp/v1/metrics',
    summary: 'Metrics in OTLP over HTTP, as protocol buffers or JSON: OTEL_EXPORTER_OTLP_ENDPOINT=…/live/v1/otlp',
    access: 'program',
    body: z.unknown(),
    response: 'stream',
    errors: ['request.invalid', 'run.not_found', 'project.not_found', 'experiment.not_found', 'auth.no_project'],
  }),
};

@Controller()
export class OtlpController {
  constructor(private readonly otlp: OtlpService) {}

  @Endpoint(otlpRoutes.metrics)
  async metrics(
    @CurrentProgram() program: Program,
    @Input() { body }: RouteInput<typeof otlpRoutes.metrics>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { count, message } = await this.otlp.store(program, body);
    const asBytes = body instanceof Uint8Array;
    void reply.header('content-type', asBytes ? PROTOBUF : 'application/json');
    return metricsResponse(count, message, asBytes);
  }
}
