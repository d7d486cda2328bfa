import type { Locale } from '@mallo/contracts';
import type { Sentence } from '../sentences.js';
import type { Report } from './source.js';
import { words } from './words.js';

const SHOWN = 50;

type Line = { what: string; sentence: Sentence };

/** Gathers what was told, to be said in the end. */
export class GatheredReport implements Report {
  private readonly problems: Line[] = [];
  private readonly omissions = new Map<string, { line: Line; times: number }>();
  private problemCount = 0;

  get hasProblems(): boolean {
    return this.problemCount > 0;
  }

  problem(what: string, sentence: Sentence): void {
    this.problemCount += 1;
    // Of a source that is broken throughout, not all of it is kept.
    if (this.problems.length < SHOWN) this.problems.push({ what, sentence });
  }

  leftOut(what: string, sentence: Sentence): void {
    const known = this.omissions.get(sentence.en);
    if (known) known.times += 1;
    else this.omissions.set(sentence.en, { line: { what, sentence }, times: 1 });
  }

  /** All of it as lines of the terminal. */
  lines(locale: Locale): string[] {
    const omissions = [...this.omissions.values()].map(
      ({ line, times }) =>
        `  ${line.what}${times > 1 ? ` ${words.andMore(times - 1)[locale]}` : ''}: ${line.sentence[locale]}`,
    );
    const problems = this.problems.map(({ what, sentence }) => `  ${what}: ${sentence[locale]}`);
    const more = this.problemCount - this.problems.length;
    return [
      ...(omissions.length > 0 ? [words.leftOutTitle()[locale], ...omissions] : []),
      ...(problems.length > 0 ? [words.problemsTitle(this.problemCount)[locale], ...problems] : []),
      ...(more > 0 ? [`  ${words.andMore(more)[locale]}`] : []),
    ];
  }
}
