// What both servers are asked, and how long they take.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { load as send } from '../registry/load.mjs';
import { sql, startPostgres } from '../registry/postgres.mjs';
import { openDoor, startMallo, startMlflow } from './servers.mjs';

const CLIENT = fileURLToPath(new URL('client.py', import.meta.url));
const BASE = '/api/2.0/mlflow';
/** The servers take turns, so that whatever else the machine does is the same for both. */
const ROUNDS = 3;
const CURVE_POINTS = 1_000_000;
/** MLflow would take minutes for the answer; Mallo alone is asked. */
const LONG_CURVE_POINTS = 10_000_000;
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
    const door = await openDoor(mallo, { node, env });
    // Before telemetry, which it asks.
    started.unshift(door);
    const row = (measured, figure, unit, isRate, throughDoor, Mallo, MLflow) =>
      tell({ measured, figure, unit, isRate, throughDoor, Mallo, MLflow });
    row('start to first answer', '', 'ms', false, undefined, mallo.startMs, mlflow.startMs);
    row('memory at rest', '', 'MB', false, undefined, await mallo.memoryMb(), await mlflow.memoryMb());

    const asked = [door, mallo, mlflow];
    for (const server of asked) server.runs = await Promise.all(Array.from({ length: 4 }, () => newRun(server)));
    for (const [names, steps] of [
      [10, 100],
      [1000, 1],
    ]) {
      for (const writers of [1, 4]) {
        const perSecond = await inTurns(asked, async (server) => {
          const count = server === mlflow ? 6 * writers : 30 * writers;
          const requests = batches(server.runs.slice(0, writers), count, names, steps);
          return (count * names * steps) / (await load(server, requests, writers)).seconds;
        });
        row(`log-batch ${names} × ${steps}, writers: ${writers}`, '', 'points/s', true, ...perSecond.map(best));
      }
    }
    const latencies = await inTurns(asked, async (server) => {
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
    const throughClient = await inTurns([door, mallo, mlflow, nothing], (server) =>
      client(python, env, server, server === mlflow ? 8 : 40),
    );
    const alone = best(throughClient.pop());
    row('log-batch 10 × 100 through the client', '', 'points/s', true, ...throughClient.map(best));
    console.log(
      `  (the client alone, with a server that does nothing: ${Math.round(alone).toLocaleString('en')} points/s)`,
    );

    await bytesAPoint(own, peer, door, mallo, row);
    await firstPaint(peer, door, mallo, mlflow, row);
    row('memory after it', '', 'MB', false, undefined, await mallo.memoryMb(), await mlflow.memoryMb());
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
async function bytesAPoint(own, peer, door, mallo, row) {
  for (const runId of [...door.runs, ...mallo.runs]) await call(mallo, `/runs/get?run_id=${runId}`);
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
  row('bytes a point, with indexes', '', 'B', false, undefined, bytes / points, peerBytes / peerPoints);
}

/** One curve: thinned to 1,000 points by Mallo, all of them by MLflow, which cannot do less. */
async function firstPaint(peer, door, mallo, mlflow, row) {
  const peerRunId = await newRun(mlflow);
  await sql(peer, [
    `insert into metrics (key, value, timestamp, run_uuid, step, is_nan)
     select 'metric_0', random(), 1700000000000 + n, $1, n, false from generate_series(1, ${CURVE_POINTS}) n`,
    [peerRunId],
  ]);
  for (const points of [CURVE_POINTS, LONG_CURVE_POINTS]) {
    const runId = await newRun(mallo);
    for (let logged = 0; logged < points; logged += 1000 * 50) {
      await load(mallo, batches([runId], 50, 1, 1000), 1);
    }
    const asked = points === CURVE_POINTS ? [door, mallo, mlflow] : [door, mallo];
    const times = await inTurns(asked, (server) =>
      server === mlflow ? timeHistory(mlflow, peerRunId, points) : timeCurve(server, runId, points),
    );
    const fastest = times.map((list) => Math.min(...list));
    row(`one curve of ${points.toLocaleString('en')} points`, '', 'ms', false, ...fastest);
  }
}

/** As the page asks for a curve. @returns ms */
async function timeCurve(server, runId, points) {
  const begun = performance.now();
  const answer = await fetch(`http://127.0.0.1:${server.port}/live/v1/curves`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...server.ownHeaders },
    body: JSON.stringify({ curves: [{ runId, key: 'metric_0' }], maxPoints: 1000, axis: 'step' }),
  });
  const [curve] = await answer.json();
  const ms = performance.now() - begun;
  if (curve.total !== points) throw new Error(`${server.name} has ${curve.total} points of the curve`);
  return ms;
}

async function timeHistory(mlflow, runId, points) {
  const begun = performance.now();
  let count = 0;
  for (let token = ''; ; ) {
    const page = token ? `&page_token=${encodeURIComponent(token)}` : '';
    const asked = `/metrics/get-history?run_id=${runId}&metric_key=metric_0&max_results=25000${page}`;
    const answer = await call(mlflow, asked);
    count += answer.metrics?.length ?? 0;
    token = answer.next_page_token;
    if (!token) break;
  }
  if (count !== points) throw new Error(`MLflow has ${count} points of the curve`);
  return performance.now() - begun;
}
