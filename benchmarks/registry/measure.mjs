// Mallo's registry beside `mlflow server`, on one PostgreSQL, in one run.
//   node benchmarks/registry/measure.mjs
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { prepare, ROOT } from '../../scripts/setup/prepare.mjs';
import { terminalLocale } from '../../scripts/setup/sentences.mjs';
import { mlflowIn } from './python.mjs';

const run = promisify(execFile);

const { node, env } = await prepare({ packages: '@mallo/api...' }).catch((error) => {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  process.exit(1);
});
const { measure } = await import('./figures.mjs');
const folder = await mkdtemp(join(tmpdir(), 'mallo-benchmark-python-'));
try {
  const python = await mlflowIn(join(folder, 'venv'), 'mlflow', env);
  const { stdout } = await run(python, ['-m', 'mlflow', '--version'], { env });
  console.log(`beside ${stdout.trim()}\n`);
  console.log(line(['models', 'asked', '', 'Mallo', 'MLflow', 'ratio']));
  await measure({ api: join(ROOT, 'apps', 'api', 'dist', 'main.js'), node, env, python }, tell);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @param row as `measure` makes it */
function tell({ models, asked, Mallo, MLflow }) {
  const figures = asked.startsWith('versions') ? ['perSecond'] : ['p50Ms', 'p99Ms'];
  for (const figure of figures) {
    const [own, peer] = [Mallo[figure], MLflow[figure]];
    const isRate = figure === 'perSecond';
    const unit = isRate ? '/s' : ' ms';
    const ratio = isRate ? `${(own / peer).toFixed(1)} ×` : `1/${(peer / own).toFixed(1)}`;
    const name = isRate ? '' : figure.replace('Ms', '');
    console.log(line([models, asked, name, own.toFixed(1) + unit, peer.toFixed(1) + unit, ratio]));
  }
}

function line(cells) {
  return cells.map((cell, at) => String(cell).padEnd([8, 22, 5, 12, 12, 8][at])).join(' ');
}
