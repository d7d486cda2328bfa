import { spawn, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { ROOT } from './settings.js';

// What scripts/start.mjs says on a machine where something is missing: one sentence, no stack.

const cleaning: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'mallo-start-'));
  cleaning.push(() => rm(made, { recursive: true, force: true }));
  await chmod(made, 0o755);
  return made;
}

/** The project as just cloned, as far as the start reads it before anything is brought. */
async function freshClone(inside?: string): Promise<string> {
  const clone = inside ?? (await folder());
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'scripts']) {
    await cp(join(ROOT, name), join(clone, name), { recursive: true });
  }
  for (const name of ['apps', 'packages']) await mkdir(join(clone, name));
  return clone;
}

type Machine = { env?: NodeJS.ProcessEnv; uid?: number };

async function start(clone: string, args: string[], { env = {}, uid }: Machine = {}) {
  const { LANG, LC_ALL, LC_MESSAGES, MALLO_LOCALE, PORT, ...outside } = process.env;
  const child = spawn(process.execPath, [join(clone, 'scripts', 'start.mjs'), ...args], {
    env: { ...outside, ...env },
    uid,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, output, problem: problem.trim() };
}

/** A PATH with nothing on it but these small shell programs. */
async function onlyPrograms(programs: Record<string, string> = {}): Promise<string> {
  const path = await folder();
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(path, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return path;
}

test.each([
  [{ LANG: 'ko_KR.UTF-8' }, '문장으로'],
  [{ LANG: 'en_US.UTF-8' }, 'from a sentence'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ko_KR.UTF-8' }, '문장으로'],
  [{ LANG: 'ko_KR.UTF-8', LC_ALL: 'C.UTF-8' }, 'from a sentence'],
  [{ LC_ALL: 'C.UTF-8', MALLO_LOCALE: 'ko' }, '문장으로'],
  [{}, 'from a sentence'],
])('speaks the language of the terminal: %o', async (env, words) => {
  const { code, output } = await start(ROOT, ['--help'], { env });
  expect(code).toBe(0);
  expect(output).toContain(words);
});

test('says that Python is missing, and how to install it', async () => {
  const clone = await freshClone();
  const env = { PATH: await onlyPrograms() };
  expect(await start(clone, [], { env })).toMatchObject({
    code: 1,
    problem: expect.stringMatching(/^Python 3\.10 or newer is needed to train and was not found: install it .*$/),
  });
  expect((await start(clone, [], { env: { ...env, LANG: 'ko_KR.UTF-8' } })).problem).toMatch(
    /^학습에는 Python 3\.10 이상이 필요한데 찾지 못했습니다\. .*$/,
  );
});

test('says which Python is too old', async () => {
  const env = { PATH: await onlyPrograms({ python3: 'echo /usr/bin/python3; echo 3.8.20' }) };
  const { code, problem } = await start(await freshClone(), [], { env });
  expect(code).toBe(1);
  expect(problem).toContain('only Python 3.8.20 was found');
});

test('says that the registry cannot be reached', async () => {
  const env = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_cache: await folder(), npm_execpath: '' };
  const { code, problem } = await start(await freshClone(), [], { env });
  expect(problem).toMatch(/^registry\.npmjs\.org cannot be reached.*run the command again\.$/);
  expect(code).toBe(1);
});

test('says that its folder cannot be written to', async ({ skip }) => {
  const clone = await freshClone();
  await chmod(clone, 0o555);
  const isRoot = process.getuid?.() === 0;
  const uid = isRoot ? 65_534 : undefined;
  const reachable = spawnSync(process.execPath, ['--version'], { uid }).status === 0;
  skip(!reachable, 'Node lies in a folder that only root can enter');
  const { code, problem } = await start(clone, [], { uid });
  await chmod(clone, 0o755);
  expect(problem).toBe(
    `The folder ${clone} cannot be written to: give this user the right to write there, or clone Mallo into a folder of your own.`,
  );
  expect(code).toBe(1);
});

test('says how much room is missing on the disk', async ({ skip }) => {
  const disk = await folder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=5m', 'tmpfs', disk]).status === 0;
  skip(!mounted, 'this user may not mount a small disk');
  cleaning.push(async () => spawnSync('umount', ['-l', disk]));
  const { code, problem } = await start(await freshClone(disk), []);
  expect(problem).toMatch(/^The disk of .* has 0\.0 GB free and about 9\.3 GB are needed: free some space/);
  expect(code).toBe(1);
});

test.each(['PORT', '--port'])('says that the port is taken before it brings anything (%s)', async (how) => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  const { port } = other.address() as { port: number };
  const args = how === 'PORT' ? [] : ['parser', '--port', String(port)];
  const { code, problem } = await start(await freshClone(), args, { env: { PORT: String(port) } });
  await new Promise((closed) => other.close(closed));
  const instead = how === 'PORT' ? `PORT=${port + 1} npm start` : `npm run parser -- --port ${port + 1}`;
  const sentence = `Port ${port} is used by another program: stop that program, or choose another port: ${instead}`;
  expect(problem).toBe(sentence);
  expect(code).toBe(1);
});

/** A project that was built once, whose sources are newer since; its program says what it was asked. */
async function builtClone(): Promise<string> {
  const clone = await freshClone();
  await mkdir(join(clone, 'apps', 'cli', 'dist'), { recursive: true });
  await writeFile(join(clone, 'apps', 'cli', 'package.json'), '{ "name": "newer" }');
  const program = 'console.log("as built:", ...process.argv.slice(2));';
  await writeFile(join(clone, 'apps', 'cli', 'dist', 'main.js'), program);
  return clone;
}

test.each([
  [['mlflow:import', './mlruns', '--project', 'Pets']],
  [['mlflow:export', 'folder']],
  [['query', 'select 1']],
  [['model', 'mallo://models/pets@champion']],
  [['token', 'Pets']],
])('%j is for the Mallo that runs, so nothing under it is built anew', async (args) => {
  const env = { PATH: await onlyPrograms() };
  const { code, output, problem } = await start(await builtClone(), args, { env });
  expect({ code, output, problem }).toEqual({ code: 0, output: `as built: ${args.join(' ')}\n`, problem: '' });
});

test('a sentence is for the Mallo that runs, as it was built; without one everything is made ready first', async () => {
  const home = await folder();
  const door = createServer();
  await new Promise<void>((listening) => door.listen(0, '127.0.0.1', listening));
  const { port } = door.address() as { port: number };
  await writeFile(join(home, 'state.json'), JSON.stringify({ door: `http://127.0.0.1:${port}` }));
  const machine = { env: { PATH: await onlyPrograms(), MALLO_HOME: home } };
  const clone = await builtClone();
  const running = await start(clone, ['train', 'resnet18'], machine);
  await new Promise((closed) => door.close(closed));
  expect(running).toEqual({ code: 0, output: 'as built: train train resnet18\n', problem: '' });
  expect((await start(clone, ['train', 'resnet18'], machine)).problem).toMatch(/^Python 3\.10 or newer is needed/);
});

test.each([
  [['--quick'], 'There is no option --quick: npm start -- --help shows what there is.'],
  [['parser', '--port', 'many'], '“many” is not a port: give a number from 1 to 65535.'],
  [['parser', '--port'], '“” is not a port: give a number from 1 to 65535.'],
])('refuses %j before it does anything', async (args, sentence) => {
  expect(await start(await freshClone(), args)).toEqual({ code: 2, output: '', problem: sentence });
});
