// Runs models in a process of its own: onnxruntime-node computes on the thread that calls it, which would hold up the
// api, and a file that makes native code crash takes only this process with it.
import { LRUCache } from 'lru-cache';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readPixels } from '../images/open-image.js';
import type { RunAnswer, RunRequest } from './runner.messages.js';

/** Sessions take about as much memory as the files they were made from. */
const SESSIONS_BYTES = 2_000_000_000;

const sessions = new LRUCache<string, InferenceSession>({
  maxSize: SESSIONS_BYTES,
  // Requests come one at a time, so what is dropped is not running.
  dispose: (session) => void session.release(),
});

async function openSession({ sha256, modelPath, sizeBytes }: RunRequest): Promise<InferenceSession> {
  const held = sessions.get(sha256);
  if (held) return held;
  const session = await InferenceSession.create(modelPath, { executionProviders: ['cpu'], logSeverityLevel: 4 });
  sessions.set(sha256, session, { size: Math.max(sizeBytes, 1) });
  return session;
}

async function infer(request: RunRequest, pixels: Awaited<ReturnType<typeof readPixels>>): Promise<RunAnswer> {
  const session = await openSession(request);
  try {
    const image = new Tensor('uint8', pixels.data, [1, pixels.height, pixels.width, 3]);
    const startedMs = performance.now();
    const { probabilities } = await session.run({ image });
    const latencyMs = performance.now() - startedMs;
    if (!(probabilities?.data instanceof Float32Array)) throw new Error('it has no output named probabilities');
    return { probabilities: Array.from(probabilities.data), latencyMs };
  } finally {
    // One too large to be kept.
    if (!sessions.has(request.sha256)) await session.release();
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
