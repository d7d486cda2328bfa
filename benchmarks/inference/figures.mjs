// One model asked over HTTP, and in a Python process beside it, in turns.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../../scripts/setup/prepare.mjs';
import { startPostgres } from '../registry/postgres.mjs';
import { startMallo } from '../registry/servers.mjs';

const { default: sharp } = await import(createRequire(join(ROOT, 'apps', 'api', 'package.json')).resolve('sharp'));

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Where the file of each comes from: models.py. */
export const MODELS = ['mobilenetv3_small_100', 'resnet18', 'resnet50'];
const ROUNDS = 10;
const TIMES_A_ROUND = 10;
const WARM_UP = 10;
const VALUES = 3 * 224 * 224;
/** Linux counts a process's time in these. */
const MS_A_TICK = 10;

/** @returns rows of `{ model, asked, http, python, inModel, cpu }`, times with leastMs, p50Ms and p99Ms */
export async function measure({ api, node, env, python, models }, tell) {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-inference-'));
  const stop = [() => rm(folder, { recursive: true, force: true })];
  try {
    await promisify(execFile)(python, [here('models.py'), folder, ...models], { env });
    const bodies = await writeBodies(folder);
    const postgres = await startPostgres();
    stop.push(postgres.stop);
    await postgres.create('mallo');
    const mallo = await startMallo({ api, node, env, url: postgres.urlOf('mallo') });
    stop.push(mallo.stop);
    const peer = startPeer(python, folder, env);
    stop.push(peer.stop);
    const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
    stop.push(async () => agent.destroy());
    const rows = [];
    for (const model of models) {
      await register(mallo, model, await readFile(join(folder, `${model}.onnx`)));
      for (const asked of ['tensor', 'image']) {
        const ask = () => post(mallo, agent, model, bodies[asked], asked === 'tensor' ? '?shape=1,3,224,224' : '');
        const row = { model, asked, ...(await inTurns(ask, (times) => peer.ask({ model, asked, times }), mallo.pid)) };
        rows.push(row);
        tell(row);
      }
    }
    return rows;
  } finally {
    for (const end of stop.reverse()) await end();
  }
}

/** A photograph-like picture of 640 × 480, and numbers as a model reads them. */
async function writeBodies(folder) {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 };
  const small = sharp({ create: { width: 40, height: 30, channels: 3, noise, background: 'black' } });
  const image = await sharp(await small.png().toBuffer())
    .resize(640, 480)
    .jpeg({ quality: 90 })
    .toBuffer();
  const tensor = Buffer.from(Float32Array.from({ length: VALUES }, (_, at) => Math.sin(at / 50) * 2).buffer);
  await writeFile(join(folder, 'image.jpg'), image);
  await writeFile(join(folder, 'tensor.f32'), tensor);
  return { image, tensor };
}

/** Both sides a few times each, one after the other, so that what else the machine does meets both. */
async function inTurns(ask, askPeer, pid) {
  const http = [];
  const peer = [];
  const inModel = [];
  let most = 0;
  let expected = 0;
  await askPeer(WARM_UP);
  for (let count = 0; count < WARM_UP; count += 1) await ask();
  const cpuMs = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const answer = await askPeer(TIMES_A_ROUND);
    peer.push(...answer.took);
    expected = answer.most;
    const before = await cpuOf(pid);
    for (let count = 0; count < TIMES_A_ROUND; count += 1) {
      const startedMs = performance.now();
      const [prediction] = (await ask()).predictions;
      http.push(performance.now() - startedMs);
      inModel.push(prediction.latencyMs);
      most = prediction.classes[0].confidence;
    }
    const after = await cpuOf(pid);
    for (const [at, ms] of after.entries()) cpuMs[at] += ms - before[at];
  }
  if (Math.abs(most - expected) > 1e-2) throw new Error(`the answers differ: ${most} and ${expected}`);
  const [apiMs, modelsMs] = cpuMs.map((ms) => ms / http.length);
  return { http: figuresOf(http), python: figuresOf(peer), inModel: figuresOf(inModel), cpu: { apiMs, modelsMs } };
}

/** How long the api was on a processor by now, and the processes of its models together; nothing where there is no /proc. */
async function cpuOf(pid) {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8')));
  const of = async (one) => {
    const stat = await readFile(`/proc/${one}/stat`, 'utf8').catch(() => '');
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    return (user + system) * MS_A_TICK;
  };
  const models = await Promise.all(children.join(' ').split(' ').filter(Boolean).map(of));
  return [await of(pid), models.reduce((sum, ms) => sum + ms, 0)];
}

function figuresOf(took) {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
  return { leastMs: at(0), p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function register(mallo, name, onnx) {
  const headers = {
    ...mallo.headers,
    'tus-resumable': '1.0.0',
    'upload-length': String(onnx.length),
    'content-type': 'application/offset+octet-stream',
  };
  const at = `http://127.0.0.1:${mallo.port}`;
  const uploaded = await fetch(`${at}/api/v1/uploads`, { method: 'POST', headers, body: onnx });
  if (!uploaded.ok) throw new Error(`uploading: ${uploaded.status} ${await uploaded.text()}`);
  const uploadId = uploaded.headers.get('location').split('/').at(-1);
  const answer = await fetch(`${at}/api/v1/projects/${mallo.projectId}/models/register`, {
    method: 'POST',
    headers: { ...mallo.headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      name,
      bump: 'minor',
      files: [{ uploadId, name: 'model.onnx' }],
      framework: 'timm',
      architecture: name,
      taskType: 'classification',
      classNames: Array.from({ length: 1000 }, (_, index) => `class ${index}`),
      key: `benchmark-${name}`,
    }),
  });
  if (!answer.ok) throw new Error(`registering: ${answer.status} ${await answer.text()}`);
}

/** As an HTTP client with a connection that it keeps. */
async function post({ port, headers }, agent, model, body, query) {
  const path = `/api/v1/models/${model}/latest/predict${query}`;
  const asked = request({ host: '127.0.0.1', port, path, agent, method: 'POST', headers });
  asked.setHeader('content-type', 'application/octet-stream');
  asked.setHeader('content-length', body.length);
  asked.end(body);
  const [answer] = await once(asked, 'response');
  const text = (await buffer(answer)).toString();
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
  return JSON.parse(text);
}

function startPeer(python, folder, env) {
  const child = spawn(python, [here('peer.py'), folder], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (asked) => {
      child.stdin.write(`${JSON.stringify(asked)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('the Python process ended');
      return JSON.parse(value);
    },
    stop: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
