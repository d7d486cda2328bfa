import {
  EngineState,
  MalloError,
  type ParseContext,
  ParseResponse,
  parseRoutes,
  type RouteSpec,
  ZooReading,
} from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../settings.js';

// The parser gives a language model 15 s before its grammar answers instead.
const TIMEOUT_MS = 20_000;

/** Asks the intent parser what a message means. */
@Injectable()
export class IntentParserClient {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws MalloError server.unavailable */
  async parse(message: string, context: ParseContext, engine: 'rules' | 'auto' = 'auto'): Promise<ParseResponse> {
    const body = JSON.stringify({ message, context, engine });
    return ParseResponse.parse(await this.ask(parseRoutes.parse, body));
  }

  /** What a search of the catalogue is looking for. @throws MalloError server.unavailable */
  async zooQuery(query: string): Promise<ZooReading> {
    return ZooReading.parse(await this.ask(parseRoutes.zooQuery, JSON.stringify({ query })));
  }

  /** @throws MalloError server.unavailable */
  async engine(): Promise<EngineState> {
    return EngineState.parse(await this.ask(parseRoutes.engine));
  }

  private async ask({ method, path }: RouteSpec, body?: string): Promise<unknown> {
    try {
      const response = await fetch(new URL(path, this.settings.INTENT_PARSER_URL), {
        method,
        headers: body ? { 'content-type': 'application/json' } : {},
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`the parser answered ${response.status}: ${await response.text()}`);
      return await response.json();
    } catch (error) {
      throw new MalloError('server.unavailable', { part: 'intent-parser' }, { cause: error });
    }
  }
}
