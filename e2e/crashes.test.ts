import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type RunView, watchRun } from '@mallo/client';
import { identityRoutes, liveRoutes, projectRoutes, registryRoutes, runRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunningMallo } from './system/mallo.ts';
import { assertNothingLost, ended, epochDone, getRun, projectWithDigits, startTraining } from './system/training.ts';

const EPOCHS = 4;
const SENTENCE = `train mobilenetv3_small_050 on digits, ${EPOCHS} epochs, batch 64, lr 0.001, no augmentation, image size 32`;

let mallo: RunningMallo;
let client: Client;
let projectId: string;
/** The accuracy of each epoch of a training that nobody disturbed. */
let undisturbed: number[];

beforeAll(async () => {
  mallo = await RunningMallo.start();
  client = await mallo.client();
  projectId = await projectWithDigits(client, 'crashes');
});

afterAll(async () => {
  await mallo?.[Symbol.asyncDispose]();
});

async function accuracies(runId: string): Promise<number[]> {
  const query = { maxPoints: 10_000, logLines: 0 };
  const { curves } = await client.call(liveRoutes.snapshot, { params: { runId }, query });
  return curves.find(({ key }) => key === 'val_accuracy')?.points.map(([, value]) => Number(value)) ?? [];
}

describe('a training', () => {
  test('ends with a model and with every printed line stored once', async () => {
    const runId = await startTraining(client, projectId, SENTENCE);
    const run = await ended(client, runId);
    expect(run).toMatchObject({ status: 'completed', problem: null, model: { version: '1.0.0' } });
    expect(run.steps.map((step) => [step.name, step.status, step.attempt])).toEqual([
      ['validate_dataset', 'completed', 1],
      ['prepare_model', 'completed', 1],
      ['allocate_compute', 'completed', 1],
      ['run_training', 'completed', 1],
      ['register_model', 'completed', 1],
      ['release_compute', 'completed', 1],
    ]);
    expect(await assertNothingLost(mallo, client, runId)).toBeGreaterThan(0);
    undisturbed = await accuracies(runId);
    expect(undisturbed).toHaveLength(EPOCHS);
  });

  test('is seen by a program with a token of its own, until the token is revoked', async () => {
    const [run] = await client.call(runRoutes.list, { params: { projectId } });
    const { id: tokenId, token } = await client.call(identityRoutes.createToken, { body: { name: 'notebook' } });
    const program = new Client({ baseUrl: mallo.url, accessToken: token });
    const seen = await new Promise<RunView>((resolve, reject) => {
      const stop = watchRun(program, run?.id ?? '', {
        onView: (view) => resolve(view),
        onLink: (link) => link === 'live' && stop(),
        onError: reject,
      });
    });
    expect(seen.curves.val_accuracy).toHaveLength(EPOCHS);
    await client.call(identityRoutes.deleteToken, { params: { tokenId } });
    const refused = await program.call(projectRoutes.list).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'auth.required' });
  });

  test.each(['api', 'telemetry', 'sidecar'] as const)('goes on while the %s is killed', async (part) => {
    const runId = await startTraining(client, projectId, SENTENCE);
    await epochDone(mallo, runId, 1);
    mallo.killPart(part);
    await mallo.answers();
    const run = await ended(client, runId);
    expect(run).toMatchObject({ status: 'completed', problem: null });
    await assertNothingLost(mallo, client, runId);
    expect(await accuracies(runId)).toEqual(undisturbed);
    expect(startsOf(runId)).toBe(1);
  });

  test('goes on from its checkpoint after everything was killed, its trainer too', async () => {
    const runId = await startTraining(client, projectId, SENTENCE);
    await epochDone(mallo, runId, 2);
    await mallo.killAll({ trainers: true });
    await mallo.start();
    client = await mallo.client();
    const run = await ended(client, runId);
    expect(run).toMatchObject({ status: 'completed', problem: null });
    expect(run.notices.map((notice) => notice.code)).toContain('resumed');
    // No step that had ended was done again.
    expect(run.steps.slice(0, 3).map((step) => step.attempt)).toEqual([1, 1, 1]);
    await assertNothingLost(mallo, client, runId);
    expect(await accuracies(runId)).toEqual(undisturbed);
    expect(startsOf(runId)).toBe(2);
  });

  test('is found again by a new Mallo when only its trainer outlived the old one', async () => {
    const runId = await startTraining(client, projectId, SENTENCE);
    await epochDone(mallo, runId, 1);
    await mallo.killAll({ trainers: false });
    await mallo.start();
    client = await mallo.client();
    const run = await ended(client, runId);
    expect(run).toMatchObject({ status: 'completed', problem: null });
    await assertNothingLost(mallo, client, runId);
    expect(await accuracies(runId)).toEqual(undisturbed);
    expect(startsOf(runId)).toBe(1);
  });

  test('stops with Mallo and goes on at the next start, leaving no process in between', async () => {
    const runId = await startTraining(client, projectId, SENTENCE);
    await epochDone(mallo, runId, 1);
    expect(await mallo.stop()).toBe(0);
    expect(mallo.processes()).toEqual([]);
    await mallo.start();
    client = await mallo.client();
    const run = await ended(client, runId);
    expect(run).toMatchObject({ status: 'completed', problem: null });
    await assertNothingLost(mallo, client, runId);
    expect(await accuracies(runId)).toEqual(undisturbed);
  });

  test('gives each finished run one version, without gaps', async () => {
    const { models } = await client.call(registryRoutes.list, { params: { projectId } });
    const model = await client.call(registryRoutes.get, { params: { modelId: models[0]?.id ?? '' } });
    const versions = model.versions.map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, i) => `1.${versions.length - 1 - i}.0`));
    expect(versions).toHaveLength(7);
  });

  test('is cancelled within 5 seconds, and says so', async () => {
    const runId = await startTraining(client, projectId, SENTENCE.replace('4 epochs', '500 epochs'));
    await epochDone(mallo, runId, 1);
    const asked = Date.now();
    await client.call(runRoutes.cancel, { params: { runId } });
    const deadline = asked + 5_000;
    let run = await getRun(client, runId);
    while (run.status !== 'cancelled' && Date.now() < deadline) run = await getRun(client, runId);
    expect(run.status).toBe('cancelled');
    expect(mallo.processes().filter((pid) => isTrainerOf(pid, runId))).toEqual([]);
    const settled = await ended(client, runId);
    expect(settled.steps.find((step) => step.name === 'run_training')?.status).toBe('cancelled');
    expect(settled.model).toBeNull();
  });
});

/** How often the recipe began: once, and once more for each resume. */
function startsOf(runId: string): number {
  const log = readFileSync(join(mallo.home, 'runs', runId, 'stdout.log'), 'utf8');
  return log.split('\n').filter((line) => line.startsWith('start ')).length;
}

function isTrainerOf(pid: number, runId: string): boolean {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return command.includes('/recipes/') && command.includes(runId);
}
