// One large file, each way that it can go, and what the api's process holds meanwhile.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startPostgres } from '../registry/postgres.mjs';
import { startMallo } from '../registry/servers.mjs';

const PAGE_BYTES = 4096;
const WATCH_MS = 50;
const CHUNK = 1 << 20;

export async function measure({ api, node, env, sizeBytes }, tell) {
  const folder = await mkdtemp(join(tmpdir(), 'mallo-large-'));
  const postgres = await startPostgres();
  await postgres.create('mallo');
  const mallo = await startMallo({ api, node, env, url: postgres.urlOf('mallo') });
  const call = caller(mallo);
  const watched = async (what, work) => {
    const watch = watchMemory(mallo.pid);
    const begunMs = performance.now();
    const note = await work().finally(watch.stop);
    tell({ what, seconds: (performance.now() - begunMs) / 1000, ...(await watch.figures()), note });
  };
  try {
    const file = weights(sizeBytes);
    let uploadId;
    await watched('up, cut in the middle', async () => {
      uploadId = await begin(call, file.sizeBytes);
      const had = await sendFrom(mallo, call, uploadId, file, 0, Math.floor(file.sizeBytes / 2));
      const rest = await sendFrom(mallo, call, uploadId, file, had);
      return `went on from ${had} bytes, ${rest === file.sizeBytes ? 'all' : rest} arrived`;
    });
    let version;
    await watched('registered', async () => {
      version = await call.json('POST', `/api/v1/projects/${mallo.projectId}/models/register`, {
        ...{ name: 'large', bump: 'minor', framework: 'pytorch', architecture: 'resnet50', taskType: 'classification' },
        files: [{ uploadId, name: 'model.safetensors' }],
        key: 'large-file-1',
      });
      return same(version.artifacts[0].sha256, file.sha256);
    });
    const artifact = `/api/v1/models/${version.modelId}/versions/1.0.0/artifacts/model.safetensors`;
    await watched('down, cut in the middle', async () => {
      const hash = createHash('sha256');
      const had = await download(call, artifact, hash, 0, file.sizeBytes / 2);
      const rest = await download(call, artifact, hash, had);
      return `went on from ${had} bytes, ${had + rest} in all, ${same(hash.digest('hex'), file.sha256)}`;
    });
    const zip = join(folder, 'registry.zip');
    await watched('the registry out', async () => {
      const answer = await call.open('GET', `/api/v1/projects/${mallo.projectId}/registry-file`);
      await pipeline(answer, createWriteStream(zip));
      return `${(await stat(zip)).size} bytes`;
    });
    await watched('the registry in', async () => {
      const { size } = await stat(zip);
      const { id } = await call.json('POST', '/api/v1/projects', { name: 'Again' });
      const upload = await begin(call, size);
      await send(mallo, upload, createReadStream(zip, { highWaterMark: CHUNK }), 0, size);
      const made = await call.json('POST', `/api/v1/projects/${id}/registry-file`, {
        uploadId: upload,
        key: 'large-import-1',
      });
      const found = await call.json('GET', `/api/v1/models/resolve?uri=mallo://models/large&project=${id}`);
      return `${made.files} file, ${same(found.artifacts[0].sha256, file.sha256)}`;
    });
  } finally {
    await mallo.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const same = (one, other) => {
  if (one !== other) throw new Error(`SHA-256 ${one}, not ${other}`);
  return 'SHA-256 right';
};

/** A safetensors file of about that size, made as it is read: no two chunks are equal. */
function weights(sizeBytes) {
  const data = Math.floor(sizeBytes / 4) * 4;
  const header = JSON.stringify({ weight: { dtype: 'F32', shape: [data / 4], data_offsets: [0, data] } });
  const head = Buffer.alloc(8 + header.length);
  head.writeBigUInt64LE(BigInt(header.length));
  head.write(header, 8);
  const total = head.length + data;
  const noise = Buffer.alloc(CHUNK, 'what is stored need not mean anything; ');
  /** The bytes from `from` to `to`, in chunks. */
  const read = function* (from, to) {
    for (let at = from; at < to; ) {
      if (at < head.length) {
        yield head.subarray(at, Math.min(head.length, to));
        at = Math.min(head.length, to);
        continue;
      }
      const index = Math.floor((at - head.length) / CHUNK);
      const begin = (at - head.length) % CHUNK;
      const chunk = Buffer.from(noise);
      chunk.writeUInt32LE(index, 0);
      const part = chunk.subarray(begin, Math.min(CHUNK, begin + to - at));
      yield part;
      at += part.length;
    }
  };
  const hash = createHash('sha256');
  for (const chunk of read(0, total)) hash.update(chunk);
  return { sizeBytes: total, sha256: hash.digest('hex'), read };
}

function caller({ port, headers }) {
  const open = async (method, path, { body, more = {} } = {}) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...more } });
    asked.end(body);
    const [answer] = await once(asked, 'response');
    if (answer.statusCode >= 400) throw new Error(`${path}: ${answer.statusCode} ${await textOf(answer)}`);
    return answer;
  };
  const json = async (method, path, body) => {
    const more = body ? { 'content-type': 'application/json' } : {};
    return JSON.parse(await textOf(await open(method, path, { body: body && JSON.stringify(body), more })));
  };
  return { open, json };
}

async function textOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function begin(call, size) {
  const more = { 'tus-resumable': '1.0.0', 'upload-length': String(size) };
  const answer = await call.open('POST', '/api/v1/uploads', { more });
  answer.resume();
  return answer.headers.location.split('/').at(-1);
}

/** Sends from an offset, to `cutAt` only where that is given; answers how much the server then has. */
async function sendFrom(mallo, call, uploadId, file, offset, cutAt) {
  const chunks = Readable.from(file.read(offset, cutAt ?? file.sizeBytes));
  await send(mallo, uploadId, chunks, offset, file.sizeBytes, Boolean(cutAt));
  const head = await call.open('HEAD', `/api/v1/uploads/${uploadId}`, { more: { 'tus-resumable': '1.0.0' } });
  head.resume();
  return Number(head.headers['upload-offset']);
}

async function send({ port, headers }, uploadId, chunks, offset, size, isCut = false) {
  const asked = request({
    ...{ host: '127.0.0.1', port, method: 'PATCH', path: `/api/v1/uploads/${uploadId}` },
    headers: {
      ...headers,
      'tus-resumable': '1.0.0',
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
      'content-length': String(size - offset),
    },
  });
  const answered = once(asked, 'response').catch((error) => error);
  for await (const chunk of chunks) if (!asked.write(chunk)) await once(asked, 'drain');
  if (isCut) {
    asked.destroy();
    await answered;
    return;
  }
  asked.end();
  const [answer] = await answered;
  if (answer.statusCode >= 400) throw new Error(`sending: ${answer.statusCode} ${await textOf(answer)}`);
  answer.resume();
}

/** Reads from an offset until `cutAfter` bytes, or all; answers how many came. */
async function download(call, path, hash, offset, cutAfter = Number.POSITIVE_INFINITY) {
  const answer = await call.open('GET', path, { more: offset > 0 ? { range: `bytes=${offset}-` } : {} });
  let came = 0;
  for await (const chunk of answer) {
    hash.update(chunk);
    came += chunk.length;
    if (came >= cutAfter) break;
  }
  return came;
}

/** Looks at what a process holds in memory, until `stop` is called. */
function watchMemory(pid) {
  const now = async () => Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]) * PAGE_BYTES;
  const before = now();
  let most = 0;
  const look = async () => {
    most = Math.max(most, await now());
  };
  const timer = setInterval(() => void look(), WATCH_MS);
  return {
    stop: () => clearInterval(timer),
    figures: async () => {
      await look();
      return { before: await before, most };
    },
  };
}
