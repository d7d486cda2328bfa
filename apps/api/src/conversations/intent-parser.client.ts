import { MalloError, type ParseContext, ParseResponse } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../settings.js';

// The parser gives a language model 15 s before its grammar answers instead.
const TIMEOUT_MS = 20_000;

/** Asks the intent parser what a message means. */
@Injectable()
export class IntentParserClient {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws MalloError server.unavailable */
  async parse(message: string, context: ParseContext): Promise<ParseResponse> {
    try {
      const response = await fetch(new URL('/v1/parse', this.settings.INTENT_PARSER_URL), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message, context, engine: 'auto' }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`the parser answered ${response.status}: ${await response.text()}`);
      return ParseResponse.parse(await response.json());
    } catch (error) {
      throw new MalloError('server.unavailable', { part: 'intent-parser' }, { cause: error });
    }
  }
}
