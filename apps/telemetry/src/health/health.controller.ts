import { Endpoint } from '@mallo/backend';
import { route } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database.js';

const healthRoutes = {
  health: route({
    method: 'GET',
    path: '/live/v1/health',
    summary: 'Whether telemetry and its database answer',
    access: 'public',
    response: z.strictObject({ status: z.literal('ok') }),
    errors: ['server.unavailable'],
  }),
};

@Controller()
export class HealthController {
  constructor(private readonly database: Database) {}

  @Endpoint(healthRoutes.health)
  async health(): Promise<{ status: 'ok' }> {
    await this.database.query('select 1', []);
    return { status: 'ok' };
  }
}
