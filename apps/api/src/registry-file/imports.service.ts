import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { MalloError, quoted, type RegistryImport, type RegistryModel } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Entry, ZipFile } from 'yauzl';
import { ObjectStore } from '../objects/object-store.js';
import { receive } from '../objects/receive.js';
import { ProjectsService } from '../projects/projects.service.js';
import { checked, kindOf } from '../registry/files/model-files.js';
import { SETTINGS, type Settings } from '../settings.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { readListing } from '../zips/zip-listing.js';
import { RegistryFileRepository } from './registry-file.repository.js';
import { readRegistry } from './registry-yaml.js';

const INDEX = 'registry.yaml';

type Version = RegistryModel['versions'][number];
type NamedFile = Version['files'][number];
/** A file of the zip that was unpacked and found to be what registry.yaml says. */
type Taken = { temporary: string; sha256: string; sizeBytes: number };

/** Takes over what `ExportsService` wrote: all of it, or nothing. */
@Injectable()
export class ImportsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly projects: ProjectsService,
    private readonly uploads: UploadsService,
    private readonly objects: ObjectStore,
    private readonly registry: RegistryFileRepository,
  ) {}

  /**
   * Reads an uploaded zip into a project without models; the same key again answers what it made. After a failure the
   * upload is still there.
   * @throws MalloError project.not_found, upload.not_found, upload.unfinished, registry.…, and those of `kindOf`
   */
  async import(userId: string, projectId: string, uploadId: string, key: string): Promise<RegistryImport> {
    await this.projects.checkOwner(userId, projectId);
    const before = await this.registry.imported(projectId, key);
    if (before) return before;
    await this.registry.checkEmpty(projectId);
    const { path } = await this.uploads.finished(userId, uploadId, 'registry.zip');
    const { zip, entries } = await this.open(path);
    const taken = new Map<string, Taken>();
    try {
      const models = () => this.models(zip, entries);
      const outcome = await this.takeAll(models(), zip, entries, taken);
      for (const { temporary, sha256 } of taken.values()) await this.objects.adopt(temporary, sha256);
      const made = await this.registry.write(projectId, key, models, outcome).catch(async (error: unknown) => {
        for (const { sha256 } of taken.values()) await this.objects.remove(sha256);
        throw error;
      });
      // Should we die before this, it expires.
      await this.uploads.remove(uploadId);
      return made;
    } finally {
      zip.close();
      for (const { temporary } of taken.values()) await rm(temporary, { force: true });
    }
  }

  /** The entries of the zip by their path, without the folder that all of it may be in. */
  private async open(path: string): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
    const { zip, files } = await readListing(path, this.settings.MALLO_UNPACKED_LIMIT_BYTES).catch((cause: unknown) => {
      if (!(cause instanceof MalloError) || cause.code !== 'dataset.not_a_zip') throw cause;
      throw new MalloError('model.file_mismatch', { file: 'registry.zip', expected: 'zip' }, { cause });
    });
    const indexes = files.filter(({ segments }) => segments.at(-1) === INDEX);
    const outermost = indexes.toSorted((one, other) => one.segments.length - other.segments.length)[0];
    if (!outermost) {
      zip.close();
      throw new MalloError('registry.file_missing', { path: INDEX });
    }
    const folders = outermost.segments.length - 1;
    const prefix = outermost.segments.slice(0, folders).join('/');
    const within = files.filter(({ segments }) => segments.slice(0, folders).join('/') === prefix);
    return { zip, entries: new Map(within.map(({ segments, source }) => [segments.slice(folders).join('/'), source])) };
  }

  private async *models(zip: ZipFile, entries: Map<string, Entry>): AsyncGenerator<RegistryModel> {
    const entry = entries.get(INDEX);
    if (!entry) throw new MalloError('registry.file_missing', { path: INDEX });
    try {
      yield* readRegistry(checked(await zip.openReadStreamPromise(entry), entry.crc32));
    } catch (cause) {
      if (cause instanceof MalloError || (cause instanceof Error && 'syscall' in cause)) throw cause;
      throw new MalloError('registry.unreadable', { problem: quoted(cause) }, { cause });
    }
  }

  /** Unpacks and checks every file that a version has; `taken` learns of each before it is there. */
  private async takeAll(
    models: AsyncIterable<RegistryModel>,
    zip: ZipFile,
    entries: Map<string, Entry>,
    taken: Map<string, Taken>,
  ): Promise<RegistryImport> {
    const outcome: RegistryImport = { models: 0, versions: 0, files: 0, sizeBytes: 0, idsKept: true };
    for await (const model of models) {
      outcome.models += 1;
      outcome.versions += model.versions.length;
      outcome.idsKept &&= !(await this.registry.someInUse(idsOf(model)));
      for (const { files } of model.versions) {
        outcome.files += files.length;
        for (const file of files) await this.take(file, zip, entries, taken);
        await checkKinds(files, taken);
      }
    }
    for (const { sizeBytes } of taken.values()) outcome.sizeBytes += sizeBytes;
    return outcome;
  }

  private async take(
    { path, sha256, sizeBytes }: NamedFile,
    zip: ZipFile,
    entries: Map<string, Entry>,
    taken: Map<string, Taken>,
  ): Promise<void> {
    const known = taken.get(path);
    const found = known ?? (await this.unpack(path, zip, entries, taken));
    if (found.sha256 !== sha256 || found.sizeBytes !== sizeBytes) {
      throw new MalloError('registry.file_altered', { path, found: found.sha256, expected: sha256 });
    }
  }

  private async unpack(
    path: string,
    zip: ZipFile,
    entries: Map<string, Entry>,
    taken: Map<string, Taken>,
  ): Promise<Taken> {
    const entry = entries.get(path);
    if (!entry || path === INDEX) throw new MalloError('registry.file_missing', { path });
    const file: Taken = { temporary: this.objects.temporaryPath(), sha256: '', sizeBytes: 0 };
    taken.set(path, file);
    try {
      const bytes = Readable.from(checked(await zip.openReadStreamPromise(entry), entry.crc32));
      return Object.assign(file, await receive(bytes, file.temporary, entry.uncompressedSize));
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) throw error;
      throw new MalloError('model.file_damaged', { file: path, detail: quoted(error) }, { cause: error });
    }
  }
}

/** A zip comes from anywhere: its models are looked at as closely as uploaded ones. */
async function checkKinds(files: NamedFile[], taken: Map<string, Taken>): Promise<void> {
  const names = new Set(files.map(({ name }) => name));
  for (const { name, path, sizeBytes, kind } of files) {
    const found = await kindOf({ name, path: taken.get(path)?.temporary ?? '', sizeBytes }, names);
    if (kind && kind !== found) throw new MalloError('model.file_mismatch', { file: path, expected: kind });
  }
}

function idsOf({ id, versions, aliasChanges, gateChanges }: RegistryModel): string[] {
  return [{ id }, ...versions, ...aliasChanges, ...gateChanges, ...versions.flatMap(({ notes }) => notes)].map(
    (one) => one.id,
  );
}
