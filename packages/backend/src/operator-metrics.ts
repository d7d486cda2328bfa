import { route } from '@mallo/contracts';
import { Controller, type DynamicModule, Header, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { Endpoint } from './endpoint.js';

const metricsRoute = route({
  method: 'GET',
  // Below neither /api nor /live, so the front door does not pass it on.
  path: '/metrics',
  summary: 'Figures for operators in the text form of Prometheus',
  access: 'public',
  response: 'stream',
});

/** What an operator watches of one process. Each capability adds its own figures to `registry`. */
@Injectable()
export class OperatorMetrics implements OnModuleInit {
  readonly registry = new Registry();

  constructor(private readonly host: HttpAdapterHost) {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Times every answer, by route and never by address: an id in a label would be a series for each run. */
  onModuleInit(): void {
    const seconds = new Histogram({
      name: 'mallo_http_request_duration_seconds',
      help: 'Time from a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [this.registry],
    });
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'unknown';
      seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
      done();
    });
  }
}

@Controller()
class OperatorMetricsController {
  constructor(private readonly metrics: OperatorMetrics) {}

  @Endpoint(metricsRoute)
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  text(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

class OperatorMetricsModule {}

/** `GET /metrics` of a service, and `OperatorMetrics` for all its capabilities. */
export function operatorMetricsModule(): DynamicModule {
  return {
    module: OperatorMetricsModule,
    global: true,
    controllers: [OperatorMetricsController],
    providers: [OperatorMetrics],
    exports: [OperatorMetrics],
  };
}
