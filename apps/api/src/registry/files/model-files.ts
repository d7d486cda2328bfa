import { rm } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path/posix';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Artifact, type FileKind, MalloError, quoted } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { Entry, ZipFile } from 'yauzl';
import { readSafetensors } from '../../model-files/safetensors-file.js';
import { fileSha256, ObjectStore } from '../../objects/object-store.js';
import { receive } from '../../objects/receive.js';
import { readListing } from '../../zips/zip-listing.js';
import { isLeftBehind } from '../../zips/zip-names.js';
import { checkOnnx } from './onnx-file.js';
import { pytorchKind } from './pytorch-file.js';

const FILES_LIMIT = 1_000;
const NAME_LENGTH = 200;

/** A file as it came, under the name it is to have. */
export type Incoming = { name: string; path: string; sizeBytes: number };
type Unpacked = Incoming & { sha256?: string };

/** The files of a model on their way into the registry: unpacked, checked against what they claim to be, hashed. */
@Injectable()
export class ModelFiles {
  constructor(private readonly store: ObjectStore) {}

  /**
   * Takes files over into the object store, after all of them were found right. Until a version refers to them they
   * may be removed again with `drop`. The files as they came stay.
   * @throws MalloError model.file_…, model.external_data, model.custom_operators, dataset.… where a zip is wrong
   */
  async take(incoming: Incoming[], unpackedLimitBytes: number): Promise<Artifact[]> {
    const temporary: string[] = [];
    try {
      const files: Unpacked[] = [];
      for (const file of incoming) {
        if (file.sizeBytes === 0) throw new MalloError('model.file_empty', { file: file.name });
        if (extname(file.name).toLowerCase() !== '.zip') files.push(file);
        else files.push(...(await this.unpack(file, unpackedLimitBytes, temporary)));
      }
      const kinds = await kindsOf(files);
      const artifacts: Artifact[] = [];
      for (const [at, { name, path, sizeBytes, sha256 }] of files.entries()) {
        artifacts.push({ name, sizeBytes, sha256: sha256 ?? (await fileSha256(path)), kind: kinds[at] });
      }
      for (const [at, { sha256 }] of artifacts.entries()) await this.store.adopt(files[at]?.path ?? '', sha256);
      return artifacts;
    } finally {
      for (const path of temporary) await rm(path, { force: true });
    }
  }

  /** Lets go of files that no version came to refer to. */
  async drop(artifacts: Artifact[]): Promise<void> {
    for (const { sha256 } of artifacts) await this.store.remove(sha256);
  }

  /** What each of some kept files is; one that is not what its name says is another file. */
  async kindsOfKept(files: Omit<Artifact, 'kind'>[]): Promise<Artifact[]> {
    const names = new Set(files.map(({ name }) => name));
    const found: Artifact[] = [];
    for (const file of files) {
      const path = isModelFile(file.name) ? await this.store.path(file.sha256) : null;
      const kind = path === null ? 'other' : await kindOf({ ...file, path }, names).catch(otherwise);
      found.push({ name: file.name, sha256: file.sha256, sizeBytes: file.sizeBytes, kind });
    }
    return found;
  }

  /** Unpacks a zip into temporary files; `temporary` learns of each before it is there. */
  private async unpack(archive: Incoming, limitBytes: number, temporary: string[]): Promise<Unpacked[]> {
    const { zip, files } = await readListing(archive.path, limitBytes).catch((error: unknown) => {
      if (!(error instanceof MalloError) || error.code !== 'dataset.not_a_zip') throw error;
      throw new MalloError('model.file_mismatch', { file: archive.name, expected: 'zip' }, { cause: error });
    });
    try {
      const meant = files.filter(({ segments }) => !isLeftBehind(segments));
      if (meant.length > FILES_LIMIT) {
        throw new MalloError('dataset.too_many_files', { count: meant.length, limit: FILES_LIMIT });
      }
      const folders = commonFolders(meant.map(({ segments }) => segments));
      const unpacked: Unpacked[] = [];
      for (const { segments, source } of meant) {
        const name = segments.slice(folders).join('/');
        if (name.length > NAME_LENGTH) {
          throw new MalloError('model.file_name_long', { path: `${name.slice(0, 50)}…`, limit: NAME_LENGTH });
        }
        const path = this.store.temporaryPath();
        temporary.push(path);
        unpacked.push({ name, path, ...(await this.inflate(zip, source, path, name)) });
      }
      return unpacked;
    } finally {
      zip.close();
    }
  }

  private async inflate(zip: ZipFile, entry: Entry, path: string, name: string) {
    try {
      // The zip reader sees to it that no more bytes come than the entry says.
      const bytes = Readable.from(checked(await zip.openReadStreamPromise(entry), entry.crc32));
      return await receive(bytes, path, entry.uncompressedSize);
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) throw error;
      throw new MalloError('model.file_damaged', { file: name, detail: quoted(error) }, { cause: error });
    }
  }
}

/** Whether a name says that a model is in the file, so that it has to be looked into. */
function isModelFile(name: string): boolean {
  return /^\.(onnx|safetensors|pth?|torchscript)$/i.test(extname(name));
}

function otherwise(error: unknown): FileKind {
  if (error instanceof MalloError) return 'other';
  throw error;
}

/** The bytes of a zip entry, which end in an error when its check sum does not agree. */
export async function* checked(stream: Readable, expected: number): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of stream) {
    sum = crc32(chunk as Buffer, sum);
    yield chunk as Buffer;
  }
  if (sum !== expected) throw new Error('the check sum does not agree');
}

/** How many folders are around everything, and so say nothing. */
function commonFolders(files: string[][]): number {
  let depth = 0;
  while (files.length > 0 && files.every((file) => file.length > depth + 1 && file[depth] === files[0]?.[depth])) {
    depth += 1;
  }
  return depth;
}

/** What each file is. @throws MalloError model.file_names, and where one is not what its extension says */
async function kindsOf(files: Unpacked[]): Promise<FileKind[]> {
  const kinds: FileKind[] = [];
  const names = new Set<string>();
  for (const { name } of files) {
    if (names.has(name)) throw new MalloError('model.file_names', { file: name });
    names.add(name);
  }
  for (const file of files) kinds.push(await kindOf(file, names));
  if (!kinds.some((kind) => kind !== 'other')) {
    throw new MalloError('model.file_unsupported', { file: files[0]?.name ?? '' });
  }
  return kinds;
}

/**
 * What a file is, by what is in it; `names` are those of all files of its version, itself among them.
 * @throws MalloError model.file_empty, model.file_mismatch, model.file_damaged, model.external_data,
 * model.custom_operators
 */
export async function kindOf({ name, path, sizeBytes }: Incoming, names: Set<string>): Promise<FileKind> {
  const extension = extname(name).toLowerCase();
  if (!isModelFile(name)) return 'other';
  if (sizeBytes === 0) throw new MalloError('model.file_empty', { file: name });
  if (extension === '.onnx') {
    const folder = dirname(name);
    const beside = [...names].filter((one) => one !== name && dirname(one) === folder).map((one) => basename(one));
    await checkOnnx(path, sizeBytes, name, new Set(beside));
    return 'onnx';
  }
  if (extension === '.safetensors') {
    await readSafetensors(path, sizeBytes, name);
    return 'safetensors';
  }
  return pytorchKind(path, name);
}
