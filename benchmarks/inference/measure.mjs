// How long a prediction takes over HTTP, and by onnxruntime in a Python process.
//   node benchmarks/inference/measure.mjs [MODEL …]
import { join } from 'node:path';
import process from 'node:process';
import { prepare, ROOT } from '../../scripts/setup/prepare.mjs';
import { terminalLocale } from '../../scripts/setup/sentences.mjs';

const { node, env } = await prepare({ packages: '@mallo/api...', python: 'run' }).catch((error) => {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  process.exit(1);
});
const { MODELS, measure } = await import('./figures.mjs');

const asked = process.argv.slice(2);
const api = join(ROOT, 'apps', 'api', 'dist', 'main.js');
const python = join(ROOT, 'packages', 'trainer', '.venv', 'bin', 'python');
const told = ({ leastMs, p50Ms, p99Ms }) => `${[leastMs, p50Ms, p99Ms].map((ms) => ms.toFixed(2)).join(' / ')} ms`;
console.log('least / p50 / p99');
await measure({ api, node, env, python, models: asked.length > 0 ? asked : MODELS }, (row) => {
  const ratios = ['leastMs', 'p50Ms'].map((figure) => (row.http[figure] / row.python[figure]).toFixed(2)).join(' / ');
  console.log(`${row.model}, ${row.asked}: over HTTP ${told(row.http)}, in Python ${told(row.python)}: ${ratios} ×`);
  const { apiMs, modelsMs } = row.cpu;
  console.log(`  of it in the model ${told(row.inModel)}`);
  console.log(`  on a processor: api ${apiMs.toFixed(2)} ms a request, model's process ${modelsMs.toFixed(2)} ms`);
});
