import type { AnswerSentence, Command, EngineNote, LlmUsage, Locale, ParseEngine, RunSummary } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { WordedAnswerService } from './llm/worded-answer.service.js';
import { noSource } from './topics/missing.js';
import { TopicsService } from './topics/topics.service.js';

/** An answer, sentence by sentence, every figure in it with its source. */
export type Answer = {
  sentences: AnswerSentence[];
  /** The runs it speaks of, where they are worth a list. */
  runs?: RunSummary[];
  engine: ParseEngine;
  /** Why a language model that is set up did not word it. */
  note: EngineNote | null;
  usage: LlmUsage | null;
};

/** Answers questions about a project's runs and models from what is on record, and about words of the field. */
@Injectable()
export class InsightsService {
  constructor(
    private readonly topics: TopicsService,
    private readonly wording: WordedAnswerService,
  ) {}

  /**
   * Answers `explain`, `compare` and `status`. Each sentence is handed to `onSentence` as it comes; those of a
   * language model that fails half-way are handed on too, but are not in the answer.
   * @throws MalloError project.not_found, also when it is someone else's; the signal's reason when it is aborted
   */
  async answer(
    userId: string,
    projectId: string,
    command: Command,
    question: string,
    locale: Locale,
    onSentence?: (sentence: AnswerSentence) => void,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const found = await this.topics.find(userId, projectId, command, question);
    const own = withSource(
      found.says.map((sentence) => sentence[locale]),
      noSource[locale],
    );
    const known = [...own, ...found.background.map((sentence) => sentence[locale])];
    const worded = await this.wording.word(question, locale, known, onSentence, signal);
    const runs = found.runs?.length ? { runs: found.runs } : {};
    if (worded?.sentences) {
      // Words without a figure have no link of their own; then ours that has one stands behind them.
      const behind = own.find(({ links }) => links.length > 0) ?? noSource[locale];
      const sentences = withSource(worded.sentences, behind);
      if (sentences.length > worded.sentences.length) onSentence?.(behind);
      return { sentences, ...runs, engine: 'llm', note: null, usage: worded.usage };
    }
    for (const sentence of own) onSentence?.(sentence);
    return { sentences: own, ...runs, engine: 'rules', note: worded?.note ?? null, usage: worded?.usage ?? null };
  }
}

/** Says so where nothing stands behind an answer. */
function withSource(sentences: AnswerSentence[], none: AnswerSentence): AnswerSentence[] {
  return sentences.some(({ links }) => links.length > 0) ? sentences : [...sentences, none];
}
