// Mallo's store of what runs log beside `mlflow server`, on one PostgreSQL, in one run.
//   node benchmarks/telemetry/measure.mjs
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { prepare } from '../../scripts/setup/prepare.mjs';
import { terminalLocale } from '../../scripts/setup/sentences.mjs';
import { mlflowIn } from '../registry/python.mjs';

const MLFLOW = 'mlflow==3.17.2';

const refuse = (error) => {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  process.exit(1);
};
await prepare({ packages: '@mallo/api...' }).catch(refuse);
await prepare({ packages: '@mallo/cli...' }).catch(refuse);
const { node, env } = await prepare({ packages: '@mallo/telemetry...' }).catch(refuse);
const { measure } = await import('./figures.mjs');
const folder = await mkdtemp(join(tmpdir(), 'mallo-benchmark-python-'));
const load = async () => (await readFile('/proc/loadavg', 'utf8').catch(() => '')).trim();
try {
  const python = await mlflowIn(join(folder, 'venv'), MLFLOW, env);
  console.log(`beside ${MLFLOW}; load of the machine before: ${await load()}\n`);
  console.log(line(['measured', '', 'Mallo, its door', 'telemetry itself', 'MLflow', 'ratio']));
  await measure({ node, env, python }, tell);
  console.log(`\nload of the machine after: ${await load()}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @param row `{ measured, figure, unit, isRate, throughDoor, Mallo, MLflow }`; the ratio is of what programs ask */
function tell({ measured, figure, unit, isRate, throughDoor, Mallo, MLflow }) {
  const text = (value) =>
    value === undefined ? '' : `${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })} ${unit}`;
  const own = throughDoor ?? Mallo;
  const times = isRate ? `${(own / MLflow).toFixed(1)} ×` : `1/${(MLflow / own).toFixed(1)}`;
  const ratio = MLflow === undefined ? '' : times;
  console.log(line([measured, figure, text(throughDoor), text(Mallo), text(MLflow), ratio]));
}

function line(cells) {
  return cells.map((cell, at) => String(cell).padEnd([44, 5, 18, 18, 18, 8][at])).join(' ');
}
