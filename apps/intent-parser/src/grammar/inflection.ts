import { headword } from './lexicon.js';
import type { Token } from './tokens.js';

const MOST_ENDINGS = 4;
const FINALS = { n: 4, ss: 20 };
const finalOf = (char: string) => (char >= '가' && char <= '힣' ? (char.charCodeAt(0) - 0xac00) % 28 : -1);

/**
 * Whether a Korean verb describes something instead of asking for it: 멈춘 학습, 돌리던 거, 승격된 모델, 멈췄어?. It is told
 * by its form and by the endings that hang on it. "멈췄으면 해" and "멈춰야겠어" do ask.
 */
export function describes(tokens: Token[], to: number): boolean {
  const last = tokens[to - 1];
  if (!last || last.kind === 'latin') return false;
  let tail = headword(last.text) === last.text ? '' : last.text;
  for (let i = to; i < Math.min(tokens.length, to + MOST_ENDINGS); i += 1) {
    const token = tokens[i];
    // The 는 of 낮추는 is a particle elsewhere.
    const hangs =
      token?.kind === 'ending' || (token?.kind === 'particle' && tail !== '' && ['는', '은'].includes(token.text));
    if (!token || token.spaced || !hangs) break;
    tail += token.text;
  }
  if (!tail) return false;
  const isPast = [...tail].some(
    (char, at) =>
      finalOf(char) === FINALS.ss && !['겠', '있'].includes(char) && !/^(으면|음 |을까|을게)/.test(tail.slice(at + 1)),
  );
  return isPast || tail.endsWith('던') || (finalOf(tail.slice(-1)) === FINALS.n && !/[면만란전]$/.test(tail));
}
