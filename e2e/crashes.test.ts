import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type RunView, watchRun } from '@mallo/client';
import { identityRoutes, liveRoutes, projectRoutes, registryRoutes, runRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunningMallo } from './system/mallo.ts';
import { assertNothingLost, ended, epochDone, projectWithDigits, SENTENCE, startTraining } from './system/training.ts';

const EPOCHS = 4;
const FOUR_EPOCHS = SENTENCE.replace('3 epochs', `${EPOCHS} epochs`);

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
    const runId = await startTraining(client, projectId, FOUR_EPOCHS);
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

  test('goes on while the sidecar, telemetry and the api are killed, each in an epoch of its own', async () => {
    const runId = await startTraining(client, projectId, FOUR_EPOCHS);
    for (const [at, part] of (['sidecar', 'telemetry', 'api'] as const).entries()) {
      await epochDone(mallo, runId, at + 1);
      mallo.killPart(part);
      await mallo.answers();
    }
    const run = await ended(client, runId);
    expect(run).toMatchObject({ status: 'completed', problem: null });
    await assertNothingLost(mallo, client, runId);
    expect(await accuracies(runId)).toEqual(undisturbed);
    expect(startsOf(runId)).toBe(1);
  });

  test('goes on from its checkpoint after everything was killed, its trainer too', async () => {
    const runId = await startTraining(client, projectId, FOUR_EPOCHS);
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
    const runId = await startTraining(client, projectId, FOUR_EPOCHS);
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
    const runId = await startTraining(client, projectId, FOUR_EPOCHS);
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
    expect(versions).toHaveLength(5);
  });
});

/** How often the recipe began: once, and once more for each resume. */
function startsOf(runId: string): number {
  const log = readFileSync(join(mallo.home, 'runs', runId, 'stdout.log'), 'utf8');
  return log.split('\n').filter((line) => line.startsWith('start ')).length;
}
