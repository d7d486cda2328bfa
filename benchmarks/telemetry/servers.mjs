// The two servers on one PostgreSQL, each as it is started for use.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../scripts/setup/prepare.mjs';
import { startMallo as startApi, startMlflow as startMlflowServer, startPart } from '../registry/servers.mjs';

const TELEMETRY = join(ROOT, 'apps/telemetry/dist/main.js');
const DOOR = fileURLToPath(new URL('door.mjs', import.meta.url));

/** Mallo's api, which knows whose the token is, and telemetry, which is asked. */
export async function startMallo({ node, env, url }) {
  const api = await startApi({ api: join(ROOT, 'apps/api/dist/main.js'), node, env, url });
  const answer = await fetch(`http://127.0.0.1:${api.port}/api/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...api.headers },
    body: JSON.stringify({ name: 'benchmark', projectId: api.projectId }),
  });
  if (!answer.ok) throw new Error(`no token: ${await answer.text()}`);
  const { token } = await answer.json();
  const begun = performance.now();
  const settings = { API_URL: `http://127.0.0.1:${api.port}` };
  const { child, port } = await startPart(TELEMETRY, { node, env, url, settings });
  return {
    name: 'Mallo',
    port,
    token,
    headers: { authorization: `Bearer ${token}` },
    // The person's own session, as the dashboard asks.
    ownHeaders: api.headers,
    startMs: performance.now() - begun,
    memoryMb: () => memoryOf([child.pid]),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      await api.stop();
    },
  };
}

/** The same telemetry through Mallo's front door, which is the address that programs are given. */
export async function openDoor(mallo, { node, env }) {
  const child = fork(DOOR, [String(mallo.port)], { execPath: node, env: { ...env, NODE_ENV: 'production' } });
  const [{ port }] = await once(child, 'message');
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { ...mallo, name: 'Mallo through its door', port, stop };
}

export async function startMlflow({ python, url, env, more }) {
  const begun = performance.now();
  const server = await startMlflowServer({ python, url, env, more });
  const startMs = performance.now() - begun;
  const pids = await processesOf(server.port);
  return { ...server, token: 'none', startMs, memoryMb: () => memoryOf(pids) };
}

/** The processes whose command line has the port, and all that they started. */
function processesOf(port) {
  return treeOf(({ command }) => command.includes(`--port\0${port}\0`));
}

/** The processes that are meant, and all that they started. @param isMeant of `{ pid, command }` */
export async function treeOf(isMeant) {
  const parents = new Map();
  const found = new Set();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      if (isMeant({ pid, command })) found.add(pid);
    } catch {
      // It has ended.
    }
  }
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** Proportional set size of processes together, in MB. */
export async function memoryOf(pids) {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
