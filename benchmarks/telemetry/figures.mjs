// What both servers are asked, and how long they take.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { load as send } from '../registry/load.mjs';
import { sql, startPostgres } from '../registry/postgres.mjs';
import { startMallo, startMlflow } from './servers.mjs';

const CLIENT = fileURLToPath(new URL('client.py', import.meta.url));
const BASE = '/api/2.0/mlflow';
/** The servers take turns, so that whatever else the machine does is the same for both. */
const ROUNDS = 3;
const CURVE_POINTS = 1_000_000;
let batchNumber = 0;

export async function measure({ node, env, python }, tell) {
  const postgres = await startPostgres();
  const started = [];
  try {
    await postgres.create('mallo');
    await postgres.create('mlflow');
    const [own, peer] = [postgres.urlOf('mallo'), postgres.urlOf('mlflow')];
    const mallo = await startMallo({ node, env, url: own });
    started.push(mallo);
    const mlflow = await startMlflow({ python, env, url: peer });
    started.push(mlflow);
    const row = (measured, figure, unit, isRate, Mallo, MLflow) =>
      tell({ measured, figure, unit, isRate, Mallo, MLflow });
    row('start to first answer', '', 'ms', false, mallo.startMs, mlflow.startMs);
    row('memory at rest', '', 'MB', false, await mallo.memoryMb(), await mlflow.memoryMb());

    for (const server of started) server.runs = await Promise.all(Array.from({ length: 4 }, () => newRun(server)));
    for (const [names, steps] of [
      [10, 100],
      [1000, 1],
    ]) {
      for (const writers of [1, 4]) {
        const perSecond = await inTurns(started, async (server) => {
          const count = server === mallo ? 30 * writers : 6 * writers;
          const requests = batches(server.runs.slice(0, writers), count, names, steps);
          return (count * names * steps) / (await load(server, requests, writers)).seconds;
        });
        row(`log-batch ${names} × ${steps}, writers: ${writers}`, '', 'points/s', true, ...perSecond.map(best));
      }
    }
    const latencies = await inTurns(started, async (server) => {
      const requests = Array.from({ length: 300 }, () => point(server.runs[0]));
      return (await load(server, requests, 1)).latenciesMs;
    });
    const all = latencies.map((rounds) => rounds.flat().sort((a, b) => a - b));
    for (const [figure, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ]) {
      row('log_metric', figure, 'ms', false, ...all.map((list) => list[Math.floor(list.length * share)]));
    }
    const nothing = await startNothing();
    started.push(nothing);
    const throughClient = await inTurns([mallo, mlflow, nothing], (server) =>
      client(python, env, server, server === mlflow ? 8 : 40),
    );
    const [through, peerThrough, alone] = throughClient.map(best);
    row('log-batch 10 × 100 through the client', '', 'points/s', true, through, peerThrough);
    console.log(
      `  (the client alone, with a server that does nothing: ${Math.round(alone).toLocaleString('en')} points/s)`,
    );

    await bytesAPoint(own, peer, mallo, row);
    await firstPaint(peer, mallo, mlflow, row);
    row('memory after it', '', 'MB', false, await mallo.memoryMb(), await mlflow.memoryMb());
  } finally {
    for (const server of started) await server.stop();
    await postgres.stop();
  }
}

/** @returns for each server what `ask` answered in each round */
async function inTurns(servers, ask) {
  const answers = servers.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, server] of servers.entries()) answers[at].push(await ask(server));
  }
  return answers;
}

const best = (rates) => Math.max(...rates);

async function call(server, path, body) {
  const answer = await fetch(`http://127.0.0.1:${server.port}${BASE}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...server.headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${server.name} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function newRun(server) {
  return (await call(server, '/runs/create', { experiment_id: '0', start_time: 1 })).run.info.run_id;
}

function batches(runs, count, names, steps) {
  return Array.from({ length: count }, (_, nth) => {
    const first = batchNumber++ * steps;
    const metrics = Array.from({ length: names * steps }, (__, at) => {
      const step = first + Math.floor(at / names);
      return { key: `metric_${at % names}`, value: Math.random(), timestamp: 1_700_000_000_000 + step, step };
    });
    return { path: '/runs/log-batch', body: { run_id: runs[nth % runs.length], metrics } };
  });
}

function point(runId) {
  const step = batchNumber++;
  const body = { run_id: runId, key: 'single', value: Math.random(), timestamp: 1_700_000_000_000 + step, step };
  return { path: '/runs/log-metric', body };
}

function load(server, requests, connections) {
  const { headers } = server;
  const whole = requests.map(({ path, body }) => ({ method: 'POST', path: BASE + path, headers, body }));
  return send(server, connections, whole);
}

async function client(python, env, server, count) {
  const runId = server.runs?.[0] ?? 'run_none';
  const child = spawn(python, [CLIENT, runId, String(count)], {
    env: {
      ...env,
      MLFLOW_TRACKING_URI: `http://127.0.0.1:${server.port}`,
      MLFLOW_TRACKING_TOKEN: server.token,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)).perSecond;
}

/** A server that answers everything at once: what is left is the client's own time. */
async function startNothing() {
  const server = createServer((request, answer) => {
    request.resume().on('end', () => answer.setHeader('content-type', 'application/json').end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { name: 'nothing', port: server.address().port, token: 'none', headers: {}, stop: async () => server.close() };
}

/** After all was folded and the space of what was deleted given back; with indexes. */
async function bytesAPoint(own, peer, mallo, row) {
  for (const runId of mallo.runs) await call(mallo, `/runs/get?run_id=${runId}`);
  await sql(own, ["update telemetry.journal set at = now() - interval '1 hour'"]);
  // The next sweep lets go of the journal.
  for (let left = 1; left > 0; ) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    [{ left }] = await sql(own, ['select count(*)::int as left from telemetry.journal']);
  }
  const size = (schema, tables) =>
    `select sum(pg_total_relation_size(('${schema}.' || name)::regclass))::float8 as bytes from unnest(array['${tables.join("','")}']) name`;
  const ownTables = ['journal', 'chunks', 'latest_points'];
  for (const name of ownTables) await sql(own, [`vacuum full telemetry.${name}`]);
  for (const name of ['metrics', 'latest_metrics']) await sql(peer, [`vacuum full ${name}`]);
  const [{ bytes }] = await sql(own, [size('telemetry', ownTables)]);
  const [{ points }] = await sql(own, ['select sum(count)::float8 as points from telemetry.latest_points']);
  const [{ bytes: peerBytes }] = await sql(peer, [size('public', ['metrics', 'latest_metrics'])]);
  const [{ points: peerPoints }] = await sql(peer, ['select count(*)::float8 as points from metrics']);
  row('bytes a point, with indexes', '', 'B', false, bytes / points, peerBytes / peerPoints);
}

/** One curve of a million points: thinned to 1,000 by Mallo, all of them by MLflow, which cannot do less. */
async function firstPaint(peer, mallo, mlflow, row) {
  const [runId, peerRunId] = [await newRun(mallo), await newRun(mlflow)];
  for (let logged = 0; logged < CURVE_POINTS; logged += 1000 * 50) {
    await load(mallo, batches([runId], 50, 1, 1000), 1);
  }
  await sql(peer, [
    `insert into metrics (key, value, timestamp, run_uuid, step, is_nan)
     select 'metric_0', random(), 1700000000000 + n, $1, n, false from generate_series(1, ${CURVE_POINTS}) n`,
    [peerRunId],
  ]);
  const times = await inTurns([mallo, mlflow], async (server) => {
    const begun = performance.now();
    if (server === mallo) {
      const answer = await fetch(`http://127.0.0.1:${mallo.port}/live/v1/curves`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...mallo.ownHeaders },
        body: JSON.stringify({ curves: [{ runId, key: 'metric_0' }], maxPoints: 1000, axis: 'step' }),
      });
      const [curve] = await answer.json();
      if (curve.total !== CURVE_POINTS) throw new Error(`Mallo has ${curve.total} points of the curve`);
    } else {
      let count = 0;
      for (let token = ''; ; ) {
        const page = token ? `&page_token=${encodeURIComponent(token)}` : '';
        const answer = await call(
          mlflow,
          `/metrics/get-history?run_id=${peerRunId}&metric_key=metric_0&max_results=25000${page}`,
        );
        count += answer.metrics?.length ?? 0;
        token = answer.next_page_token;
        if (!token) break;
      }
      if (count !== CURVE_POINTS) throw new Error(`MLflow has ${count} points of the curve`);
    }
    return performance.now() - begun;
  });
  row('one curve of 1,000,000 points', '', 'ms', false, ...times.map((list) => Math.min(...list)));
}
