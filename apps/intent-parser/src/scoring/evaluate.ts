import { readFileSync } from 'node:fs';
import { ParseContext, type ParseResponse, TrainingIntent } from '@mallo/contracts';
import { z } from 'zod';
import { parse } from '../grammar/parse.js';
import { Expectation, judge } from './judge.js';

const folder = new URL('../../evaluation/', import.meta.url);

const Item = z.strictObject({
  id: z.string(),
  lang: z.enum(['ko', 'en', 'mixed']),
  tags: z.array(z.string()),
  request: z.strictObject({
    message: z.string(),
    /** A name in contexts.json. */
    context: z.string(),
    history: ParseContext.shape.history,
    intent: TrainingIntent.optional(),
  }),
  expect: Expectation,
});
export type Item = z.infer<typeof Item>;

export type Result = {
  item: Item;
  answer: ParseResponse;
  wrong: string[];
  fields: number;
  fieldsRight: number;
  milliseconds: number;
};

export type Split = 'development' | 'heldout';

/** Runs the grammar over one split of the evaluation set. */
export function evaluate(split: Split): Result[] {
  const contexts = z
    .record(z.string(), ParseContext)
    .parse(JSON.parse(readFileSync(new URL('contexts.json', folder), 'utf8')));
  return readFileSync(new URL(`${split}.jsonl`, folder), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const item = Item.parse(JSON.parse(line));
      const { message, context, history, intent } = item.request;
      const start = performance.now();
      const answer = parse(message, { ...contexts[context], ...(history && { history }), ...(intent && { intent }) });
      const milliseconds = performance.now() - start;
      return { item, answer, ...judge(item.expect, answer), milliseconds };
    });
}

export function isExact(result: Result): boolean {
  return result.wrong.length === 0;
}

/** The share, in percent, of results for which something holds. */
export function percentOf(results: readonly Result[], holds: (result: Result) => boolean): number {
  return (100 * results.filter(holds).length) / Math.max(1, results.length);
}
