import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { makeHome } from '../home/home.factory.js';

type Told = { url?: string; refused?: { en: string }; restarting?: string; gaveUp?: string; stopped?: boolean };

type Target = { targets: string[]; labels: { job: string } };

const program = fileURLToPath(new URL('small/mallo.mjs', import.meta.url));
const started: ChildProcess[] = [];
const homes: string[] = [];

afterEach(async () => {
  for (const process of started.splice(0)) process.kill('SIGKILL');
  for (const home of homes.splice(0)) {
    await until(async () => !isAlive(await postmasterOf(home)));
    await rm(home, { recursive: true, force: true });
  }
});

async function home(inside?: string): Promise<string> {
  const folder = await makeHome(inside);
  homes.push(folder);
  return folder;
}

function launch(env: Record<string, string>) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const told: Told[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line) as Told));
  const hear = <Key extends keyof Told>(key: Key) =>
    until(() => told.find((message) => key in message)?.[key]) as Promise<NonNullable<Told[Key]>>;
  return { child, told, hear };
}

async function until<T>(found: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + 20_000; ; await delay(20)) {
    const value = await found();
    if (value) return value;
    if (Date.now() > deadline) throw new Error('waited 20 s in vain');
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 1 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function postmasterOf(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

async function ask(url: string, path: string) {
  const answer = await fetch(url + path);
  return { status: answer.status, body: await answer.text() };
}

/** The processes of a running Mallo: its services and PostgreSQL. */
async function processesOf(url: string, folder: string): Promise<number[]> {
  const answers = await Promise.all(['/api', '/live', '/'].map((path) => ask(url, path)));
  const services = answers.map(({ body }) => (JSON.parse(body) as { pid: number }).pid);
  return [...services, await postmasterOf(folder)];
}

test('tells Prometheus where the parts are that have figures', async () => {
  const folder = await home();
  await launch({ MALLO_HOME: folder }).hear('url');
  const groups = JSON.parse(await readFile(join(folder, 'prometheus.json'), 'utf8')) as Target[];
  expect(groups.map(({ labels }) => labels.job)).toEqual(['mallo-api', 'mallo-telemetry']);
  for (const { targets } of groups) {
    for (const target of targets) expect((await ask(`http://${target}`, '/metrics')).status).toBe(200);
  }
});

test('starts PostgreSQL and the parts, and leaves no process behind when it is told to end', async () => {
  const folder = await home();
  const mallo = launch({ MALLO_HOME: folder });
  const pids = await processesOf(await mallo.hear('url'), folder);
  expect(pids.every(isAlive)).toBe(true);
  const began = Date.now();
  mallo.child.kill('SIGTERM');
  await mallo.hear('stopped');
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await readFile(join(folder, 'logs', 'api.log'), 'utf8')).toContain('closed in order');
});

test('leaves no process behind when it is killed, and starts again on the same ports', async () => {
  const folder = await home();
  const first = launch({ MALLO_HOME: folder });
  const pids = await processesOf(await first.hear('url'), folder);
  const { ports } = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')) as { ports: object };
  first.child.kill('SIGKILL');
  await until(() => !pids.some(isAlive));
  await launch({ MALLO_HOME: folder }).hear('url');
  expect(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'))).toMatchObject({ ports });
});

test('waits at its start for what a killed one is still closing', async () => {
  const folder = await home();
  const first = launch({ MALLO_HOME: folder, CLOSES_IN_MS: '1500' });
  const [api = 0] = await processesOf(await first.hear('url'), folder);
  first.child.kill('SIGKILL');
  const second = launch({ MALLO_HOME: folder });
  await until(() => !isAlive(api));
  expect(second.told).toEqual([]);
  await second.hear('url');
});

test('starts again when everything but PostgreSQL was killed', async () => {
  const folder = await home();
  const first = launch({ MALLO_HOME: folder });
  await first.hear('url');
  const left = await postmasterOf(folder);
  const { children } = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')) as {
    children: { postgres: number };
  };
  first.child.kill('SIGKILL');
  process.kill(children.postgres, 'SIGKILL');
  expect(isAlive(left)).toBe(true);
  await launch({ MALLO_HOME: folder }).hear('url');
  expect(isAlive(left)).toBe(false);
});

test('starts again when it was killed while it made the database', async () => {
  const folder = await home();
  const first = launch({ MALLO_HOME: folder });
  const isDraft = (name: string) => name.startsWith('postgres.new-');
  await until(async () => (await readdir(folder)).some(isDraft));
  first.child.kill('SIGKILL');
  const second = launch({ MALLO_HOME: folder });
  await second.hear('url');
  second.child.kill('SIGTERM');
  await second.hear('stopped');
  await launch({ MALLO_HOME: folder }).hear('url');
  expect((await readdir(folder)).filter(isDraft)).toEqual([]);
});

test('runs as root though its folder is closed to other users', async () => {
  const folder = await home(homedir());
  await launch({ MALLO_HOME: folder }).hear('url');
});

test('refuses a folder that another Mallo uses, and says where that one is', async () => {
  const folder = await home();
  const url = await launch({ MALLO_HOME: folder }).hear('url');
  const { en } = await launch({ MALLO_HOME: folder }).hear('refused');
  expect(en).toContain(`open ${url}`);
  expect((await ask(url, '/api')).status).toBe(200);
});

test('says that the port is taken before anything is started', async () => {
  const folder = await home();
  const other = createServer().listen(0, '127.0.0.1');
  const port = await until(() => (other.address() as { port: number } | null)?.port);
  const { en } = await launch({ MALLO_HOME: folder, PORT: String(port) }).hear('refused');
  other.close();
  expect(en).toContain(`Port ${port} is used by another program`);
  expect(await postmasterOf(folder)).toBe(0);
});

test('says that the disk is full, and leaves no half of a database', async ({ skip }) => {
  const folder = await home();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', folder]).status === 0;
  skip(!mounted, 'this user may not mount a small disk');
  try {
    const { en } = await launch({ MALLO_HOME: folder }).hear('refused');
    expect(en).toContain(`The disk of ${folder} is full`);
    expect((await readdir(folder)).filter((name) => name.startsWith('postgres'))).toEqual([]);
  } finally {
    spawnSync('umount', ['-l', folder]);
  }
});

test('says that its folder cannot be written to', async () => {
  // Below a file there is no folder, not even for root.
  const { en } = await launch({ MALLO_HOME: join(program, 'home') }).hear('refused');
  expect(en).toContain(`The folder ${join(program, 'home')} cannot be written to`);
});

test('starts a part that dies again, and answers 503 with a reason meanwhile', async () => {
  const folder = await home();
  const mallo = launch({ MALLO_HOME: folder });
  const url = await mallo.hear('url');
  const dying = await ask(url, '/api?do=die');
  expect(dying.status).toBe(503);
  expect(JSON.parse(dying.body)).toMatchObject({ error: { code: 'server.unavailable', params: { part: 'api' } } });
  expect(await mallo.hear('restarting')).toBe('api');
  await until(async () => (await ask(url, '/api')).status === 200);
  expect((await ask(url, '/live')).status).toBe(200);
});

test('gives a part up that cannot start, with a sentence that names its log, and closes everything', async () => {
  const folder = await home();
  const mallo = launch({ MALLO_HOME: folder, DIES: 'telemetry' });
  const { en } = await mallo.hear('refused');
  expect(en).toContain(join(folder, 'logs', 'telemetry.log'));
  expect(mallo.told.filter(({ restarting }) => restarting === 'telemetry').length).toBe(4);
  expect(isAlive(await postmasterOf(folder))).toBe(false);
});

test('can be told to end while it is still starting', async () => {
  const folder = await home();
  const mallo = launch({ MALLO_HOME: folder, DIES: 'telemetry' });
  await mallo.hear('restarting');
  mallo.child.kill('SIGTERM');
  await mallo.hear('stopped');
  expect(isAlive(await postmasterOf(folder))).toBe(false);
});
