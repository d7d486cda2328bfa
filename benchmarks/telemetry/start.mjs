// How long both servers take to their first answer, and what they hold at rest: MLflow by default, and as lean as it goes.
//   node benchmarks/telemetry/start.mjs
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../../scripts/setup/prepare.mjs';
import { startPostgres } from '../registry/postgres.mjs';
import { mlflowIn } from '../registry/python.mjs';
import { startMallo, startMlflow } from './servers.mjs';
import { installMallo } from './whole.mjs';

const ROUNDS = 3;
const LEANEST = ['--workers', '1'];

await prepare({ packages: '@mallo/api...' });
const { node, env } = await prepare({ packages: '@mallo/telemetry...' });
const folder = await mkdtemp(join(tmpdir(), 'mallo-benchmark-python-'));
const whole = await installMallo();
const postgres = await startPostgres();
try {
  const python = await mlflowIn(join(folder, 'venv'), 'mlflow==3.17.2', env);
  await postgres.create('mlflow');
  const peer = postgres.urlOf('mlflow');
  const servers = {
    // Each time with a database of its own, whose tables it makes.
    'telemetry alone': async (round) => {
      await postgres.create(`mallo${round}`);
      return startMallo({ node, env, url: postgres.urlOf(`mallo${round}`) });
    },
    'Mallo, all of it': () => whole.start(),
    MLflow: () => startMlflow({ python, env, url: peer }),
    [`MLflow ${LEANEST.join(' ')}`]: () => startMlflow({ python, env, url: peer, more: LEANEST }),
  };
  console.log(`load of the machine before: ${(await readFile('/proc/loadavg', 'utf8').catch(() => '')).trim()}`);
  // The first start makes MLflow's tables and fills the caches of files, and does not count.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, start] of Object.entries(servers)) {
      const server = await start(round);
      const memory = await server.memoryMb();
      await server.stop();
      if (round > 0)
        console.log(`${name}: ${(server.startMs / 1000).toFixed(2)} s to the first answer, ${said(memory)}`);
    }
  }
} finally {
  await postgres.stop();
  await whole.remove();
  await rm(folder, { recursive: true, force: true });
}

/** @param memory MB at rest, or those of each part */
function said(memory) {
  const parts = typeof memory === 'number' ? { all: memory } : memory;
  const sum = Object.values(parts).reduce((total, size) => total + size, 0);
  const whole = `${Math.round(sum)} MB at rest`;
  if (typeof memory === 'number') return whole;
  const each = Object.entries(parts).map(([part, size]) => `${part} ${Math.round(size)}`);
  return `${whole}, ${Math.round(sum - parts.PostgreSQL)} MB without PostgreSQL (${each.join(', ')})`;
}
