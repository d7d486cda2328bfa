import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { type DatasetProblem, MalloError } from '@mallo/contracts';
import pMap from 'p-map';
import type { Entry, ZipFile } from 'yauzl';
import { readImageSize } from '../images/open-image.js';
import type { Planned } from './arrange.js';
import type { ManifestImage } from './manifest.js';

/** sharp decodes in as many threads. */
const AT_ONCE = 4;
/** Each image is held in memory while it is checked. */
const FILE_LIMIT_BYTES = 256_000_000;

export type Unpacked = { images: ManifestImage[]; problems: DatasetProblem[] };

/** What went wrong with the disk rather than with the file in the zip. */
function isOfTheDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The bytes of one entry. @throws Error where they are not what the zip says of them */
async function inflate(zip: ZipFile, entry: Entry): Promise<Buffer> {
  if (entry.uncompressedSize > FILE_LIMIT_BYTES) throw new Error('the file is too large for an image');
  // The zip reader sees to it that no more bytes come than the entry says.
  const bytes = await buffer(await zip.openReadStreamPromise(entry));
  if (crc32(bytes) !== entry.crc32) throw new Error('the check sum of the file does not agree');
  return bytes;
}

/**
 * Unpacks one image to its place; null when it is damaged or no image.
 * @throws MalloError dataset.not_a_zip; errors of the disk as they come
 */
async function unpackOne(zip: ZipFile, image: Planned<Entry>, folder: string): Promise<ManifestImage | null> {
  const bytes = await inflate(zip, image.source).catch((error: unknown) => {
    if (isOfTheDisk(error)) throw error;
    // More bytes than the zip says: it lies about its sizes to get past the limit.
    if (error instanceof Error && error.message.startsWith('too many bytes')) {
      throw new MalloError('dataset.not_a_zip', {}, { cause: error });
    }
    return null;
  });
  const size = bytes && (await readImageSize(bytes));
  if (!size) return null;
  const path = `${image.className}/${image.fileName}`;
  await writeFile(join(folder, path), bytes, { flag: 'wx', flush: true });
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length, ...size };
}

/**
 * Unpacks images into one folder a class, each decoded once to be sure that it can be. Damaged ones are left out
 * and named; equal ones are kept and named.
 * @throws MalloError dataset.not_a_zip; errors of the disk as they come
 */
export async function unpack(zip: ZipFile, planned: Planned<Entry>[], folder: string): Promise<Unpacked> {
  for (const className of new Set(planned.map((image) => image.className))) {
    await mkdir(join(folder, className), { recursive: true });
  }
  // The first failure stops the others, so that nobody writes into the folder while it is removed.
  const stop = new AbortController();
  const results = await pMap(
    planned,
    async (image) => {
      if (stop.signal.aborted) return null;
      try {
        return await unpackOne(zip, image, folder);
      } catch (error) {
        stop.abort(error);
        return null;
      }
    },
    { concurrency: AT_ONCE },
  );
  stop.signal.throwIfAborted();

  const images: ManifestImage[] = [];
  const problems: DatasetProblem[] = [];
  const seen = new Map<string, string>();
  results.forEach((image, at) => {
    const path = planned[at]?.path ?? '';
    if (!image) {
      problems.push({ kind: 'corrupt_image', path });
      return;
    }
    const other = seen.get(image.sha256);
    if (other === undefined) seen.set(image.sha256, path);
    else problems.push({ kind: 'duplicate', path, other });
    images.push(image);
  });
  return { images, problems };
}
