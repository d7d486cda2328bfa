import { type Client, createClient } from '@mallo/client';
import { AnswerLine, type AnswerRequest, parseRoutes } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG, SETTINGS, type Settings } from '../../settings.js';

const ENGINE_TIMEOUT_MS = 2_000;
/** The parser gives a language model less; this is for a parser that hangs. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Has the intent parser's language model word an answer. */
@Injectable()
export class AnswersClient {
  private readonly client: Client;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOG) private readonly log: Logger,
  ) {
    this.client = createClient({ baseUrl: settings.INTENT_PARSER_URL });
  }

  /** Whether a language model is set up and the parser answers. */
  async hasLanguageModel(): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(ENGINE_TIMEOUT_MS);
      return (await this.client.call(parseRoutes.engine, {}, { signal })).engine === 'llm';
    } catch (error) {
      this.log.warn({ err: error }, 'the parser did not say which engine answers');
      return false;
    }
  }

  /**
   * Hands each line of the answer on as it comes.
   * @throws UnreachableError or ApiError when the parser does not answer, ZodError or SyntaxError for a line that is
   * none, and the signal's reason
   */
  async answer(request: AnswerRequest, onLine: (line: AnswerLine) => void, signal?: AbortSignal): Promise<void> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    await this.client.lines(parseRoutes.answer, { body: request }, (line) => onLine(AnswerLine.parse(line)), {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  }
}
