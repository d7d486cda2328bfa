// How late and how much viewers see, beside a bare relay over `ws` in the same run.
//   node benchmarks/telemetry/viewers/measure.mjs [paced | full]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { prepare, ROOT } from '../../../scripts/setup/prepare.mjs';
import { terminalLocale } from '../../../scripts/setup/sentences.mjs';
import { startPostgres } from '../../registry/postgres.mjs';
import { SECRET, startPart } from '../../registry/servers.mjs';

const ROUNDS = 3;
const SECONDS = 10;
const PERIODS = { paced: { runs: 50, perSecond: 20, viewers: 500 }, full: { viewers: 1000, size: 100 } };

const { node, env } = await prepare({ packages: '@mallo/telemetry...' }).catch((error) => {
  console.error(error.sentence?.[terminalLocale()] ?? error);
  if (error.details) console.error(error.details);
  process.exit(1);
});
const { newId, Tokens } = await import(join(ROOT, 'packages/backend/dist/index.js'));
const tokens = new Tokens(SECRET);

/** A process of this folder that answers commands. */
function helper(file) {
  const child = fork(new URL(file, import.meta.url), { execPath: node, env });
  const call = async (command, rest = {}) => {
    child.send({ command, ...rest });
    const [answer] = await once(child, 'message');
    if (answer.error) throw new Error(`${file}: ${answer.error}`);
    return answer.value;
  };
  return { child, call, stop: () => ended(child) };
}

async function ended(child) {
  if (child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** @param name 'relay', or 'disk' of one that has each body on the disk before it is sent on */
async function startRelay(name) {
  const child = fork(new URL('relay.mjs', import.meta.url), [name], { execPath: node, env });
  const [{ port }] = await once(child, 'message');
  return { kind: 'relay', name, child, port };
}

async function startMallo(url) {
  const main = join(ROOT, 'apps/telemetry/dist/main.js');
  const { child, port } = await startPart(main, { node, env, url, settings: { LOG_LEVEL: 'warn' } });
  return { kind: 'mallo', name: 'mallo', child, port };
}

/** Runs that may be written, and who may watch them. */
async function openRuns(server, count) {
  const userId = newId('usr');
  const projectId = newId('prj');
  const runs = await Promise.all(
    Array.from({ length: count }, async () => {
      const id = newId('run');
      return { id, token: await tokens.sign({ kind: 'run', runId: id }) };
    }),
  );
  const authorization = `Bearer ${await tokens.sign({ kind: 'service' })}`;
  if (server.kind === 'mallo') {
    for (const { id } of runs) {
      const answer = await fetch(`http://127.0.0.1:${server.port}/live/v1/runs/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ ownerId: userId, projectId }),
      });
      if (!answer.ok) throw new Error(`open: ${answer.status} ${await answer.text()}`);
    }
  }
  return { runs, token: await tokens.sign({ kind: 'user', userId }) };
}

/** Where the time goes, as the service itself says: the mean of a histogram between two looks at /metrics, in ms. */
async function look(server) {
  if (server.kind !== 'mallo') return {};
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return Object.fromEntries(
    ['store', 'feed'].map((name) => {
      const metric = `mallo_telemetry_${name}_duration_seconds`;
      return [name, { sum: value(`${metric}_sum`), count: value(`${metric}_count`) }];
    }),
  );
}

function meansMs(before, after) {
  return Object.entries(after).map(([name, { sum, count }]) => {
    const mean = (1000 * (sum - before[name].sum)) / Math.max(1, count - before[name].count);
    return `${name} ${mean.toFixed(1)} ms`;
  });
}

async function measured(server, { viewers, viewersOf, post }) {
  const cpu = await cpuOf(server.child.pid);
  const before = await look(server);
  const begun = await viewers.call('begin');
  const posted = await post();
  // What is under way arrives.
  await delay(500);
  const figures = await viewers.call('end', begun);
  const serverBusy = ((await cpuOf(server.child.pid)) - cpu) / figures.seconds;
  const means = meansMs(before, await look(server)).join(', ');
  return { ...figures, posted, serverBusy, means, expected: posted * viewersOf };
}

/** Seconds of processor time that a process has used (Linux; elsewhere 0). */
async function cpuOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [user, system] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return text ? (Number(user) + Number(system)) / 100 : 0;
}

async function paced(server, viewers, poster) {
  const { runs, perSecond, viewers: count } = PERIODS.paced;
  const opened = await openRuns(server, runs);
  const watching = Array.from({ length: count }, (_, index) => {
    const { id } = opened.runs[index % runs];
    return { port: server.port, run: id, token: opened.token, timed: true };
  });
  await viewers.call('watch', { kind: server.kind, viewers: watching });
  const { kind, port } = server;
  // A moment to warm up.
  await poster.call('pace', { kind, port, runs: opened.runs, perSecond, seconds: 2 });
  const post = () => poster.call('pace', { kind, port, runs: opened.runs, perSecond, seconds: SECONDS });
  const figures = await measured(server, { viewers, viewersOf: count / runs, post });
  await viewers.call('leave');
  return figures;
}

async function full(server, viewers, poster) {
  const { viewers: count, size } = PERIODS.full;
  const opened = await openRuns(server, 1);
  const watching = Array.from({ length: count }, (_, index) => ({
    port: server.port,
    run: opened.runs[0].id,
    token: opened.token,
    checked: index % 100 === 0,
  }));
  await viewers.call('watch', { kind: server.kind, viewers: watching });
  const { kind, port } = server;
  const post =
    kind === 'relay'
      ? async () => {
          server.child.send({ floodMs: SECONDS * 1000 });
          await once(server.child, 'message');
          return 0;
        }
      : () => poster.call('flood', { kind, port, runs: opened.runs, size, seconds: SECONDS });
  const figures = await measured(server, { viewers, viewersOf: count, post });
  await viewers.call('leave');
  return figures;
}

const postgres = await startPostgres();
await postgres.create('viewers');
const servers = [await startMallo(postgres.urlOf('viewers')), await startRelay('relay'), await startRelay('disk')];
const viewers = helper('viewers.mjs');
const poster = helper('poster.mjs');
try {
  const only = process.argv[2];
  if (only !== 'full') {
    console.log('post → viewer: 50 runs at 20 points/s, 500 viewers');
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const server of servers) {
        const f = await paced(server, viewers, poster);
        console.log(
          `  ${round} ${server.name.padEnd(6)} p50 ${f.p50Ms.toFixed(1)} ms  p99 ${f.p99Ms.toFixed(1)} ms  most ${f.mostMs.toFixed(1)} ms` +
            `  ${f.points}/${f.expected} points in ${f.frames} frames  gaps ${f.gaps}  busy: server ${f.serverBusy.toFixed(2)}, viewers ${f.busy.toFixed(2)}  ${f.means}`,
        );
      }
    }
  }
  if (only !== 'paced') {
    console.log('updates delivered a second: 1,000 viewers of one run, batches of 100 points');
    for (let round = 1; round <= ROUNDS; round += 1) {
      // The floor is of frames, wherever they come from.
      for (const server of servers.filter(({ name }) => name !== 'disk')) {
        const f = await full(server, viewers, poster);
        console.log(
          `  ${round} ${server.kind.padEnd(6)} ${Math.round(f.points / f.seconds)} updates/s in ${Math.round(f.frames / f.seconds)} frames/s` +
            `  ${(f.bytes / f.seconds / 1e6).toFixed(0)} MB/s  ${f.points}/${f.expected}  gaps ${f.gaps}  busy: server ${f.serverBusy.toFixed(2)}, viewers ${f.busy.toFixed(2)}  ${f.means}`,
        );
      }
    }
  }
} finally {
  await Promise.all([viewers.stop(), poster.stop(), ...servers.map(({ child }) => ended(child))]);
  await postgres.stop();
}
