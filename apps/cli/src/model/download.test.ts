import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@mallo/client';
import type { ModelVersion } from '@mallo/contracts';
import { afterEach, expect, test } from 'vitest';
import { Refusal } from '../sentences.js';
import { downloadVersion } from './download.js';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0)) await clean();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'mallo-download-'));
  cleaning.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A server of one file, which answers as the api does; what it sends can be cut or changed. */
async function serve(answer: (response: ServerResponse, range: string | undefined) => void) {
  const server = createServer((request, response) => answer(response, request.headers.range));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleaning.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, accessToken: 'any' });
}

function versionOf(bytes: Buffer, ...names: string[]): ModelVersion {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const artifacts = names.map((name) => ({ name, sizeBytes: bytes.length, sha256 }));
  return { modelId: 'mdl_1', version: '1.0.0', artifacts } as Partial<ModelVersion> as ModelVersion;
}

const quiet = () => undefined;
const CONTENT = randomBytes(3_000_000);

test('goes on where the connection was cut', async () => {
  const ranges: (string | undefined)[] = [];
  const client = await serve((response, range) => {
    ranges.push(range);
    const start = Number(/\d+/.exec(range ?? '0')?.[0]);
    response.writeHead(206, { 'content-length': CONTENT.length - start });
    response.write(CONTENT.subarray(start, start + 1_000_000), () => {
      if (start + 1_000_000 < CONTENT.length) response.destroy();
      else response.end();
    });
  });
  const into = await folder();
  const [path = ''] = await downloadVersion(client, versionOf(CONTENT, 'a/model.onnx'), into, quiet);
  expect((await readFile(path)).equals(CONTENT)).toBe(true);
  expect(await readdir(join(into, 'a'))).toEqual(['model.onnx']);
  expect(ranges.length).toBeGreaterThanOrEqual(3);
  expect(ranges[0]).toBe('bytes=0-');
  expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
});

test('begins again where the server does not know ranges', async () => {
  let times = 0;
  const client = await serve((response) => {
    times += 1;
    response.writeHead(200, { 'content-length': CONTENT.length });
    if (times === 1) response.write(CONTENT.subarray(0, 1_000_000), () => response.destroy());
    else response.end(CONTENT);
  });
  const [path = ''] = await downloadVersion(client, versionOf(CONTENT, 'model.onnx'), await folder(), quiet);
  expect((await readFile(path)).equals(CONTENT)).toBe(true);
  expect(times).toBe(2);
});

test('keeps nothing of bytes that are not the registered ones, and what was there before', async () => {
  const client = await serve((response) => response.end(randomBytes(CONTENT.length)));
  const into = await folder();
  await writeFile(join(into, 'model.onnx'), 'of before');
  await expect(downloadVersion(client, versionOf(CONTENT, 'model.onnx'), into, quiet)).rejects.toThrow('SHA-256');
  expect(await readdir(into)).toEqual(['model.onnx']);
  expect(await readFile(join(into, 'model.onnx'), 'utf8')).toBe('of before');
});

test('says in a sentence that the folder cannot be written to', async () => {
  const client = await serve((response) => response.end(CONTENT));
  const file = join(await folder(), 'a file');
  await writeFile(file, '');
  for (const into of [file, join(file, 'below')]) {
    const downloading = downloadVersion(client, versionOf(CONTENT, 'model.onnx'), into, quiet);
    await expect(downloading).rejects.toBeInstanceOf(Refusal);
  }
});

test('asks for nothing that is there already', async () => {
  const client = await serve((response) => response.writeHead(500).end());
  const into = await folder();
  await writeFile(join(into, 'model.onnx'), CONTENT);
  expect(await downloadVersion(client, versionOf(CONTENT, 'model.onnx'), into, quiet)).toHaveLength(1);
});

test.each(['../escaped', '/tmp/escaped', 'a/../../escaped', '', '.', '..', 'out/escaped', 'a\0b'])(
  'refuses all of a version with a file named %j',
  async (name) => {
    let asked = 0;
    const client = await serve((response) => {
      asked += 1;
      response.end(CONTENT);
    });
    const around = await folder();
    const into = join(around, 'inside');
    await mkdir(into);
    await symlink(around, join(into, 'out'));
    const downloading = downloadVersion(client, versionOf(CONTENT, 'good', name), into, quiet);
    await expect(downloading).rejects.toBeInstanceOf(Refusal);
    expect(asked).toBe(0);
    expect(await readdir(into)).toEqual(['out']);
    expect(await readdir(around)).toEqual(['inside']);
  },
);
