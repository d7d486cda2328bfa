import type { ParseContext } from '@mallo/contracts';
import type { Recognition } from './recognition.js';

/** Asks a language model what a message says. It is given no tools: it can only fill the form. */
export type Reader = {
  /** @throws LlmFailure */
  read(message: string, context: ParseContext): Promise<Recognition>;
  /** Used in the UTC day, in and out. */
  readonly tokensToday: number;
};
