import { readFileSync } from 'node:fs';
import type { Client } from '@mallo/client';
import { runRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunningMallo } from './system/mallo.ts';
import { ended, epochDone, getRun, projectWithDigits, SENTENCE, startTraining } from './system/training.ts';

let mallo: RunningMallo;
let client: Client;
let projectId: string;

beforeAll(async () => {
  mallo = await RunningMallo.start();
  client = await mallo.client();
  projectId = await projectWithDigits(client, 'cancelling');
});

afterAll(async () => {
  await mallo?.[Symbol.asyncDispose]();
});

test('a training is cancelled within 5 seconds, and says so', async () => {
  const runId = await startTraining(client, projectId, SENTENCE.replace('3 epochs', '500 epochs'));
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

function isTrainerOf(pid: number, runId: string): boolean {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return command.includes('/recipes/') && command.includes(runId);
}
