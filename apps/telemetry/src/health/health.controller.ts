import { Endpoint } from '@mallo/backend';
import { route } from '@mallo/contracts';
import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database.js';
import { OperatorMetrics } from './operator-metrics.js';

const healthRoutes = {
  health: route({
    method: 'GET',
    path: '/live/v1/health',
    summary: 'Whether telemetry and its database answer',
    access: 'public',
    response: z.strictObject({ status: z.literal('ok') }),
    errors: ['server.unavailable'],
  }),
  // Not below /live, so the front door does not pass it on.
  metrics: route({
    method: 'GET',
    path: '/metrics',
    summary: 'Figures for operators in the text form of Prometheus',
    access: 'public',
    response: 'stream',
  }),
};

@Controller()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly operatorMetrics: OperatorMetrics,
  ) {}

  @Endpoint(healthRoutes.health)
  async health(): Promise<{ status: 'ok' }> {
    await this.database.query('select 1', []);
    return { status: 'ok' };
  }

  @Endpoint(healthRoutes.metrics)
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.operatorMetrics.text();
  }
}
