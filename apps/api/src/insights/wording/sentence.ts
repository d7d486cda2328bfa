import type { AnswerSentence, AnswerSource, Locale } from '@mallo/contracts';
import { fitParticle } from './particles.js';

/** A sentence in both languages. */
export type Both = Record<Locale, AnswerSentence>;

/** Any digit of any script, and characters that stand for numbers, such as ½ and ². */
const DIGIT = /\p{N}/u;
/** A figure or a name: 0.93, resnet18, F1, 2026-11-21. */
const WORD_WITH_DIGITS = /[A-Za-z\p{N}._-]*\p{N}%?/gu;

/** A figure, or a name that may hold digits, with the place where it can be looked up. */
export function linked(text: string, source: AnswerSource): AnswerSentence {
  return { text, links: [{ span: [0, text.length], source }] };
}

/** Pieces one after the other; the spans of each move along. */
function joined(pieces: readonly AnswerSentence[]): AnswerSentence {
  let text = '';
  const links: AnswerSentence['links'] = [];
  for (const piece of pieces) {
    for (const { span, source } of piece.links) {
      links.push({ span: [span[0] + text.length, span[1] + text.length], source });
    }
    text += piece.text;
  }
  return { text, links };
}

/**
 * A sentence from a template. What it says of its own may hold no digit: a figure comes in as a piece that carries
 * its source, and so cannot be written without one. A Korean particle in its dictionary form, such as 은(는), right
 * after a piece takes the form that fits.
 * @throws Error when the template itself holds a digit
 */
export function said(literals: TemplateStringsArray, ...pieces: AnswerSentence[]): AnswerSentence {
  const parts = literals.flatMap((literal, index) => {
    if (DIGIT.test(literal)) throw new Error(`a figure without a source: “${literal}”`);
    const before = pieces[index - 1];
    const text = before ? fitParticle(before.text, literal) : literal;
    const piece = pieces[index];
    return piece ? [{ text, links: [] }, piece] : [{ text, links: [] }];
  });
  return joined(parts);
}

/** Words without a figure, known only when the program runs. @throws Error when they hold a digit */
export function plain(text: string): AnswerSentence {
  if (DIGIT.test(text)) throw new Error(`a figure without a source: “${text}”`);
  return { text, links: [] };
}

/** A text that is quoted as it stands; each figure and each word with digits in it is a link to where it stands. */
export function cited(text: string, source: AnswerSource): AnswerSentence {
  const words = [...text.matchAll(WORD_WITH_DIGITS)];
  return { text, links: words.map(({ 0: word, index }) => ({ span: [index, index + word.length], source })) };
}

/** Pieces with `separator` between them. */
export function listed(pieces: readonly AnswerSentence[], separator = ', '): AnswerSentence {
  return joined(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [plain(separator), piece])));
}
