/**
 * Scores the grammar on the evaluation set: `pnpm score [development|heldout] [--verbose] [--floor PERCENT]`.
 * Prints rates by language and tag, how often it asks rightly, and latency; fails below the floor.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ParseContext, TrainingIntent } from '@mallo/contracts';
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean' }, floor: { type: 'string', default: '0' } },
});
const contexts = z
  .record(z.string(), ParseContext)
  .parse(JSON.parse(readFileSync(new URL('contexts.json', folder), 'utf8')));
const items = readFileSync(new URL(`${positionals[0] ?? 'development'}.jsonl`, folder), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => Item.parse(JSON.parse(line)));

const groups = new Map<string, { right: number; total: number }>();
const count = (group: string, right: boolean) => {
  const entry = groups.get(group) ?? { right: 0, total: 0 };
  groups.set(group, { right: entry.right + Number(right), total: entry.total + 1 });
};
const percent = (part: number, whole: number) =>
  `${part}/${whole} = ${((100 * part) / Math.max(1, whole)).toFixed(1)}%`;

let exact = 0;
let fields = 0;
let fieldsRight = 0;
const asked = { rightly: 0, wrongly: 0, missed: 0 };
const times: number[] = [];
for (const { id, lang, tags, request, expect } of items) {
  const context: ParseContext = {
    ...contexts[request.context],
    ...(request.history && { history: request.history }),
    ...(request.intent && { intent: request.intent }),
  };
  const start = performance.now();
  const got = parse(request.message, context);
  times.push(performance.now() - start);
  const verdict = judge(expect, got);
  const right = verdict.wrong.length === 0;
  exact += Number(right);
  fields += verdict.fields;
  fieldsRight += verdict.fieldsRight;
  const [should, did] = [expect.status, got.status].map((status) => status === 'needs_clarification');
  if (should && did) asked.rightly += 1;
  else if (did) asked.wrongly += 1;
  else if (should) asked.missed += 1;
  for (const group of [`language ${lang}`, `status ${expect.status}`, ...tags.map((tag) => `tag ${tag}`)])
    count(group, right);
  if (!right && values.verbose) console.log([`${id}  ${request.message}`, ...verdict.wrong].join('\n    '));
}
for (const [group, { right, total }] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${group.padEnd(32)} ${percent(right, total)}`);
}
times.sort((a, b) => a - b);
const quantile = (share: number) =>
  (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2);
console.log(`intent fields right ${percent(fieldsRight, fields)}`);
console.log(
  `asks: precision ${percent(asked.rightly, asked.rightly + asked.wrongly)}, recall ${percent(asked.rightly, asked.rightly + asked.missed)}`,
);
console.log(`latency ms p50=${quantile(0.5)} p99=${quantile(0.99)}`);
console.log(`exact ${percent(exact, items.length)}`);
if ((100 * exact) / Math.max(1, items.length) < Number(values.floor)) process.exitCode = 1;
