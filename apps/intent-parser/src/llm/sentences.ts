/** A sentence of an answer, with the ids it was ended with. */
export type Sentence = { text: string; ids: string[] };

// [f1], [f1, f3], 【F2】, [f1 and f3], and [] for "no source". Any other bracket is part of the text.
const IDS = String.raw`[[【]\s*(?:f\d+(?:(?:\s|[,;·&]|and|및|와|과)*f\d+)*)?\s*[\]】]`;
const CITATION = new RegExp(String.raw`\s*${IDS}`, 'gi');
// A sentence that is over before its line is: a mark and its ids, in whichever order, and something new behind. A bracket
// behind it may yet be its ids. Dots within 0.953, v1.2.0 and resnet50.a1_in1k have no space behind them.
const END = new RegExp(
  String.raw`(?:(?<![.!?。！？…])[.!?。！？…]+["'”’»)]*(?<ids>(?:\s*${IDS})+)?[.。]?|(?:\s*${IDS})+[.!?。！？…]+)(?=\s+(?<next>[^\s[【]))`,
  'giu',
);
const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|vs|approx|cf|fig|incl|ca|mr|ms|mrs|dr|예)\.$/i;
// Nobody writes sentences this long; what has no end is cut, so that it is not looked through for ever.
const LONGEST = 2000;
const BULLET = /^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+/;

/** Where the first sentence of a line that is still being written ends; undefined where that cannot be known yet. */
function endWithin(line: string): number | undefined {
  for (const match of line.matchAll(END)) {
    const end = match.index + match[0].length;
    const before = line.slice(0, end);
    if (match.groups?.ids) return end;
    // "vs. ConvNeXt", "approx. five", "1. ResNet50 is the best."
    const goesOn = /\p{Ll}/u.test(match.groups?.next ?? '') || ABBREVIATION.test(before);
    if (!goesOn && !/^\s*\d{1,2}[.)]$/.test(before)) return end;
  }
  return undefined;
}

function sentenceOf(written: string): Sentence[] {
  const ids = (written.match(CITATION) ?? []).flatMap((citation) => citation.toLowerCase().match(/f\d+/g) ?? []);
  const text = written
    .replace(CITATION, '')
    .replace(BULLET, '')
    .replace(/\*\*|`/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(text) ? [{ text, ids: [...new Set(ids)] }] : [];
}

/**
 * Cuts an answer that is still being written into its sentences. A sentence ends with its line; within a line, with a
 * full stop behind which another begins. Ids stand for all of their line before them: models that write two sentences in
 * one line cite once, and what the facts do not hold is found out by whoever has them.
 */
export class SentenceCutter {
  private open = '';
  /** Sentences of the line that is being written, whose ids may yet come. */
  private uncited: Sentence[] = [];

  /** The sentences that a piece of the answer has completed; a piece may end anywhere. */
  add(piece: string): Sentence[] {
    this.open += piece;
    const done: Sentence[] = [];
    for (;;) {
      const newline = this.open.indexOf('\n');
      const line = newline < 0 ? this.open : this.open.slice(0, newline);
      const end = endWithin(line.slice(0, LONGEST)) ?? (line.length > LONGEST ? LONGEST : undefined);
      if (end === undefined && newline < 0) return done;
      done.push(...this.take(this.open.slice(0, end ?? newline), end === undefined));
      this.open = this.open.slice(end ?? newline + 1);
    }
  }

  /** What is left of an answer that was finished. */
  end(): Sentence[] {
    const rest = this.open;
    this.open = '';
    return this.take(rest, true);
  }

  private take(written: string, endsLine: boolean): Sentence[] {
    this.uncited.push(...sentenceOf(written));
    const ids = this.uncited.at(-1)?.ids ?? [];
    if (ids.length === 0 && !endsLine) return [];
    return this.uncited.splice(0).map((sentence) => ({ ...sentence, ids }));
  }
}
