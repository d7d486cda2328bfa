import { MalloError, type ParseContext, type ParseResponse } from '@mallo/contracts';
import type { Logger } from 'pino';
import { answerFrom } from './answer.js';
import { LlmFailure } from './failure.js';
import type { Reader } from './reader.js';

/** Reads messages with Claude or GPT where a key is set, and by the grammar where that gives no answer. */
export class LlmService {
  constructor(
    private readonly log: Logger,
    private readonly reader?: Reader,
  ) {}

  get isConfigured(): boolean {
    return this.reader !== undefined;
  }

  /**
   * Answers a message of which the grammar made `rules`. With `required` a failure is an error instead of a fallback.
   * @throws MalloError parser.engine_unavailable
   */
  async parse(message: string, context: ParseContext, rules: ParseResponse, required: boolean): Promise<ParseResponse> {
    const unavailable = new MalloError('parser.engine_unavailable', { engine: 'llm' });
    if (!this.reader) throw unavailable;
    // Empty, hostile, or about deleting: the grammar is sure that this is not for Mallo, so no model is to see it.
    if (rules.status === 'out_of_scope' && rules.confidence > 0.9) return { ...rules, engine: 'rules' };
    const start = performance.now();
    try {
      const recognition = await this.reader.read(message, context);
      const milliseconds = Math.round(performance.now() - start);
      this.log.info(
        { milliseconds, kind: recognition.kind, tokensToday: this.reader.tokensToday },
        'language model answered',
      );
      return answerFrom(message, context, recognition, rules);
    } catch (error) {
      if (!(error instanceof LlmFailure)) throw error;
      const { code, status, note } = error;
      const milliseconds = Math.round(performance.now() - start);
      this.log.warn(
        { code, status, milliseconds, tokensToday: this.reader.tokensToday },
        'language model gave no answer',
      );
      if (required) throw unavailable;
      return { ...rules, engine: 'rules', note };
    }
  }
}
