import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { picture } from '../testing/images.js';
import { hungryClassifier, onnxClassifier } from '../testing/model-files.js';
import { type Loadable, type RunnerLimits, RunnerPool } from './runner-pool.js';

let folder: string;
let image: Uint8Array;
const pools: RunnerPool[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mallo-pool-'));
  await writeFile(join(folder, 'small.onnx'), onnxClassifier());
  // 4.3 GB.
  await writeFile(join(folder, 'hungry.onnx'), hungryClassifier(32_768));
  await writeFile(join(folder, 'broken.onnx'), 'no model');
  image = new Uint8Array(await picture(1));
});
afterEach(() => {
  for (const pool of pools.splice(0)) pool.onModuleDestroy();
});
afterAll(() => rm(folder, { recursive: true }));

function poolOf(limits: Partial<RunnerLimits> = {}): RunnerPool {
  const pool = new RunnerPool({ memoryBytes: 1_000_000_000, idleMs: 60_000, timeoutMs: 60_000, ...limits });
  pools.push(pool);
  return pool;
}

/** A model under a name of its own; `sizeBytes` is what it says of itself. */
function model(key: string, { file = 'small', sizeBytes = 1000 } = {}): Loadable {
  const known = { task: 'classification' as const, classNames: ['a', 'b', 'c'], inputShape: null, preprocessing: null };
  return { key, sizeBytes, open: (use) => use({ path: join(folder, `${file}.onnx`), ...known }) };
}

const about = (file: Uint8Array) => ({ kind: 'image' as const, body: [file] });

/** The processes that are held, by the names of their models. */
function pidsOf(pool: RunnerPool): Map<string, number> {
  const held: Map<string, { runner: { pid: number } | null }> = Reflect.get(pool, 'held');
  return new Map([...held].map(([key, { runner }]) => [key, runner?.pid ?? 0]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the models held ready', () => {
  it('answer from the process that was opened first', async () => {
    const pool = poolOf();
    await pool.run(model('a'), about(image));
    const first = pidsOf(pool).get('a');
    const [prediction] = await pool.run(model('a'), about(image));
    expect(prediction?.task).toBe('classification');
    expect(pidsOf(pool).get('a')).toBe(first);
  });

  it('are opened once for all who ask at the same moment', async () => {
    const pool = poolOf();
    const open = vi.fn(model('a').open);
    const all = await Promise.all(Array.from({ length: 40 }, () => pool.run({ ...model('a'), open }, about(image))));
    expect(all).toHaveLength(40);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('make room, the one not asked for longest first', async () => {
    // Two fit, three do not.
    const pool = poolOf({ memoryBytes: 650_000_000 });
    const sized = (key: string) => model(key, { sizeBytes: 150_000_000 });
    await pool.run(sized('a'), about(image));
    await pool.run(sized('b'), about(image));
    await pool.run(sized('a'), about(image));
    const before = pidsOf(pool);
    await pool.run(sized('c'), about(image));
    expect([...pidsOf(pool).keys()]).toEqual(['a', 'c']);
    await vi.waitFor(() => expect(isAlive(before.get('b') ?? 0)).toBe(false));
  });

  it('wait for room while all others are asked, and get it', async () => {
    const pool = poolOf({ memoryBytes: 500_000_000 });
    const keys = ['a', 'b', 'c', 'd'];
    const all = await Promise.all(keys.map((key) => pool.run(model(key, { sizeBytes: 150_000_000 }), about(image))));
    expect(all.every(([prediction]) => prediction?.task === 'classification')).toBe(true);
  });

  it('are let go when nobody asks', async () => {
    const pool = poolOf({ idleMs: 20 });
    await pool.run(model('a'), about(image));
    const pid = pidsOf(pool).get('a') ?? 0;
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5000);
    expect(pidsOf(pool).size).toBe(0);
    expect(await pool.run(model('a'), about(image))).toHaveLength(1);
  });
});

describe('a model that goes wrong hurts nothing else', () => {
  it('when its process crashes, which is told, and started again', async () => {
    const pool = poolOf();
    await Promise.all([pool.run(model('good'), about(image)), pool.run(model('bad'), about(image))]);
    const pids = pidsOf(pool);
    const asked = pool.run(model('bad'), about(image));
    process.kill(pids.get('bad') ?? 0, 'SIGSEGV');
    await expect(asked).rejects.toMatchObject({
      code: 'model.broken',
      params: { problem: { en: expect.stringMatching('SIGSEGV'), ko: expect.stringMatching('SIGSEGV') } },
    });
    await pool.run(model('good'), about(image));
    expect(pidsOf(pool).get('good')).toBe(pids.get('good'));
    expect(await pool.run(model('bad'), about(image))).toHaveLength(1);
  });

  it('when it takes all the memory it can get', async () => {
    const pool = poolOf({ memoryBytes: 800_000_000 });
    await pool.run(model('good'), about(image));
    const hungry = pool.run(model('hungry', { file: 'hungry' }), about(image));
    await expect(hungry).rejects.toMatchObject({ code: 'model.too_large', params: { limit: '800 MB' } });
    expect(await pool.run(model('good'), about(image))).toHaveLength(1);
  });

  it('when it is larger than all that may be held, without being opened', async () => {
    const pool = poolOf();
    const open = vi.fn();
    await expect(pool.run({ key: 'huge', sizeBytes: 2e9, open }, about(image))).rejects.toMatchObject({
      code: 'model.too_large',
    });
    expect(open).not.toHaveBeenCalled();
  });

  it('when it does not answer in time', async () => {
    const pool = poolOf({ timeoutMs: 1 });
    await expect(pool.run(model('slow'), about(image))).rejects.toMatchObject({ code: 'model.timeout' });
    expect(pidsOf(pool).size).toBe(0);
  });

  it('when it is no model, and it is tried again next time', async () => {
    const pool = poolOf();
    const broken = model('broken', { file: 'broken' });
    await expect(pool.run(broken, about(image))).rejects.toMatchObject({ code: 'model.broken' });
    await expect(pool.run(broken, about(image))).rejects.toMatchObject({ code: 'model.broken' });
    await expect(pool.run(model('a'), about(new Uint8Array(3)))).rejects.toMatchObject({
      code: 'image.unreadable',
    });
    expect([...pidsOf(pool).keys()]).toEqual(['a']);
  });
});
