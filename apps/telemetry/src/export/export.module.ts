import type { DynamicModule } from '@nestjs/common';
import { Database } from '../database.js';
import { PointStore } from '../points/point-store.js';
import { ProjectsService } from '../tracking/projects.service.js';
import { TrackingService } from '../tracking/tracking.service.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';
import { Queries } from './queries.js';

class ExportModule {}

/** What runs logged, to be asked about and taken elsewhere. */
export function exportModule(tracking: DynamicModule, databaseUrl: string): DynamicModule {
  const service = {
    provide: ExportService,
    inject: [ProjectsService, TrackingService, PointStore, Database],
    useFactory: (projects: ProjectsService, tracking: TrackingService, points: PointStore, database: Database) =>
      new ExportService(projects, tracking, points, database, new Queries(databaseUrl)),
  };
  return { module: ExportModule, imports: [tracking], controllers: [ExportController], providers: [service] };
}
