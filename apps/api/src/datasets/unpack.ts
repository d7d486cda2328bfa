import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type DatasetProblem, MalloError } from '@mallo/contracts';
import pMap from 'p-map';
import type { Entry, ZipFile } from 'yauzl';
import { readImageSize } from '../images/open-image.js';
import { receive, syncToDisk } from '../objects/receive.js';
import type { Planned } from './arrange.js';
import type { ManifestImage } from './manifest.js';

/** sharp decodes in as many threads. */
const AT_ONCE = 4;

export type Unpacked = { images: ManifestImage[]; problems: DatasetProblem[] };

/** What went wrong with the disk rather than with the file in the zip. */
function isOfTheDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The bytes of one entry; fails where they are not what the zip says of them. */
async function inflate(zip: ZipFile, entry: Entry, signal: AbortSignal): Promise<Transform> {
  const bytes = await zip.openReadStreamPromise(entry);
  let sum = 0;
  const checked = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush: (done) => done(sum === entry.crc32 ? null : new Error('the check sum of the file does not agree')),
    signal,
  });
  // Whichever ends first takes the other with it; its error comes to whoever reads.
  return pipeline(bytes, checked, () => undefined);
}

/** Unpacks one image to its place; null, with nothing left, when it is damaged or no image. */
async function unpackOne(
  zip: ZipFile,
  image: Planned<Entry>,
  folder: string,
  signal: AbortSignal,
): Promise<ManifestImage | null> {
  const place = join(folder, image.className, image.fileName);
  let bytes: Transform | undefined;
  try {
    bytes = await inflate(zip, image.source, signal);
    // How many there may be is seen to by the zip reader: as many as the entry says.
    const { sha256, sizeBytes } = await receive(bytes, place, Number.POSITIVE_INFINITY);
    const size = await readImageSize(place);
    if (size) {
      await syncToDisk(place);
      return { path: `${image.className}/${image.fileName}`, sha256, sizeBytes, ...size };
    }
  } catch (error) {
    signal.throwIfAborted();
    if (isOfTheDisk(error)) throw error;
    // More bytes than the zip says: it lies about its sizes to get past the limit.
    if (error instanceof Error && error.message.startsWith('too many bytes')) {
      throw new MalloError('dataset.not_a_zip', {}, { cause: error });
    }
  } finally {
    bytes?.destroy();
  }
  await rm(place, { force: true });
  return null;
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
        return await unpackOne(zip, image, folder, stop.signal);
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
