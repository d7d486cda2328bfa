import { createService } from '@mallo/backend';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { LlmService } from './llm/llm.service.js';
import type { Reader } from './llm/reader.js';
import { ParseModule } from './parse/parse.module.js';

// A message far too long is to be told so, not cut off: a million characters escaped as \uXXXX, with the context.
const BODY_LIMIT_BYTES = 16 * 1_048_576;

/** The parser as a service: no database, no token, and no state but the count of the day's LLM tokens. */
export function createParser(log: Logger, url: string, reader?: Reader): Promise<NestFastifyApplication> {
  const llm = { provide: LlmService, useValue: new LlmService(log, reader) };
  const module = { module: ParseModule, providers: [llm] };
  return createService({ module, log, verify: async () => null, url, bodyLimitBytes: BODY_LIMIT_BYTES });
}
