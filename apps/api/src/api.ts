import { fileURLToPath } from 'node:url';
import { createService, migrate, Tokens } from '@mallo/backend';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { apiModule } from './api.module.js';
import { Database, SCHEMA } from './database/database.js';
import { ApiTokensRepository } from './identity/api-tokens.repository.js';
import { verifyToken } from './identity/verify-token.js';
import { takePredictionBodies } from './inference/prediction-body.js';
import { takeAnyArtifact } from './mlflow/artifacts/any-artifact.js';
import type { Settings } from './settings.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

/** Brings the database up to date and makes the api, not yet listening. */
export async function createApi(settings: Settings, log: Logger): Promise<NestFastifyApplication> {
  await migrate(settings.DATABASE_URL, MIGRATIONS, SCHEMA, log);
  const database = new Database(settings.DATABASE_URL, log);
  const verify = verifyToken(new Tokens(settings.MALLO_JWT_SECRET), new ApiTokensRepository(database));
  const app = await createService({ module: apiModule(settings, log, database), log, verify, url: settings.MALLO_URL });
  takeAnyArtifact(app);
  takePredictionBodies(app);
  return app;
}
