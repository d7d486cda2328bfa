import { endings } from './endings.js';
import { type Piece, segment } from './korean.js';
import { commonHangul, correctHangul, particles } from './lexicon.js';
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
  /(?<version>\d+\.\d+\.\d+)|(?<number>(?:(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?(?:e[+-]?\d+(?!\d))?|(?<!\d)\.\d+(?:e[+-]?\d+)?)|(?<hangul>[가-힣ㄱ-ㅎㅏ-ㅣ]+)|(?<latin>(?<=\d)x(?=[a-z]+\d)|(?:(?![가-힣ㄱ-ㅎㅏ-ㅣ])\p{L})+)|(?<symbol>\.{2,3}(?=\s*\d)|[^\s])/gu;

/** A word with a slip in it that was cut to pieces (이피션트냇) as the word it stands for, with what hangs on it. */
function correctedPieces(run: string, pieces: Piece[]): Piece[] {
  if (run.length > 14 || !pieces.some((piece) => piece.kind === 'unknown')) return pieces;
  for (let end = run.length; end >= Math.max(2, run.length - 3); end -= 1) {
    const rest = run.slice(end);
    const kind = rest === '' || particles.has(rest) ? 'particle' : endings.has(rest) ? 'ending' : undefined;
    const word = kind && correctHangul(run.slice(0, end));
    // 장에서 is no slip: in so short a word only what is said most is mended, and of verbs only that (멈쳐줘).
    if (!word || ((end < 4 || kind === 'ending') && !commonHangul.has(word))) continue;
    const known: Piece[] = [{ kind: 'word', text: word }];
    return rest ? [...known, { kind, text: rest }] : known;
  }
  return pieces;
}

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
    // 다섯 종이 counts kinds; nobody counts paper so.
    const counted = match[0].startsWith('종이') && tokens.at(-1)?.kind === 'number';
    const pieces: Piece[] | undefined = counted
      ? [{ kind: 'word', text: '종' }, ...segment(match[0].slice(1), extraWords, true)]
      : undefined;
    for (const piece of pieces ?? correctedPieces(match[0], segment(match[0], extraWords, !spaced))) {
      tokens.push({ ...piece, from: at, to: at + piece.text.length, spaced: spaced && at === from });
      at += piece.text.length;
    }
  }
  return tokens;
}
