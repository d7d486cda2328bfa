import type { Readable } from 'node:stream';
import type { Program } from '@mallo/backend';
import {
  type Artifact,
  type ArtifactPlace,
  inFolder,
  MalloError,
  MlflowError,
  type MlflowFileInfo,
  pathOf,
  runOf,
} from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { RunsService } from '../../experiments/runs.service.js';
import type { ByteRange } from '../../objects/file-answer.js';
import { type Blob, ObjectStore } from '../../objects/object-store.js';
import { RegistryService } from '../../registry/registry.service.js';
import { SETTINGS, type Settings } from '../../settings.js';
import { ArtifactsRepository, type LoggedFile, type NamedBlob } from './artifacts.repository.js';
import { ChangedFiles } from './changed-files.js';

/** Where the files of registered versions are found: `registry/MODEL/VERSION/artifacts`. They never change. */
const OF_VERSION = /^registry\/(mdl_\w+)\/(\d+\.\d+\.\d+)\/artifacts$/;

/** The artifact root of a registered version. */
export function versionRoot(modelId: string, version: string): string {
  return `registry/${modelId}/${version}/artifacts`;
}

const noSuch = (place: ArtifactPlace) =>
  new MlflowError('RESOURCE_DOES_NOT_EXIST', `No such artifact: '${pathOf(place)}'`);

/**
 * A project's artifacts as MLflow's clients see them: what programs logged, and beside it, to be read only, the files of
 * Mallo's own trainings and of registered versions.
 */
@Injectable()
export class ArtifactsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly artifacts: ArtifactsRepository,
    private readonly objects: ObjectStore,
    private readonly runs: RunsService,
    private readonly registry: RegistryService,
    private readonly changedFiles: ChangedFiles,
  ) {}

  /** What is right under a folder; of what is no folder nothing. */
  async list(caller: Program, place: ArtifactPlace): Promise<MlflowFileInfo[]> {
    const own = childrenOf(filesUnder(await this.ownFiles(caller, place), place.path));
    const logged = OF_VERSION.test(place.root) ? [] : await this.artifacts.list(caller.projectId, place);
    // A logged file hides the training's of the same name, as it does when it is downloaded.
    const all = new Map([...own, ...logged].map((entry) => [entry.path, entry]));
    return [...all.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST, or INVALID_PARAMETER_VALUE where it is a folder */
  async find(caller: Program, place: ArtifactPlace): Promise<Blob> {
    const logged = await this.artifacts.find(caller.projectId, place);
    const file = logged ?? (await this.ownFiles(caller, place)).find(({ name }) => name === place.path);
    if (file) return file;
    if ((await this.list(caller, place)).length === 0) throw noSuch(place);
    const problem = `Artifact path refers to a directory, not a file: '${pathOf(place)}'`;
    throw new MlflowError('INVALID_PARAMETER_VALUE', problem);
  }

  /** Every file under a folder, by its path from there. */
  async under(caller: Program, place: ArtifactPlace): Promise<NamedBlob[]> {
    const own = filesUnder(await this.ownFiles(caller, place), place.path);
    const logged = await this.artifacts.under(caller.projectId, place);
    return [...new Map([...own, ...logged].map((file) => [file.name, file])).values()];
  }

  /** @throws MlflowError RESOURCE_DOES_NOT_EXIST when its bytes are gone or were altered */
  async open({ sha256 }: Blob, place: ArtifactPlace, range?: ByteRange): Promise<Readable> {
    const opened = await this.objects.open(sha256, range);
    if (!opened) throw noSuch(place);
    return opened.stream;
  }

  /**
   * Keeps a file in the place of what was there. When this returns it is on the disk; when it throws nothing changed.
   * @throws MlflowError INVALID_PARAMETER_VALUE, MalloError request.too_large, server.disk_full
   */
  async put(caller: Program, place: ArtifactPlace, bytes: NodeJS.ReadableStream): Promise<void> {
    this.checkWritable(place);
    const blob = await this.objects.put(bytes, { limitBytes: this.settings.MALLO_UPLOAD_LIMIT_BYTES });
    try {
      const before = await this.artifacts.put(caller.projectId, place, blob);
      this.changedFiles.changed(caller.projectId, place);
      if (before) await this.objects.remove(before);
    } catch (error) {
      await this.objects.remove(blob.sha256);
      throw error;
    }
  }

  /** Deletes a file, or a folder with all in it. Again changes nothing. @throws MlflowError INVALID_PARAMETER_VALUE */
  async remove(caller: Program, place: ArtifactPlace): Promise<void> {
    this.checkWritable(place);
    const removed = await this.artifacts.remove(caller.projectId, place);
    if (removed.length > 0) this.changedFiles.changed(caller.projectId, place);
    for (const { sha256 } of removed) await this.objects.remove(sha256);
  }

  /** The file that was logged in a place, since when. */
  logged(caller: Program, place: ArtifactPlace): Promise<LoggedFile | null> {
    return this.artifacts.find(caller.projectId, place);
  }

  /** @throws MlflowError INVALID_PARAMETER_VALUE of a place that is of no run or logged model */
  checkWritable(place: ArtifactPlace): void {
    if (place.root !== '' && !place.root.startsWith('registry/')) return;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Nothing is logged to '${pathOf(place)}'`);
  }

  /** The files that Mallo itself has under an artifact root. */
  private async ownFiles({ userId, projectId }: Program, place: ArtifactPlace): Promise<Artifact[]> {
    const [, modelId = '', version = ''] = OF_VERSION.exec(place.root) ?? [];
    if (modelId) {
      const found = await orNull(this.registry.version(userId, modelId, version));
      return found?.projectId === projectId ? found.artifacts : [];
    }
    const runId = runOf(place);
    return (runId && (await orNull(this.runs.left(userId, projectId, runId)))?.artifacts) || [];
  }
}

/** What is there, or null where it is said that there is no such thing. */
async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof MalloError && error.status === 404) return null;
    throw error;
  }
}

function filesUnder(files: Artifact[], folder: string): NamedBlob[] {
  const under = inFolder(folder);
  return files
    .filter(({ name }) => name.startsWith(under))
    .map(({ name, sha256, sizeBytes }) => ({ name: name.slice(under.length), sha256, sizeBytes }));
}

function childrenOf(files: NamedBlob[]): MlflowFileInfo[] {
  const children = files.map(({ name, sizeBytes }): MlflowFileInfo => {
    const [first = '', ...rest] = name.split('/');
    return rest.length > 0 ? { path: first, is_dir: true } : { path: first, is_dir: false, file_size: sizeBytes };
  });
  return [...new Map(children.map((child) => [child.path, child])).values()];
}
