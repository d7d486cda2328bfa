import type { ModelRegistration, ModelVersion } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ProjectsService } from '../projects/projects.service.js';
import { SETTINGS, type Settings } from '../settings.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { type Incoming, ModelFiles } from './files/model-files.js';
import { RegistrationsRepository } from './registrations.repository.js';
import { RegistryRepository } from './registry.repository.js';
import { RegistryService } from './registry.service.js';

/** Makes versions of models from files that were uploaded. */
@Injectable()
export class RegistrationsService {
  /** Registrations under way, by their key: a repeat waits for the first. */
  private readonly begun = new Map<string, Promise<ModelVersion>>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly projects: ProjectsService,
    private readonly uploads: UploadsService,
    private readonly files: ModelFiles,
    private readonly registrations: RegistrationsRepository,
    private readonly models: RegistryRepository,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Registers the next version of a model; the same key again answers the same version. After a failure there is no
   * version, and the uploads are still there to be registered in another way.
   * @throws MalloError project.not_found, upload.not_found, upload.unfinished, model.task_differs, and those of
   * `ModelFiles.take`
   */
  async register(userId: string, projectId: string, wish: ModelRegistration): Promise<ModelVersion> {
    await this.projects.get(userId, projectId);
    const place = JSON.stringify([projectId, wish.name, wish.key]);
    const begun = this.begun.get(place) ?? this.registerOnce(userId, projectId, wish);
    this.begun.set(place, begun);
    try {
      return await begun;
    } finally {
      this.begun.delete(place);
    }
  }

  private async registerOnce(
    userId: string,
    projectId: string,
    { files, ...said }: ModelRegistration,
  ): Promise<ModelVersion> {
    const there = await this.models.registeredBy(projectId, said.name, said.key);
    if (there) return there;
    const incoming: Incoming[] = [];
    for (const { uploadId, name } of files) {
      incoming.push({ name, ...(await this.uploads.finished(userId, uploadId, name)) });
    }
    const artifacts = await this.files.take(incoming, this.settings.MALLO_UNPACKED_LIMIT_BYTES);
    const made = await this.registrations
      .registerUpload(userId, { ...said, projectId, artifacts })
      .catch(async (error: unknown) => {
        await this.files.drop(artifacts);
        throw error;
      });
    // Should we die before this, they expire.
    for (const { uploadId } of files) await this.uploads.remove(uploadId);
    return this.registry.version(userId, made.modelId, made.version);
  }
}
