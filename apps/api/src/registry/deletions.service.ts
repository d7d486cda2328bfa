import { type DeletedVersion, MalloError, type ModelVersion } from '@mallo/contracts';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { ObjectStore } from '../objects/object-store.js';
import { ProjectsService } from '../projects/projects.service.js';
import { LOG } from '../settings.js';
import { DeletionsRepository } from './deletions.repository.js';
import { RegistryService } from './registry.service.js';

const LOOK_EVERY_MS = 6 * 60 * 60 * 1000;

/** Deleting versions, taking that back, and freeing what they held. */
@Injectable()
export class DeletionsService implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly deletions: DeletionsRepository,
    private readonly registry: RegistryService,
    private readonly projects: ProjectsService,
    private readonly objects: ObjectStore,
  ) {}

  onModuleInit(): void {
    const look = () => {
      this.purgeExpired(new Date()).catch((error: unknown) =>
        this.log.warn({ err: error }, 'versions were not purged'),
      );
    };
    look();
    this.timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @throws MalloError model.not_found, model.version_aliased */
  async remove(userId: string, modelId: string, version: string): Promise<DeletedVersion> {
    await this.registry.checkOwner(userId, modelId);
    const removed = await this.deletions.remove({ modelId, version });
    if (!removed) throw new MalloError('model.not_found');
    if ('aliases' in removed) {
      throw new MalloError('model.version_aliased', { version, aliases: removed.aliases.join(', @') });
    }
    return removed;
  }

  /** @throws MalloError model.not_found when there is nothing to restore */
  async restore(userId: string, modelId: string, version: string): Promise<ModelVersion> {
    await this.registry.checkOwner(userId, modelId);
    if (!(await this.deletions.restore({ modelId, version }))) throw new MalloError('model.not_found');
    return this.registry.version(userId, modelId, version);
  }

  /** @throws MalloError model.not_found */
  async deprecate(userId: string, modelId: string, version: string, deprecation: string | null): Promise<ModelVersion> {
    await this.registry.version(userId, modelId, version);
    await this.deletions.deprecate({ modelId, version }, deprecation);
    return this.registry.version(userId, modelId, version);
  }

  /** Frees the bytes of a deleted version. @throws MalloError model.not_found when it is not deleted */
  async purge(userId: string, modelId: string, version: string): Promise<{ freedBytes: number }> {
    await this.registry.checkOwner(userId, modelId);
    const freedBytes = await this.free(modelId, version);
    if (freedBytes === null) throw new MalloError('model.not_found');
    return { freedBytes };
  }

  /** @throws MalloError project.not_found */
  async storage(
    userId: string,
    projectId: string,
  ): Promise<{ heldBytes: number; freeableBytes: number; deleted: DeletedVersion[] }> {
    await this.projects.checkOwner(userId, projectId);
    const [heldBytes, deleted] = await Promise.all([
      this.deletions.heldBytes(projectId),
      this.deletions.deleted(projectId),
    ]);
    return { heldBytes, ...deleted };
  }

  /** Frees what could be restored until `now`. */
  async purgeExpired(now: Date): Promise<void> {
    for (const { modelId, version } of await this.deletions.expired(now)) {
      const freedBytes = await this.free(modelId, version);
      this.log.info({ modelId, version, freedBytes }, 'a deleted version was purged');
    }
  }

  /** Should we die before the files are gone, the next start removes what nothing refers to. */
  private async free(modelId: string, version: string): Promise<number | null> {
    const files = await this.deletions.purge({ modelId, version });
    if (!files) return null;
    let freedBytes = 0;
    for (const { sha256, sizeBytes } of files) {
      if (await this.objects.remove(sha256)) freedBytes += sizeBytes;
    }
    return freedBytes;
  }
}
