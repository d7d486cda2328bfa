import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeHome } from './home.factory.js';
import { lockHome } from './lock.js';
import { openSecrets, readSecrets } from './secrets.js';
import { choosePorts, readState, writeState } from './state.js';

const homes: string[] = [];
afterEach(async () => {
  for (const home of homes.splice(0)) await rm(home, { recursive: true, force: true });
});

async function home(): Promise<string> {
  const folder = await makeHome();
  homes.push(folder);
  return folder;
}

test('locks a folder once, until it is released', async () => {
  const folder = await home();
  const first = lockHome(folder);
  expect(lockHome(folder)).toBeNull();
  first?.release();
  expect(lockHome(folder)).not.toBeNull();
});

test('makes secrets once, readable by their user only', async () => {
  const folder = await home();
  const made = await openSecrets(folder);
  expect(await openSecrets(folder)).toEqual(made);
  expect(new Set(Object.values(made)).size).toBe(3);
  expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
});

test('refuses damaged secrets with a sentence, and leaves them as they are', async () => {
  const folder = await home();
  await writeFile(join(folder, 'secrets.json'), '{"jwtSecret": "short"');
  await expect(openSecrets(folder)).rejects.toThrow(/is damaged/);
  expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe('{"jwtSecret": "short"');
  await chmod(folder, 0o700);
});

test('has no secrets and no state before the first start', async () => {
  const folder = await home();
  expect(await readSecrets(folder)).toBeNull();
  expect(await readState(folder)).toBeNull();
});

test('remembers ports, and takes others for those that are in use', async () => {
  const folder = await home();
  const ports = await choosePorts(['api', 'web']);
  await writeState(folder, { pid: 1, url: 'http://127.0.0.1:1', door: 'http://127.0.0.1:1', ports, children: {} });
  const other = createServer();
  await new Promise<void>((listening) => other.listen(ports.api, '127.0.0.1', listening));
  const again = await choosePorts(['api', 'web'], (await readState(folder))?.ports);
  other.close();
  expect(again.web).toBe(ports.web);
  expect(again.api).not.toBe(ports.api);
});

test('gives different ports even where the same was remembered twice', async () => {
  const { api, web } = await choosePorts(['api', 'web'], { api: 20_500, web: 20_500 });
  expect(api).not.toBe(web);
});
