import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { Database } from '../database.js';
import { PointStore } from './point-store.js';
import { PointsController } from './points.controller.js';
import { StoreMetrics } from './store.metrics.js';

class PointsModule {}

/** The store of all that runs log, for every capability. */
export function pointsModule(log: Logger): DynamicModule {
  return {
    module: PointsModule,
    controllers: [PointsController],
    global: true,
    providers: [
      StoreMetrics,
      {
        provide: PointStore,
        inject: [Database, StoreMetrics],
        useFactory: (database: Database, metrics: StoreMetrics) => new PointStore(database, metrics, log),
      },
    ],
    exports: [PointStore],
  };
}
