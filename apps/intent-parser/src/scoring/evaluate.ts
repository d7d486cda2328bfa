import { readFileSync } from 'node:fs';
import { ParseContext, type ParseRequest, type ParseResponse, TrainingIntent } from '@mallo/contracts';
import { z } from 'zod';
import { Expectation, type Judgement, judge } from './judge.js';

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

export type Result = Judgement & { item: Item; answer: ParseResponse; milliseconds: number };

/** What is measured: the grammar itself, or an engine behind the wire. */
export type Engine = (request: ParseRequest) => ParseResponse | Promise<ParseResponse>;

export const SETS = ['development', 'heldout'] as const;

/** The items of a set of the repository, or of a file of such items. */
export function readItems(set: string): Item[] {
  const isOurs = (SETS as readonly string[]).includes(set);
  return readFileSync(isOurs ? new URL(`${set}.jsonl`, folder) : set, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => Item.parse(JSON.parse(line)));
}

/** Puts each item to an engine, one after the other, and judges the answers. */
export async function evaluate(items: readonly Item[], engine: Engine): Promise<Result[]> {
  const contexts = z
    .record(z.string(), ParseContext)
    .parse(JSON.parse(readFileSync(new URL('contexts.json', folder), 'utf8')));
  const results: Result[] = [];
  for (const item of items) {
    const { message, context, history, intent } = item.request;
    const project = contexts[context];
    if (!project) throw new Error(`${item.id} is said in "${context}", which contexts.json does not hold`);
    const request = { message, context: { ...project, ...(history && { history }), ...(intent && { intent }) } };
    const start = performance.now();
    const answer = await engine(request);
    const milliseconds = performance.now() - start;
    results.push({ item, answer, ...judge(item.expect, answer), milliseconds });
  }
  return results;
}

export function isExact(result: Result): boolean {
  return result.wrong.length === 0;
}
