import { createService } from '@mallo/backend';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { LanguageModel } from './llm/language-model.js';
import { LlmService } from './llm/llm.service.js';
import { ParseModule } from './parse/parse.module.js';

// A message far too long is to be told so, not cut off: a million characters escaped as \uXXXX, with the context.
const BODY_LIMIT_BYTES = 16 * 1_048_576;

/** The parser as a service: no database, no token, and no state but the count of the day's LLM tokens. */
export function createParser(log: Logger, url: string, model?: LanguageModel): Promise<NestFastifyApplication> {
  const llm = { provide: LlmService, useValue: new LlmService(log, model) };
  const module = { module: ParseModule, providers: [llm] };
  return createService({ module, log, verify: async () => null, url, bodyLimitBytes: BODY_LIMIT_BYTES });
}
