/**
 * Scores the grammar on the evaluation set: `pnpm score [development|heldout] [--verbose]`.
 * Prints rates by language and tag, how often it asks rightly, and latency.
 */
import { parseArgs } from 'node:util';
import { evaluate, isExact, percentOf, type Result } from './evaluate.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { verbose: { type: 'boolean' } } });
const results = evaluate(positionals[0] === 'heldout' ? 'heldout' : 'development');

const groups = new Map<string, Result[]>();
for (const result of results) {
  const { lang, tags, expect } = result.item;
  for (const group of [`language ${lang}`, `status ${expect.status}`, ...tags.map((tag) => `tag ${tag}`)]) {
    groups.set(group, [...(groups.get(group) ?? []), result]);
  }
  if (values.verbose && !isExact(result)) {
    console.log([`${result.item.id}  ${result.item.request.message}`, ...result.wrong].join('\n    '));
  }
}

const share = (part: number, whole: number) => `${part}/${whole} = ${((100 * part) / Math.max(1, whole)).toFixed(1)}%`;
for (const [group, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${group.padEnd(32)} ${share(members.filter(isExact).length, members.length)}`);
}
const sum = (pick: (result: Result) => number) => results.reduce((total, result) => total + pick(result), 0);
const should = results.filter(({ item }) => item.expect.status === 'needs_clarification');
const did = results.filter(({ answer }) => answer.status === 'needs_clarification');
const both = should.filter((result) => did.includes(result)).length;
const times = results.map((result) => result.milliseconds).sort((a, b) => a - b);
const quantile = (part: number) => (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(2);

console.log(
  `intent fields right ${share(
    sum((result) => result.fieldsRight),
    sum((result) => result.fields),
  )}`,
);
console.log(`asks: precision ${share(both, did.length)}, recall ${share(both, should.length)}`);
console.log(`latency ms p50=${quantile(0.5)} p99=${quantile(0.99)}`);
console.log(`exact ${results.filter(isExact).length}/${results.length} = ${percentOf(results, isExact).toFixed(1)}%`);
