import { createService } from '@mallo/backend';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { ParseModule } from './parse/parse.module.js';

// A message far too long is to be told so, not cut off: a million characters escaped as \uXXXX, with the context.
const BODY_LIMIT_BYTES = 16 * 1_048_576;

/** The parser as a service: no database, no state, no token. */
export function createParser(log: Logger, url: string): Promise<NestFastifyApplication> {
  return createService({ module: ParseModule, log, verify: async () => null, url, bodyLimitBytes: BODY_LIMIT_BYTES });
}
