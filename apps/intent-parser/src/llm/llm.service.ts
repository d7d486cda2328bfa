import {
  type AnswerLine,
  type AnswerRequest,
  type EngineState,
  MalloError,
  type ParseContext,
  type ParseResponse,
} from '@mallo/contracts';
import type { Logger } from 'pino';
import { citedAs } from './answer-prompt.js';
import { LlmFailure } from './failure.js';
import type { LanguageModel } from './language-model.js';
import { responseFrom } from './response.js';
import { type Sentence, SentenceCutter } from './sentences.js';

/** Reads messages and answers questions with Claude or GPT where one is set up; the grammar stands behind it. */
export class LlmService {
  constructor(
    private readonly log: Logger,
    private readonly model?: LanguageModel,
  ) {}

  get isConfigured(): boolean {
    return this.model !== undefined;
  }

  state(): EngineState {
    const { model } = this;
    if (!model) return { engine: 'rules', model: null, tokensToday: 0, dailyTokens: null, costTodayUsd: null };
    const { tokens, limit, costUsd } = model.use;
    return { engine: 'llm', model: model.name, tokensToday: tokens, dailyTokens: limit, costTodayUsd: costUsd };
  }

  /**
   * Answers a message of which the grammar made `rules`. With `required` a failure is an error instead of a fallback.
   * @throws MalloError parser.engine_unavailable
   */
  async parse(message: string, context: ParseContext, rules: ParseResponse, required: boolean): Promise<ParseResponse> {
    const model = this.required();
    // Empty, hostile, or about deleting: the grammar is sure that this is not for Mallo, so no model is to see it.
    if (rules.status === 'out_of_scope' && rules.confidence > 0.9) return { ...rules, engine: 'rules' };
    const start = performance.now();
    try {
      const { recognition, usage } = await model.read(message, context);
      this.log.info({ ...this.figures(start), kind: recognition.kind }, 'language model answered');
      return { ...responseFrom(message, context, recognition, rules), usage };
    } catch (error) {
      const failure = this.failed(error, start);
      if (required) throw this.unavailable();
      return {
        ...rules,
        engine: 'rules',
        note: failure.noteFor('reading'),
        ...(failure.usage && { usage: failure.usage }),
      };
    }
  }

  /**
   * Answers a question from facts, each sentence as soon as it is written. A failure is the last line; when `gone` is
   * aborted there is none.
   * @throws MalloError parser.engine_unavailable, before the first line
   */
  answer(request: AnswerRequest, gone: AbortSignal): AsyncGenerator<AnswerLine> {
    return this.lines(this.required(), request, gone);
  }

  private async *lines(model: LanguageModel, request: AnswerRequest, gone: AbortSignal): AsyncGenerator<AnswerLine> {
    const start = performance.now();
    const factOf = citedAs(request.facts);
    const line = ({ text, ids }: Sentence): AnswerLine => ({
      type: 'sentence',
      text: model.withoutKey(text),
      facts: ids.flatMap((id) => factOf.get(id) ?? []),
    });
    const cutter = new SentenceCutter();
    try {
      for await (const piece of model.write(request, gone)) {
        if (typeof piece === 'string') {
          yield* cutter.add(piece).map(line);
          continue;
        }
        if (piece.isWhole) yield* cutter.end().map(line);
        this.log.info(this.figures(start), 'language model wrote an answer');
        yield { type: 'done', usage: piece.usage };
      }
    } catch (error) {
      yield { type: 'failed', note: this.failed(error, start).noteFor('answering') };
    }
  }

  /** The failure, which is in the log then; anything else is thrown on. */
  private failed(error: unknown, start: number): LlmFailure {
    if (!(error instanceof LlmFailure)) throw error;
    const { code, status } = error;
    this.log.warn({ ...this.figures(start), code, status }, 'language model gave no answer');
    return error;
  }

  private figures(start: number) {
    return { milliseconds: Math.round(performance.now() - start), tokensToday: this.model?.use.tokens };
  }

  private required(): LanguageModel {
    if (!this.model) throw this.unavailable();
    return this.model;
  }

  private unavailable(): MalloError {
    return new MalloError('parser.engine_unavailable', { engine: 'llm' });
  }
}
