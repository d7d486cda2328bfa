// What memory telemetry holds while its store grows.
//   node benchmarks/telemetry/memory.mjs [POINTS]
import { setTimeout as delay } from 'node:timers/promises';
import { prepare } from '../../scripts/setup/prepare.mjs';
import { sql, startPostgres } from '../registry/postgres.mjs';
import { startMallo } from './servers.mjs';

const BATCHES_AT_ONCE = 4;
const [NAMES, STEPS] = [10, 100];
const MARKS = [1e6, 3e6, 1e7, 3e7, 1e8, 3e8, 1e9];
const QUIET_MS = 20_000;
const most = Number(process.argv[2] ?? 1e8);

await prepare({ packages: '@mallo/api...' });
const { node, env } = await prepare({ packages: '@mallo/telemetry...' });
const postgres = await startPostgres();
await postgres.create('mallo');
const url = postgres.urlOf('mallo');
const mallo = await startMallo({ node, env, url });
let batchNumber = 0;
let highest = 0;
const watch = setInterval(async () => {
  highest = Math.max(highest, await mallo.memoryMb());
}, 1000);
try {
  const runs = await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, newRun));
  console.log(line(['points', 'points/s', 'highest meanwhile', 'after 20 s of quiet', 'bytes a point on disk']));
  for (let stored = 0, mark = 0; stored < most; mark += 1) {
    const wanted = Math.min(MARKS[mark], most);
    const begun = performance.now();
    const batches = (wanted - stored) / (NAMES * STEPS);
    const last = batchNumber + batches;
    highest = 0;
    await Promise.all(
      runs.map(async (runId) => {
        while (batchNumber < last) await log(runId, batchNumber++);
      }),
    );
    const rate = (wanted - stored) / ((performance.now() - begun) / 1000);
    stored = wanted;
    const peak = highest;
    await delay(QUIET_MS);
    const [{ bytes }] = await sql(url, [
      `select sum(pg_total_relation_size(('telemetry.' || name)::regclass))::float8 as bytes
         from unnest(array['chunks', 'latest_points']) name`,
    ]);
    const mb = (value) => `${Math.round(value)} MB`;
    const cells = [stored.toLocaleString('en'), Math.round(rate).toLocaleString('en'), mb(peak)];
    console.log(line([...cells, mb(await mallo.memoryMb()), (bytes / stored).toFixed(1)]));
  }
} finally {
  clearInterval(watch);
  await mallo.stop();
  await postgres.stop();
}

async function ask(path, body) {
  const answer = await fetch(`http://127.0.0.1:${mallo.port}/api/2.0/mlflow${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...mallo.headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function newRun() {
  return (await ask('/runs/create', { experiment_id: '0', start_time: 1 })).run.info.run_id;
}

function log(runId, nth) {
  const metrics = Array.from({ length: NAMES * STEPS }, (_, at) => {
    const step = nth * STEPS + Math.floor(at / NAMES);
    return { key: `metric_${at % NAMES}`, value: Math.random(), timestamp: 1_700_000_000_000 + step, step };
  });
  return ask('/runs/log-batch', { run_id: runId, metrics });
}

function line(cells) {
  return cells.map((cell, at) => String(cell).padEnd([13, 10, 19, 21, 0][at])).join(' ');
}
