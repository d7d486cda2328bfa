import fastifyCompress from '@fastify/compress';
import { createService, migrate, operatorMetricsModule, Tokens } from '@mallo/backend';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { Database, databaseModule } from './database.js';
import { exportModule } from './export/export.module.js';
import { HealthController } from './health/health.controller.js';
import { acceptLines } from './live/lines-body.js';
import { LiveGateway } from './live/live.gateway.js';
import { liveModule } from './live/live.module.js';
import { mlflowModule } from './mlflow/mlflow.module.js';
import { acceptProtobuf, otlpModule } from './otlp/otlp.module.js';
import { moveOldRuns } from './points/move-old-runs.js';
import { pointsModule } from './points/points.module.js';
import { retentionModule } from './retention/retention.module.js';
import type { Settings } from './settings.js';
import { trackingModule } from './tracking/tracking.module.js';
import { verifyToken } from './verify-token.js';

const MIGRATIONS = `${import.meta.dirname}/../migrations`;
/** A batch has at most 5,000 events, whose lines may be long. Of compressed bodies this is the size without. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

/** The telemetry service, its database brought up to date, ready to listen. */
export async function createTelemetry(settings: Settings, log: Logger): Promise<NestFastifyApplication> {
  await migrate(settings.DATABASE_URL, MIGRATIONS, 'telemetry', log);
  const tokens = new Tokens(settings.MALLO_JWT_SECRET);
  const verify = verifyToken(tokens, settings.API_URL);
  const tracking = trackingModule(tokens, settings.API_URL);
  const live = liveModule({
    verify,
    ownUrl: settings.MALLO_URL,
    redisUrl: settings.REDIS_URL,
    remoteWriteUrl: settings.MALLO_REMOTE_WRITE_URL,
    tracking,
    log,
  });
  class TelemetryModule {}
  const root = {
    module: TelemetryModule,
    imports: [
      operatorMetricsModule(),
      databaseModule(settings.DATABASE_URL, log),
      pointsModule(log),
      live,
      tracking,
      mlflowModule(tracking, settings.API_URL),
      otlpModule(tracking, log),
      exportModule(tracking, settings.DATABASE_URL),
      retentionModule(tracking, tokens, settings.API_URL, log),
    ],
    controllers: [HealthController],
  };
  const app = await createService({
    module: root,
    log,
    verify,
    url: settings.MALLO_URL,
    bodyLimitBytes: BODY_LIMIT_BYTES,
  });
  // What is compressed is read as a stream, and given up once it gets larger than a body may be.
  await app.register(fastifyCompress, {
    globalCompression: false,
    globalDecompression: true,
    requestEncodings: ['gzip', 'zstd'],
  });
  acceptLines(app);
  acceptProtobuf(app);
  await moveOldRuns(app.get(Database), log);
  app.get(LiveGateway).attach(app.getHttpServer());
  return app;
}
