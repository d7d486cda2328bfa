// How well, and how fast, each engine understands the sets of apps/intent-parser/evaluation.
//   node benchmarks/understanding/measure.mjs [development|heldout|FILE …]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { prepare, ROOT } from '../../scripts/setup/prepare.mjs';
import { terminalLocale } from '../../scripts/setup/sentences.mjs';

const PARSER = join(ROOT, 'apps', 'intent-parser', 'dist');
/** Longer than a language model is waited for. */
const LIMIT_MS = 60_000;

const { node, env } = await prepare({ packages: '@mallo/intent-parser...' }).catch((error) => {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  process.exit(1);
});
const { evaluate, readItems, SETS } = await import(join(PARSER, 'scoring', 'evaluate.js'));
const { figuresOf, percentOf } = await import(join(PARSER, 'scoring', 'figures.js'));

const asked = process.argv.slice(2);
const sets = (asked.length > 0 ? asked : SETS).map((set) => [set, readItems(set)]);
const parser = fork(join(PARSER, 'main.js'), {
  execPath: node,
  env: { ...env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error' },
});
try {
  const port = await listening();
  const state = await (await fetch(`http://127.0.0.1:${port}/v1/engine`)).json();
  const rows = [];
  for (const engine of state.engine === 'llm' ? ['rules', 'llm'] : ['rules']) {
    for (const [set, items] of sets) {
      // Asked for by name, a language model that fails is an error; here, as in the chat, the grammar answers for it.
      const wanted = engine === 'llm' ? 'auto' : engine;
      const results = await evaluate(items, (request) => understand(port, { ...request, engine: wanted }));
      const name = engine === 'llm' ? `llm (${state.model})` : engine;
      rows.push({ engine: name, set, items: items.length, ...toldOf(figuresOf(results)), ...usageOf(engine, results) });
    }
  }
  for (const row of rows) tell(row);
  if (state.engine !== 'llm') console.log('\nllm: not measured, there is no key (docs/settings.md)');
} finally {
  parser.kill();
}

async function listening() {
  const ended = once(parser, 'exit').then(([code]) => {
    throw new Error(`the parser ended with ${code} before it listened`);
  });
  const [{ port }] = await Promise.race([once(parser, 'message'), ended]);
  ended.catch(() => {});
  return port;
}

async function understand(port, request) {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/parse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return await answer.json();
}

/** @param {import('../../apps/intent-parser/src/scoring/figures.js').Figures} figures */
function toldOf(figures) {
  const told = (share) => `${percentOf(share).toFixed(1)} % (${share.part}/${share.whole})`;
  const ms = (value) => `${value.toFixed(1)} ms`;
  const { p50, p99, max } = figures.latency;
  return {
    'wholly right': told(figures.exact),
    Korean: told(figures.korean),
    English: told(figures.english),
    'fields, precision': told(figures.fieldPrecision),
    'fields, recall': told(figures.fieldRecall),
    'asks, precision': told(figures.askPrecision),
    'asks, recall': told(figures.askRecall),
    'made of hostile or unrelated text': `${figures.invented.part} of ${figures.invented.whole}`,
    'latency p50 / p99 / max': [p50, p99, max].map(ms).join(' / '),
  };
}

/** What a language model used, and how often the grammar had to answer for it. */
function usageOf(engine, results) {
  if (engine !== 'llm') return {};
  const tokens = results.reduce(
    (sum, { answer }) => sum + (answer.usage?.inputTokens ?? 0) + (answer.usage?.outputTokens ?? 0),
    0,
  );
  const fallbacks = results.filter(({ answer }) => answer.note).length;
  return { 'tokens in and out': tokens, 'answered by the grammar instead': fallbacks };
}

function tell({ engine, set, items, ...figures }) {
  console.log(`\n${engine}, ${set}, ${items} items`);
  for (const [name, value] of Object.entries(figures)) console.log(`  ${name.padEnd(36)}${value}`);
}
