/**
 * Scores the grammar on a set: `pnpm score [development|heldout|FILE] [--verbose]`.
 * Prints rates by language and tag, how often it asks rightly, and latency.
 */
import { parseArgs } from 'node:util';
import { parse } from '../grammar/parse.js';
import { evaluate, isExact, type Result, readItems } from './evaluate.js';
import { figuresOf, percentOf, type Share, share } from './figures.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { verbose: { type: 'boolean' } } });
const items = readItems(positionals[0] ?? 'development');
const results = await evaluate(items, ({ message, context }) => parse(message, context));

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

const told = (of: Share) => `${of.part}/${of.whole} = ${percentOf(of).toFixed(1)}%`;
for (const [group, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${group.padEnd(32)} ${told(share(members, isExact))}`);
}
const figures = figuresOf(results);
const { p50, p99, max } = figures.latency;
console.log(`intent fields: precision ${told(figures.fieldPrecision)}, recall ${told(figures.fieldRecall)}`);
console.log(`asks: precision ${told(figures.askPrecision)}, recall ${told(figures.askRecall)}`);
console.log(`made of what is no request: ${told(figures.invented)}`);
console.log(`latency ms p50=${p50.toFixed(2)} p99=${p99.toFixed(2)} max=${max.toFixed(2)}`);
console.log(`exact ${told(figures.exact)}`);
