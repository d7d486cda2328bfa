import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WeightsService } from './weights.service.js';

let cache: string;
let hub: Server;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'mallo-hub-'));
  hub = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1');
  await once(hub, 'listening');
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(hub.address() as AddressInfo).port}`);
  for (const name of ['FALLBACK_PATH', 'HF_HUB_OFFLINE', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  hub.close();
  await rm(cache, { recursive: true, force: true });
});

async function closeHub(): Promise<void> {
  hub.close();
  await once(hub, 'close');
}

test('weights are likely where the hub answers', async () => {
  expect(await new WeightsService().areLikely('resnet18')).toBe(true);
});

test('weights are not likely where nothing answers', async () => {
  await closeHub();
  expect(await new WeightsService().areLikely('resnet18')).toBe(false);
});

test('weights are not likely where the hub is not to be asked', async () => {
  vi.stubEnv('HF_HUB_OFFLINE', '1');
  expect(await new WeightsService().areLikely('resnet18')).toBe(false);
});

test('weights in the cache or in FALLBACK_PATH need no network', async () => {
  await closeHub();
  await mkdir(join(cache, 'models--timm--resnet18.a1_in1k'));
  expect(await new WeightsService().areLikely('resnet18')).toBe(true);
  expect(await new WeightsService().areLikely('resnet18d')).toBe(false);
  vi.stubEnv('FALLBACK_PATH', cache);
  expect(await new WeightsService().areLikely('resnet18d')).toBe(true);
});
