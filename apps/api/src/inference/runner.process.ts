// Runs one model in a process of its own: onnxruntime-node computes on the thread that calls it, which would hold up the
// api; what makes native code crash takes only this model with it; and when the process ends its memory is free.
import { writeFileSync } from 'node:fs';
import type { Prediction } from '@mallo/contracts';
import { Fault } from './fault.js';
import { readFrames } from './frames.js';
import { freeBytes } from './free-bytes.js';
import { OpenedModel, type Prepared } from './opened-model.js';
import {
  BATCH_LIMIT,
  type Failure,
  type NamedOutputs,
  type Question,
  REQUESTS_FD,
  type RunnerAnswer,
  type RunnerRequest,
} from './runner.messages.js';

type Waiting = { prepared: Prepared; done: (predictions: Prediction[]) => void; failed: (error: unknown) => void };

let opening: Promise<OpenedModel> | null = null;
const waiting: Waiting[] = [];
let running = false;

function failureOf(error: unknown): Failure {
  if (error instanceof Fault) return { code: error.code, params: error.params };
  return { code: 'model.broken', params: { problem: `“${error instanceof Error ? error.message : String(error)}”` } };
}

/** Takes what waits and has the shape of the first, as far as the model computes it together. */
function nextBatch(takesBatches: boolean): Waiting[] {
  const shapeOf = ({ prepared }: Waiting) => prepared.shape.slice(1).join();
  const [first] = waiting;
  let total = 0;
  const batch = waiting.filter((one) => {
    if (one !== first && (!takesBatches || !first || shapeOf(one) !== shapeOf(first))) return false;
    total += one.prepared.shape[0] ?? 1;
    return one === first || total <= BATCH_LIMIT;
  });
  for (const one of batch) waiting.splice(waiting.indexOf(one), 1);
  return batch;
}

async function compute(model: OpenedModel, batch: Waiting[]): Promise<void> {
  try {
    const predictions = await model.predict(batch.map(({ prepared }) => prepared));
    for (const [at, one] of batch.entries()) one.done(predictions[at] ?? []);
  } catch (error) {
    // Whose fault it was shows when each is computed alone.
    if (batch.length === 1) batch[0]?.failed(error);
    else for (const one of batch) await compute(model, [one]);
  }
}

/** Computes what is there, and together what came in the meantime: one that comes alone never waits for others. */
async function computeAll(model: OpenedModel): Promise<void> {
  if (running) return;
  running = true;
  while (waiting.length > 0) {
    await compute(model, nextBatch(model.takesBatches));
    // The run held up the event loop: lets in what was sent while it went on.
    await new Promise((resolve) => setImmediate(resolve));
  }
  running = false;
}

async function answerTo(question: Question, bytes: Uint8Array): Promise<Prediction[] | NamedOutputs> {
  if (!opening) throw new Error('no model was opened');
  const model = await opening;
  if (question.kind === 'tensors') return model.infer(bytes);
  const prepared = await model.prepare(question, bytes);
  const predictions = await new Promise<Prediction[]>((done, failed) => {
    waiting.push({ prepared, done, failed });
    void computeAll(model);
  });
  if (question.kind === 'numbers') freeBytes(bytes);
  return predictions;
}

async function handle(request: RunnerRequest): Promise<Prediction[] | NamedOutputs | null> {
  if ('question' in request) return answerTo(request.question, request.bytes);
  opening = OpenedModel.open(request.open);
  await opening;
  return null;
}

function receive(request: RunnerRequest): void {
  const send = (said: { answer: Prediction[] | NamedOutputs | null } | { failure: Failure }) => {
    const answer: RunnerAnswer = { id: request.id, memoryBytes: process.memoryUsage.rss(), ...said };
    process.send?.(answer);
  };
  handle(request).then(
    (answer) => send({ answer }),
    (error: unknown) => send({ failure: failureOf(error) }),
  );
}

// However the api ends, this ends with it.
void readFrames(REQUESTS_FD, receive).finally(() => process.exit(0));
process.once('disconnect', () => process.exit(0));

try {
  // Should the machine run out of memory, Linux ends this process rather than the api or a training.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Other systems have no such file.
}
