import { rm } from 'node:fs/promises';
import { newId } from '@mallo/backend';
import { type Dataset, MalloError, type SampleKind } from '@mallo/contracts';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { ObjectStore } from '../objects/object-store.js';
import { receive } from '../objects/receive.js';
import { ProjectsService } from '../projects/projects.service.js';
import { LOG, SETTINGS, type Settings } from '../settings.js';
import { DatasetFiles } from './dataset-files.js';
import { DatasetsRepository } from './datasets.repository.js';
import { makeSample } from './sample-maker.js';

/** Datasets: a project's images by class. */
@Injectable()
export class DatasetsService implements OnModuleInit {
  private readonly startedMs = Date.now();
  /** Samples in the making, by project and kind: a second click waits for the first. */
  private readonly samples = new Map<string, Promise<Dataset>>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOG) private readonly log: Logger,
    private readonly projects: ProjectsService,
    private readonly datasets: DatasetsRepository,
    private readonly files: DatasetFiles,
    private readonly store: ObjectStore,
  ) {}

  /** Removes what a crash left: files that no row knows, and those of deleted datasets. */
  async onModuleInit(): Promise<void> {
    const onDisk = await this.files.olderThan(this.startedMs);
    const kept = await this.datasets.existing(onDisk);
    for (const versionId of onDisk.filter((id) => !kept.has(id))) {
      this.log.info({ versionId }, 'removing the files of a dataset that does not exist');
      await this.files.remove(versionId);
    }
  }

  /** @throws MalloError project.not_found */
  async list(userId: string, projectId: string): Promise<Dataset[]> {
    await this.projects.get(userId, projectId);
    return this.datasets.list(projectId);
  }

  /** @throws MalloError dataset.not_found, also when it is someone else's */
  async get(userId: string, datasetId: string): Promise<Dataset> {
    const dataset = await this.datasets.get(userId, datasetId);
    if (!dataset) throw new MalloError('dataset.not_found');
    return dataset;
  }

  /**
   * Takes a zip of one folder a class. After a failure nothing is left, neither rows nor files.
   * @throws MalloError project.not_found, dataset.name_taken, request.too_large, and those of `DatasetFiles.prepare`
   */
  async upload(userId: string, projectId: string, name: string, body: NodeJS.ReadableStream): Promise<Dataset> {
    await this.projects.get(userId, projectId);
    // Said before a long upload; the database says it again for two at once.
    if (await this.datasets.named(projectId, name)) throw new MalloError('dataset.name_taken', { name });
    const zipPath = this.store.temporaryPath();
    try {
      await receive(body, zipPath, this.settings.MALLO_UPLOAD_LIMIT_BYTES);
      return await this.take(projectId, name, zipPath);
    } finally {
      await rm(zipPath, { force: true });
    }
  }

  /**
   * Makes a sample dataset, or answers the one of that name that is there already.
   * @throws MalloError project.not_found, training.python_missing, sample.failed
   */
  async createSample(userId: string, projectId: string, kind: SampleKind): Promise<Dataset> {
    await this.projects.get(userId, projectId);
    const key = `${projectId} ${kind}`;
    const begun = this.samples.get(key) ?? this.makeSample(projectId, kind);
    this.samples.set(key, begun);
    try {
      return await begun;
    } finally {
      this.samples.delete(key);
    }
  }

  /**
   * Deletes a dataset and frees its bytes.
   * @throws MalloError dataset.not_found, dataset.in_use while a training uses it
   */
  async remove(userId: string, datasetId: string): Promise<void> {
    for (const versionId of await this.datasets.remove(userId, datasetId)) await this.files.remove(versionId);
  }

  /** The absolute path of a version's images, one folder a class. */
  folderOf(versionId: string): string {
    return this.files.images(versionId);
  }

  /**
   * Checks every file of a version against its manifest (size and SHA-256).
   * @throws MalloError dataset.file_missing with the path, dataset.not_found; the signal's reason when aborted
   */
  async verify(versionId: string, signal?: AbortSignal): Promise<void> {
    await this.files.verify(versionId, await this.sha256Of(versionId), signal);
  }

  /**
   * The digest that names a version's content, also of a deleted one.
   * @throws MalloError dataset.not_found
   */
  async sha256Of(versionId: string): Promise<string> {
    const sha256 = await this.datasets.sha256Of(versionId);
    if (!sha256) throw new MalloError('dataset.not_found');
    return sha256;
  }

  /** The name and digest of a version of a dataset of this project. @throws MalloError dataset.not_found */
  async ofProject(projectId: string, versionId: string): Promise<{ name: string; sha256: string }> {
    const found = await this.datasets.ofProject(projectId, versionId);
    if (!found) throw new MalloError('dataset.not_found');
    return found;
  }

  private async makeSample(projectId: string, kind: SampleKind): Promise<Dataset> {
    const there = await this.datasets.named(projectId, kind);
    if (there) return there;
    const zipPath = `${this.store.temporaryPath()}.zip`;
    try {
      await makeSample(this.settings.TRAINER_FOLDER, kind, zipPath);
      return await this.take(projectId, kind, zipPath);
    } finally {
      await rm(zipPath, { force: true });
    }
  }

  /** Unpacks, puts in place, then makes it known; a crash in between leaves files that the next start removes. */
  private async take(projectId: string, name: string, zipPath: string): Promise<Dataset> {
    const prepared = await this.files.prepare(zipPath, this.settings.MALLO_UNPACKED_LIMIT_BYTES);
    const versionId = newId('dsv');
    try {
      await this.files.publish(prepared, versionId);
      return await this.datasets.create(projectId, name, versionId, prepared.summary);
    } catch (error) {
      await rm(prepared.folder, { recursive: true, force: true });
      await this.files.remove(versionId);
      throw error;
    }
  }
}
