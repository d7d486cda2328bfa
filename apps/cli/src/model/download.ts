import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, type Client, UnreachableError } from '@mallo/client';
import { type Artifact, type ModelVersion, registryRoutes } from '@mallo/contracts';
import { Refusal } from '../sentences.js';
import { words } from './words.js';

/** Between attempts that bring nothing; what brings bytes begins them anew. */
const PATIENCE_MS = [200, 1000, 3000, 10_000, 30_000];

type Progress = (name: string, doneBytes: number, sizeBytes: number) => void;

/**
 * Downloads the files of a version to a folder, each whole or not at all; those that are there already stay.
 * @returns their paths
 * @throws Refusal, ApiError, UnreachableError
 */
export async function downloadVersion(
  client: Client,
  version: ModelVersion,
  folder: string,
  onProgress: Progress,
): Promise<string[]> {
  try {
    return await downloadTo(folder, client, version, onProgress);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isTheDisks = !(error instanceof ApiError) && typeof code === 'string';
    throw isTheDisks ? new Refusal(words.notWritten(folder, code)) : error;
  }
}

async function downloadTo(
  wanted: string,
  client: Client,
  version: ModelVersion,
  onProgress: Progress,
): Promise<string[]> {
  await mkdir(wanted, { recursive: true });
  const folder = await realpath(wanted);
  const files = await Promise.all(
    version.artifacts.map(async (artifact) => ({ artifact, path: await placeOf(artifact, folder) })),
  );
  for (const { artifact, path } of files) {
    if ((await sha256Of(path)) !== artifact.sha256) await download(client, version, artifact, path, onProgress);
  }
  return files.map(({ path }) => path);
}

/** Where a file is to be, links in the folder followed. @throws Refusal when that is outside of the folder */
async function placeOf({ name }: Artifact, folder: string): Promise<string> {
  const path = name.includes('\0') ? folder : resolve(folder, name);
  for (const one of [path, await realPlaceOf(path)]) {
    const inside = relative(folder, one);
    if (!inside || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
      throw new Refusal(words.fileName(name, folder));
    }
  }
  return path;
}

/** A path with the links in it followed, as far as it is there. */
async function realPlaceOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null || dirname(path) === path) return real ?? path;
  return join(await realPlaceOf(dirname(path)), relative(dirname(path), path));
}

async function download(
  client: Client,
  version: ModelVersion,
  artifact: Artifact,
  path: string,
  onProgress: Progress,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.mallo-${randomUUID()}`);
  try {
    const file = await open(draft, 'wx');
    try {
      const sha256 = await write(client, version, artifact, file, onProgress);
      if (sha256 !== artifact.sha256) throw new Refusal(words.fileAltered(artifact.name));
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes what comes, as often as the connection is cut from where it was. @returns the SHA-256 of it */
async function write(
  client: Client,
  { modelId, version }: ModelVersion,
  { name, sizeBytes, sha256 }: Artifact,
  file: FileHandle,
  onProgress: Progress,
): Promise<string> {
  let hash: Hash = createHash('sha256');
  let [done, farthest, failures] = [0, 0, 0];
  while (done < sizeBytes) {
    try {
      const request = { params: { modelId, version, name } };
      const answer = await client.download(registryRoutes.artifact, request, {
        from: { byte: done, etag: `"${sha256}"` },
      });
      if (answer.status !== 206) {
        // All of it came, from its beginning.
        await file.truncate();
        [hash, done] = [createHash('sha256'), 0];
      }
      for await (const bytes of piecesOf(answer)) {
        hash.update(bytes);
        for (let at = 0; at < bytes.length; )
          at += (await file.write(bytes, at, bytes.length - at, done + at)).bytesWritten;
        done += bytes.length;
        onProgress(name, done, sizeBytes);
        // More than there is: it will not be what was registered.
        if (done > sizeBytes) break;
      }
    } catch (error) {
      const isMomentary =
        error instanceof UnreachableError || (error instanceof ApiError && [429, 502, 503, 504].includes(error.status));
      if (!isMomentary) throw error;
    }
    if (done >= sizeBytes) break;
    failures = done > farthest ? 0 : failures + 1;
    farthest = Math.max(farthest, done);
    const wait = PATIENCE_MS[Math.max(failures - 1, 0)];
    if (wait === undefined) throw new UnreachableError();
    await delay(wait);
  }
  return hash.digest('hex');
}

/** The bytes of an answer until it ends or is cut, which the missing bytes say too. */
async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const next = await reader?.read().catch(() => undefined);
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

/** Null when there is no such file. */
async function sha256Of(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(path), hash).then(
    () => hash.digest('hex'),
    () => null,
  );
}
