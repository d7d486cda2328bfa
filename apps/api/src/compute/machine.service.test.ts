import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@mallo/backend';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testSettings } from '../testing/api.js';
import { MachineService } from './machine.service.js';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mallo-machine-'));
});

afterEach(() => rm(home, { recursive: true, force: true }));

/** A machine of which this was measured before. */
async function machine(measured: object): Promise<MachineService> {
  await writeFile(join(home, 'machine.json'), JSON.stringify({ torch: '2.15.0', gflopsPerSecond: 30, ...measured }));
  const settings = testSettings('postgres://127.0.0.1:9/none', home);
  return new MachineService(settings, createLogger('api', 'error'));
}

test('without a GPU, trainings compute on the processor and have no more memory than there is', async () => {
  const { device, memoryBytes, bf16 } = await (await machine({ gpus: [] })).trainsWith();
  expect({ device, bf16 }).toEqual({ device: 'cpu', bf16: false });
  expect(memoryBytes).toBeGreaterThan(1e8);
  expect(memoryBytes).toBeLessThanOrEqual(totalmem());
});

test('with a GPU, trainings compute on the first one', async () => {
  const gpus = [
    { name: 'A', memoryBytes: 24e9 },
    { name: 'B', memoryBytes: 8e9 },
  ];
  expect(await (await machine({ gpus, bf16: true })).trainsWith()).toEqual({
    ...{ device: 'gpu', memoryBytes: 24e9, bf16: true },
  });
});

test('what an older Mallo measured says nothing of bf16', async () => {
  expect(await (await machine({ gpus: [{ name: 'A', memoryBytes: 24e9 }] })).trainsWith()).toMatchObject({
    bf16: false,
  });
});
