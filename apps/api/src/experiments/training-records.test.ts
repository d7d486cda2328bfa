import { createClient } from '@mallo/client';
import { trackingRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, SECRET, startTestApi, type TestApi } from '../testing/api.js';
import { addRun } from '../testing/rows.js';
import { startTelemetry } from '../testing/telemetry.js';
import { RunsService } from './runs.service.js';

let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let telemetryDatabase: string;
let api: TestApi;

beforeAll(async () => {
  telemetryDatabase = await createTestDatabase();
  telemetry = await startTelemetry(telemetryDatabase, SECRET);
  api = await startTestApi({ TELEMETRY_URL: telemetry.url });
});
afterAll(async () => {
  await api.close();
  await telemetry.stop();
});

/** What tracking shows of a run, or how it answers that there is none. */
async function shown(runId: string) {
  const userId = (await api.database.user.findFirstOrThrow()).id;
  const owner = createClient({ baseUrl: telemetry.url, accessToken: await api.tokenOf(userId) });
  return owner.call(trackingRoutes.run, { params: { runId } });
}
const until = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 100 });

test('tracking shows a training from its start to its end', async () => {
  const runs = api.app.get(RunsService, { strict: false });
  const runId = await addRun(api, { status: 'queued' });
  await runs.begin(runId);
  await until(async () => expect(await shown(runId)).toMatchObject({ status: 'running', endedMs: null }));
  await runs.end(runId, 'completed', null);
  await until(async () => expect((await shown(runId)).status).toBe('completed'));
  const run = await api.database.run.findUniqueOrThrow({ where: { id: runId } });
  expect(await shown(runId)).toMatchObject({
    kind: 'training',
    name: 'pets-resnet18',
    user: 'Owner',
    startedMs: run.startedAt?.getTime(),
    endedMs: run.endedAt?.getTime(),
    params: {
      model: 'resnet18',
      dataset: 'pets',
      epochs: '3',
      learningRate: '0.001',
      pretrained: 'false',
      classes: '2',
    },
    tags: { 'mallo.configHash': run.configHash, 'mallo.conversationId': run.conversationId },
  });
  await until(async () => {
    const { knownStatus } = await api.database.run.findUniqueOrThrow({ where: { id: runId } });
    expect(knownStatus).toBe('completed');
  });
});

test('trainings of before this version appear at the next start, and what an api left untold', async () => {
  const old = await addRun(api, { status: 'failed' });
  const cut = await addRun(api, { status: 'completed' });
  await api.database.run.update({ where: { id: cut }, data: { knownStatus: 'running' } });
  await api.restart();
  await until(async () => expect((await shown(old)).status).toBe('failed'));
  await until(async () => expect((await shown(cut)).status).toBe('completed'));
});

test('what ends while tracking is away is told once it is back', async () => {
  const runs = api.app.get(RunsService, { strict: false });
  const runId = await addRun(api, { status: 'running' });
  await runs.announce(runId);
  await until(async () => expect((await shown(runId)).status).toBe('running'));
  await telemetry.stop();
  await runs.end(runId, 'failed', null);
  const port = Number(new URL(telemetry.url).port);
  telemetry = await startTelemetry(telemetryDatabase, SECRET, { port });
  await until(async () => expect((await shown(runId)).status).toBe('failed'));
});
