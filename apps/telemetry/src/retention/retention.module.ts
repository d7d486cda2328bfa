import type { Tokens } from '@mallo/backend';
import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { PointStore } from '../points/point-store.js';
import { ProjectsService } from '../tracking/projects.service.js';
import { RetentionController } from './retention.controller.js';
import { RetentionRepository } from './retention.repository.js';
import { RetentionService } from './retention.service.js';
import { RunFilesClient } from './run-files.client.js';

class RetentionModule {}

/** How long projects keep what their runs logged. */
export function retentionModule(
  tracking: DynamicModule,
  tokens: Tokens,
  apiUrl: string | undefined,
  log: Logger,
): DynamicModule {
  const service = {
    provide: RetentionService,
    inject: [ProjectsService, RetentionRepository, PointStore],
    useFactory: (projects: ProjectsService, repository: RetentionRepository, points: PointStore) =>
      new RetentionService({ projects, repository, points, files: new RunFilesClient(tokens, apiUrl), log }),
  };
  return {
    module: RetentionModule,
    imports: [tracking],
    controllers: [RetentionController],
    providers: [RetentionRepository, service],
  };
}
