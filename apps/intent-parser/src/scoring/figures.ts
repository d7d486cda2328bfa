import { isExact, type Result } from './evaluate.js';

/** So many of so many. */
export type Share = { part: number; whole: number };

export type Figures = {
  exact: Share;
  korean: Share;
  english: Share;
  /** Of the fields that sentences determine or forbid: filled rightly among the filled. */
  fieldPrecision: Share;
  /** Of the fields that sentences determine: filled rightly. */
  fieldRecall: Share;
  /** Of the answers that ask, those to sentences that have to be asked about. */
  askPrecision: Share;
  /** Of the sentences that have to be asked about, those that were. */
  askRecall: Share;
  /** Commands and trainings made of sentences that are none of Mallo's business, hostile ones among them. */
  invented: Share;
  /** Milliseconds an answer took. */
  latency: { p50: number; p99: number; max: number };
};

export function share(results: readonly Result[], holds: (result: Result) => boolean): Share {
  return { part: results.filter(holds).length, whole: results.length };
}

export function percentOf({ part, whole }: Share): number {
  return (100 * part) / Math.max(1, whole);
}

const asks = ({ answer }: Result) => answer.status === 'needs_clarification';
const isToAsk = ({ item }: Result) => item.expect.status === 'needs_clarification';

/** What a set's results come to. */
export function figuresOf(results: readonly Result[]): Figures {
  const sum = (pick: (result: Result) => number) => results.reduce((total, result) => total + pick(result), 0);
  const inLanguage = (lang: string) =>
    share(
      results.filter(({ item }) => item.lang === lang),
      isExact,
    );
  const times = results.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const quantile = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  const right = sum(({ fieldsRight }) => fieldsRight);
  return {
    exact: share(results, isExact),
    korean: inLanguage('ko'),
    english: inLanguage('en'),
    fieldPrecision: { part: right, whole: sum(({ fieldsFilled }) => fieldsFilled) },
    fieldRecall: { part: right, whole: sum(({ fields }) => fields) },
    askPrecision: share(results.filter(asks), isToAsk),
    askRecall: share(results.filter(isToAsk), asks),
    invented: share(
      results.filter(({ item }) => item.expect.status === 'out_of_scope'),
      ({ answer }) => answer.command !== undefined || answer.intent !== undefined,
    ),
    latency: { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) },
  };
}
