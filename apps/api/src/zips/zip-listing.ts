import { byteSize } from '@mallo/client';
import { MalloError } from '@mallo/contracts';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { entryName, safeSegments } from './zip-names.js';

const FILES_LIMIT = 500_000;
/** Images and weights hardly shrink in a zip; what unpacks to more than this many times its size is neither. */
const RATIO_LIMIT = 100;
/** Up to this size a zip may unpack at any ratio: a few blank pictures do no harm. */
const HARMLESS_BYTES = 1_000_000_000;
const FILE_KIND = 0o170000;
const REGULAR_FILE = 0o100000;
const FOLDER = 0o040000;

/** A file of a zip: the folders it is in and its name, and whatever leads to its bytes. */
export type Found<Source> = { segments: string[]; source: Source };

export type Listing = { zip: ZipFile; files: Found<Entry>[]; folders: string[][] };

function notAZip(cause: unknown): MalloError {
  return new MalloError('dataset.not_a_zip', {}, { cause });
}

/** Links, devices and pipes could lead out of the folder that a zip is unpacked in. */
function refuseSpecial(entry: Entry, name: string): void {
  const kind = (entry.externalFileAttributes >>> 16) & FILE_KIND;
  if (kind !== 0 && kind !== REGULAR_FILE && kind !== FOLDER)
    throw new MalloError('dataset.special_file', { path: name });
}

async function readEntries(zip: ZipFile, limitBytes: number): Promise<Omit<Listing, 'zip'>> {
  const files: Found<Entry>[] = [];
  const folders: string[][] = [];
  let unpackedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entryName(entry);
    const segments = safeSegments(name);
    refuseSpecial(entry, name);
    if (entry.isEncrypted()) throw new MalloError('dataset.encrypted');
    if (name.endsWith('/')) folders.push(segments);
    else if (segments.length === 0) throw new MalloError('dataset.unnamed_file');
    else files.push({ segments, source: entry });
    unpackedBytes += entry.uncompressedSize;
    if (files.length > FILES_LIMIT) {
      throw new MalloError('dataset.too_many_files', { count: zip.entryCount, limit: FILES_LIMIT });
    }
  }
  if (unpackedBytes > limitBytes) {
    throw new MalloError('dataset.zip_bomb', { size: byteSize(unpackedBytes), limit: byteSize(limitBytes) });
  }
  return { files, folders };
}

/**
 * Opens a zip and reads the names in it, all of them checked before anything is unpacked. Close `zip` afterwards.
 * @throws MalloError dataset.not_a_zip, dataset.encrypted, dataset.unsafe_path, dataset.special_file,
 * dataset.unnamed_file, dataset.zip_bomb, dataset.too_many_files
 */
export async function readListing(path: string, unpackedLimitBytes: number): Promise<Listing> {
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false }).catch((error: unknown) => {
    throw notAZip(error);
  });
  try {
    const limitBytes = Math.min(unpackedLimitBytes, Math.max(HARMLESS_BYTES, zip.fileSize * RATIO_LIMIT));
    return { zip, ...(await readEntries(zip, limitBytes)) };
  } catch (error) {
    zip.close();
    throw error instanceof MalloError ? error : notAZip(error);
  }
}
