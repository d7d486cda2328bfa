import type { AnswerSentence, Fact } from '@mallo/contracts';

const MOST_FACTS = 200;
const LONGEST_FACT = 2000;
/** Two or more names with slashes between them, as an error message may hold them. */
const PATH = /(?:[A-Za-z]:)?(?:[\\/][\p{L}\p{N}._@~+-]+){2,}[\\/]?/gu;

/** What a language model is told, with the sentence of ours it stands for. */
export type KnownFact = Fact & { sentence: AnswerSentence };

/** Sentences as facts, each once and numbered; paths of this machine are nobody else's business. */
export function factsFrom(sentences: readonly AnswerSentence[]): KnownFact[] {
  const unique = [...new Map(sentences.map((sentence) => [sentence.text, sentence])).values()];
  return unique.slice(0, MOST_FACTS).map((sentence, index) => ({
    id: `f${index + 1}`,
    text: sentence.text.replaceAll(PATH, '(file)').slice(0, LONGEST_FACT),
    sentence,
  }));
}
