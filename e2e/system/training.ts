import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@mallo/client';
import {
  type ConfigCard,
  configRoutes,
  conversationRoutes,
  datasetRoutes,
  liveRoutes,
  type Message,
  projectRoutes,
  type Run,
  runRoutes,
} from '@mallo/contracts';
import { type RunningMallo, until } from './mallo.ts';

/** A small model that learns digits quickly on two cores. */
export const SENTENCE =
  'train mobilenetv3_small_050 on digits, 3 epochs, batch 64, lr 0.001, no augmentation, image size 32';

const ENDED = ['completed', 'failed', 'cancelled'];

/** A project of its own with the digits in it. */
export async function projectWithDigits(client: Client, name: string): Promise<string> {
  const project = await client.call(projectRoutes.create, { body: { name } });
  await client.call(datasetRoutes.createSample, { params: { projectId: project.id }, body: { kind: 'digits' } });
  return project.id;
}

/** Says something in a new conversation. */
export async function say(
  client: Client,
  projectId: string,
  text: string,
): Promise<{ conversationId: string; messages: Message[]; configs: ConfigCard[] }> {
  const { id } = await client.call(conversationRoutes.create, { params: { projectId } });
  const answer = await client.call(conversationRoutes.send, {
    params: { conversationId: id },
    body: { text, clientId: crypto.randomUUID() },
  });
  return { conversationId: id, ...answer };
}

/** Starts what the sentence asks for. */
export async function startTraining(client: Client, projectId: string, sentence: string): Promise<string> {
  const { configs, messages } = await say(client, projectId, sentence);
  const [card] = configs;
  if (!card) throw new Error(`no config card, but: ${messages.at(-1)?.text}`);
  const { runId } = await client.call(configRoutes.start, { params: { configId: card.id }, body: { hash: card.hash } });
  return runId;
}

export function getRun(client: Client, runId: string): Promise<Run> {
  return client.call(runRoutes.get, { params: { runId } });
}

/** Waits for the end of a run, through restarts of whatever answers. */
export function ended(client: Client, runId: string, ms = 400_000): Promise<Run> {
  const look = async () => {
    const run = await getRun(client, runId);
    return ENDED.includes(run.status) && run.steps.at(-1)?.status === 'completed' ? run : undefined;
  };
  return until(`the end of ${runId}`, look, ms);
}

/** Waits until the trainer has ended this epoch. */
export async function epochDone(mallo: RunningMallo, runId: string, epoch: number): Promise<void> {
  const log = join(mallo.home, 'runs', runId, 'stdout.log');
  await until(
    `epoch ${epoch}`,
    () => new RegExp(`^epoch epoch=${epoch} `, 'm').test(readFileSync(log, 'utf8')),
    120_000,
  );
}

/**
 * Compares what telemetry has with what the trainer printed: every line once and in order, every epoch's figure
 * the one that was printed. @returns the points of the loss curve
 */
export async function assertNothingLost(mallo: RunningMallo, client: Client, runId: string): Promise<number> {
  const printed = readFileSync(join(mallo.home, 'runs', runId, 'stdout.log'), 'utf8')
    .trimEnd()
    .split('\n');
  const query = { maxPoints: 10_000, logLines: 5000 };
  const snapshot = await until('telemetry to have every line', async () => {
    const seen = await client.call(liveRoutes.snapshot, { params: { runId }, query });
    return seen.logs.filter(({ stream }) => stream === 'stdout').length >= printed.length ? seen : undefined;
  });
  const stored = snapshot.logs.filter(({ stream }) => stream === 'stdout').map(({ line }) => line);
  if (stored.join('\n') !== printed.join('\n')) throw new Error('the stored log differs from what was printed');
  const seqs = snapshot.logs.map(({ seq }) => seq);
  if (new Set(seqs).size !== seqs.length) throw new Error('a line was stored twice');
  const accuracy = snapshot.curves.find(({ key }) => key === 'val_accuracy')?.points ?? [];
  const expected = new Map<number, number>();
  for (const line of printed) {
    const epoch = /^epoch epoch=(\d+) .*val_accuracy=(\S+)/.exec(line);
    if (epoch) expected.set(Number(epoch[1]), Number(epoch[2]));
  }
  const got = accuracy.map(([step, value]) => [step, value]);
  if (JSON.stringify(got) !== JSON.stringify([...expected])) {
    throw new Error(`the accuracy curve is ${JSON.stringify(got)}, printed was ${JSON.stringify([...expected])}`);
  }
  return snapshot.curves.find(({ key }) => key === 'loss')?.points.length ?? 0;
}
