// All of Mallo, as `npm start` starts it on a machine where it was started before.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../../scripts/setup/prepare.mjs';
import { freePort } from '../registry/postgres.mjs';
import { memoryOf, treeOf } from './servers.mjs';

/** The first start builds, makes the database and measures the machine. */
const FIRST_MS = 1_800_000;
/** At rest nothing of it works any more. */
const REST_MS = 20_000;

/** @returns `{ start, remove }`: each start is of the same Mallo, with what the one before it left */
export async function installMallo() {
  const home = await mkdtemp(join(tmpdir(), 'mallo-benchmark-whole-'));
  const port = await freePort();
  const env = { ...process.env, MALLO_HOME: home, PORT: String(port) };
  const npm = (...args) => spawn('npm', args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });

  const run = async () => {
    const begun = performance.now();
    const child = npm('start');
    child.stdout.resume();
    const stop = async () => {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined;
      // Npm passes it on.
      child.kill('SIGTERM');
      await ended;
    };
    const untilAnswer = async (isAnswer, headers) => {
      const url = `http://127.0.0.1:${port}/api/2.0/mlflow/experiments/get?experiment_id=0`;
      while (child.exitCode === null && performance.now() - begun < FIRST_MS) {
        const status = await fetch(url, { headers }).then(
          (answer) => answer.status,
          () => 0,
        );
        if (isAnswer(status)) return performance.now() - begun;
        await delay(20);
      }
      await stop();
      throw new Error('Mallo did not start');
    };
    return { child, stop, untilAnswer };
  };

  const first = await run();
  await first.untilAnswer((status) => status === 401);
  const asked = npm('run', '--silent', 'token');
  const token = (await text(asked.stdout)).trim().split('\n').at(-1);
  while ((await partsOf(first.child.pid)).some(([part]) => part === 'trainer')) await delay(1000);
  await first.stop();

  const start = async () => {
    const { child, stop, untilAnswer } = await run();
    const startMs = await untilAnswer((status) => status === 200, { authorization: `Bearer ${token}` });
    return { startMs, stop, memoryMb: () => memoryAtRest(child.pid) };
  };
  return { start, remove: () => rm(home, { recursive: true, force: true }) };
}

/** @returns of each part of the tree, its proportional set size in MB */
async function memoryAtRest(pid) {
  await delay(REST_MS);
  const sizes = {};
  for (const [part, process] of await partsOf(pid)) sizes[part] = (sizes[part] ?? 0) + (await memoryOf([process]));
  return sizes;
}

/** The processes of the tree, each with the name of the part that it belongs to. */
async function partsOf(root) {
  const pids = await treeOf(({ pid }) => pid === root);
  return Promise.all(
    pids.map(async (pid) => [partOf(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')), pid]),
  );
}

function partOf(command) {
  if (/guard\.js|postgres/.test(command)) return 'PostgreSQL';
  if (command.includes('mallo_trainer')) return 'trainer';
  if (command.includes('next')) return 'web';
  const [, app] = /apps\/([a-z-]+)\/dist\/main/.exec(command) ?? [];
  if (app === 'cli') return 'door';
  return app ?? 'npm';
}
