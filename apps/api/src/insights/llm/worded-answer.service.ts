import type { AnswerSentence, EngineNote, LlmUsage, Locale } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '../../settings.js';
import { AnswersClient } from './answers.client.js';
import { checkedSentence } from './checked-sentence.js';
import { factsFrom } from './facts.js';

const MOST_SENTENCES = 12;

const NOTES = {
  provider_error: {
    code: 'provider_error',
    ko: '언어 모델을 쓸 수 없어 기록에서 바로 답했어요.',
    en: 'The language model could not be used, so this is answered straight from the records.',
  },
  malformed: {
    code: 'malformed',
    ko: '언어 모델의 답이 기록과 맞지 않아 기록에서 바로 답했어요.',
    en: "The language model's answer did not agree with the records, so this is answered straight from them.",
  },
} as const satisfies Record<string, EngineNote>;

/** What a language model made of the facts: sentences that hold, or why there are none. */
export type WordedAnswer =
  | { sentences: AnswerSentence[]; usage: LlmUsage | null }
  | { sentences: null; note: EngineNote; usage: LlmUsage | null };

/** Has a language model word an answer, and lets through only what the facts prove. */
@Injectable()
export class WordedAnswerService {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly answers: AnswersClient,
  ) {}

  /**
   * The answer of a language model from these sentences; null where none is set up.
   * Sentences are handed on as they come; when the model fails after some, those do not count.
   * @throws the signal's reason when it is aborted
   */
  async word(
    question: string,
    language: Locale,
    known: readonly AnswerSentence[],
    onSentence?: (sentence: AnswerSentence) => void,
    signal?: AbortSignal,
  ): Promise<WordedAnswer | null> {
    if (!(await this.answers.hasLanguageModel())) return null;
    const facts = factsFrom(known);
    const sentences: AnswerSentence[] = [];
    let usage: LlmUsage | null = null;
    let note: EngineNote | null = null;
    let isWhole = false;
    const request = { question, language, facts: facts.map(({ id, text }) => ({ id, text })) };
    try {
      await this.answers.answer(
        request,
        (line) => {
          if (line.type === 'done') {
            usage = line.usage;
            isWhole = true;
          } else if (line.type === 'failed') note = line.note;
          else {
            const sentence = sentences.length < MOST_SENTENCES ? checkedSentence(line, facts) : null;
            if (!sentence) return this.log.info({ facts: line.facts }, 'a sentence of the language model was dropped');
            sentences.push(sentence);
            onSentence?.(sentence);
          }
        },
        signal,
      );
    } catch (error) {
      signal?.throwIfAborted();
      this.log.warn({ err: error }, 'the language model gave no answer');
      note = NOTES.provider_error;
    }
    if (note || !isWhole) return { sentences: null, note: note ?? NOTES.provider_error, usage };
    return sentences.length > 0 ? { sentences, usage } : { sentences: null, note: NOTES.malformed, usage };
  }
}
