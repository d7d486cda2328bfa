import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLines } from './log-lines.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-log-'));
  path = join(folder, 'stdout.log');
});
afterEach(() => rm(folder, { recursive: true }));

test('a line without its break waits to be completed, until the trainer has ended', async () => {
  await writeFile(path, 'one\n두');
  expect((await readLines(path, 0, false)).lines).toEqual([{ text: 'one', end: 4 }]);
  expect((await readLines(path, 4, false)).lines).toEqual([]);
  await appendFile(path, '울\nthree');
  expect((await readLines(path, 4, false)).lines).toEqual([{ text: '두울', end: 11 }]);
  expect((await readLines(path, 11, true)).lines).toEqual([{ text: 'three', end: 16 }]);
  expect((await readLines(path, 16, true)).lines).toEqual([]);
});

test('a file that is not there, or was cut, has no lines', async () => {
  expect((await readLines(path, 0, true)).lines).toEqual([]);
  await writeFile(path, 'short\n');
  expect((await readLines(path, 100, true)).lines).toEqual([]);
});

test('bytes that are no UTF-8 become U+FFFD and do not shift what follows', async () => {
  await writeFile(path, Buffer.from([0xff, 0xfe, 0x0a, 0x61, 0x0a]));
  expect((await readLines(path, 0, false)).lines).toEqual([
    { text: '\ufffd\ufffd', end: 3 },
    { text: 'a', end: 5 },
  ]);
});

test('a line longer than a read comes in parts and is not waited for', async () => {
  await writeFile(path, `${'x'.repeat(600_000)}\nnext\n`);
  const ends: number[] = [];
  let position = 0;
  for (;;) {
    const { lines } = await readLines(path, position, false);
    const last = lines.at(-1);
    if (!last) break;
    ends.push(...lines.map(({ end }) => end));
    position = last.end;
  }
  expect(ends).toEqual([262_144, 524_288, 600_001, 600_006]);
});
