// Runs models in a process of its own: onnxruntime-node computes on the thread that calls it, which would hold up the
// api, and a file that makes native code crash takes only this process with it.
import { LRUCache } from 'lru-cache';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readPixels } from '../images/open-image.js';
import { type Pixels, type Preparation, prepareImage } from './prepare-image.js';
import type { RunAnswer, RunRequest } from './runner.messages.js';

/** Sessions take about as much memory as the files they were made from. */
const SESSIONS_BYTES = 2_000_000_000;

const sessions = new LRUCache<string, InferenceSession>({
  maxSize: SESSIONS_BYTES,
  // Requests come one at a time, so what is dropped is not running.
  dispose: (session) => void session.release(),
});

async function openSession({ key, path, sizeBytes }: RunRequest): Promise<InferenceSession> {
  const held = sessions.get(key);
  if (held) return held;
  const session = await InferenceSession.create(path, { executionProviders: ['cpu'], logSeverityLevel: 4 });
  sessions.set(key, session, { size: Math.max(sizeBytes, 1) });
  return session;
}

/** The input of a model: pixels where it takes them, as recipes export it, else numbers; null when nobody knows which. */
function inputOf(session: InferenceSession, pixels: Pixels, preparation: Preparation | null): Tensor | null {
  const [input] = session.inputMetadata;
  if (input?.isTensor && input.type === 'uint8' && input.shape.at(-1) === 3) {
    return new Tensor('uint8', pixels.data, [1, pixels.height, pixels.width, 3]);
  }
  if (!preparation) return null;
  const { height, width, channelsLast } = preparation;
  const shape = channelsLast ? [1, height, width, 3] : [1, 3, height, width];
  return new Tensor('float32', prepareImage(pixels, preparation), shape);
}

/** Many models leave the last step, softmax, to whoever uses them. */
function probabilitiesOf(outputs: Float32Array): number[] {
  const values = Array.from(outputs);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-3) return values;
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sumOf, value) => sumOf + value, 0);
  return powers.map((value) => value / total);
}

async function infer(request: RunRequest, pixels: Pixels): Promise<RunAnswer> {
  const session = await openSession(request);
  try {
    const input = inputOf(session, pixels, request.preparation);
    if (!input) return { fault: 'input', problem: 'it does not take pixels' };
    const startedMs = performance.now();
    const outputs = await session.run({ [session.inputNames[0] ?? '']: input });
    const latencyMs = performance.now() - startedMs;
    const output = outputs.probabilities ?? outputs[session.outputNames[0] ?? ''];
    if (!(output?.data instanceof Float32Array)) throw new Error('its output is not of type float32');
    return { probabilities: probabilitiesOf(output.data), latencyMs, preparedItself: input.type === 'uint8' };
  } finally {
    // One too large to be kept.
    if (!sessions.has(request.key)) await session.release();
  }
}

async function answer(request: RunRequest): Promise<RunAnswer> {
  const pixels = await readPixels(Buffer.from(request.image)).catch((error: unknown) => String(error));
  if (typeof pixels === 'string') return { fault: 'image', problem: pixels };
  try {
    return await infer(request, pixels);
  } catch (error) {
    return { fault: 'model', problem: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (request: RunRequest) => {
  void answer(request).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit(0));
