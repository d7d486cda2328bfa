import { type Piece, segment } from './korean.js';
import type { Text } from './text.js';

export type Token = {
  kind: 'number' | 'version' | 'latin' | 'symbol' | Piece['kind'];
  text: string;
  /** Offsets into the normalised text. */
  from: number;
  to: number;
  /** Whether white space stands before it. */
  spaced: boolean;
};

const RAW =
  /(?<version>\d+\.\d+\.\d+)|(?<number>(?:(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?(?:e[+-]?\d+(?!\d))?|(?<!\d)\.\d+(?:e[+-]?\d+)?)|(?<hangul>[가-힣ㄱ-ㅎㅏ-ㅣ]+)|(?<latin>(?:(?![가-힣ㄱ-ㅎㅏ-ㅣ])\p{L})+)|(?<symbol>[^\s])/gu;

/** Cuts a text into numbers, versions, Latin words, Korean words with their particles, and symbols. */
export function tokenise(text: Text, extraWords: ReadonlySet<string>): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.chars.matchAll(RAW)) {
    const from = match.index;
    const to = from + match[0].length;
    const spaced = from > end || from === 0;
    end = to;
    const groups = match.groups ?? {};
    if (groups.hangul === undefined) {
      const kind =
        groups.version !== undefined
          ? 'version'
          : groups.number !== undefined
            ? 'number'
            : groups.latin !== undefined
              ? 'latin'
              : 'symbol';
      tokens.push({ kind, text: match[0], from, to, spaced });
      continue;
    }
    let at = from;
    for (const piece of segment(match[0], extraWords, !spaced)) {
      tokens.push({ ...piece, from: at, to: at + piece.text.length, spaced: spaced && at === from });
      at += piece.text.length;
    }
  }
  return tokens;
}
