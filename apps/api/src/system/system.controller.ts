import { Endpoint } from '@mallo/backend';
import { MalloError, systemRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { Database } from '../database/database.js';

const VERSION = '0.1.0';

@Controller()
export class SystemController {
  constructor(private readonly database: Database) {}

  @Endpoint(routes.health)
  async health(): Promise<{ status: 'ok'; version: string }> {
    try {
      await this.database.$queryRaw`SELECT 1`;
    } catch (error) {
      throw new MalloError('server.unavailable', { part: 'PostgreSQL' }, { cause: error });
    }
    return { status: 'ok', version: VERSION };
  }
}
