import type { AnswerRequest, LlmUsage, ParseContext } from '@mallo/contracts';
import type { DailyUse } from './daily-use.js';
import type { Recognition } from './recognition.js';

/** Claude, GPT or a local model. It is given no tools: it fills a form, or writes. Every failure is an LlmFailure. */
export type LanguageModel = {
  /** As its provider calls it. */
  readonly name: string;
  readonly use: DailyUse;

  /** A text of the provider's without the key, which a gateway may have put into it. */
  withoutKey(text: string): string;

  /** What a message says. @throws LlmFailure */
  read(message: string, context: ParseContext): Promise<{ recognition: Recognition; usage: LlmUsage }>;

  /**
   * Writes an answer: its text in pieces as they come, in the form that `answer-prompt.ts` asks for, then what it used
   * and whether it came to its end or to the limit of its length.
   * Ends without a word when `gone` is aborted, and the provider's request with it.
   * @throws LlmFailure
   */
  write(request: AnswerRequest, gone: AbortSignal): AsyncGenerator<string | { usage: LlmUsage; isWhole: boolean }>;
};
