import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { Database } from '../database.js';
import { PointStore } from './point-store.js';

class PointsModule {}

/** The store of all that runs log, for every capability. */
export function pointsModule(log: Logger): DynamicModule {
  return {
    module: PointsModule,
    global: true,
    providers: [
      { provide: PointStore, inject: [Database], useFactory: (database: Database) => new PointStore(database, log) },
    ],
    exports: [PointStore],
  };
}
