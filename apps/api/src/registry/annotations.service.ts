import { MalloError, type Notes, type TagChange } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { NotesRepository } from './notes.repository.js';
import { RegistryService } from './registry.service.js';
import { TagsRepository } from './tags.repository.js';

/** What is kept beside models and versions and may change: tags and notes. */
@Injectable()
export class AnnotationsService {
  constructor(
    private readonly tags: TagsRepository,
    private readonly notes: NotesRepository,
    private readonly registry: RegistryService,
  ) {}

  /** Sets and removes tags of a model. @throws MalloError model.not_found */
  async tag(userId: string, modelId: string, change: TagChange): Promise<void> {
    await this.registry.checkOwner(userId, modelId);
    await this.tags.changeModel(modelId, change);
  }

  /** Sets and removes tags of a version. @throws MalloError model.not_found */
  async tagVersion(userId: string, modelId: string, version: string, change: TagChange): Promise<void> {
    await this.registry.version(userId, modelId, version);
    await this.tags.changeVersion(modelId, version, change);
  }

  /**
   * Writes the notes of a version; `after` is the id of those that were read, null where there were none.
   * @throws MalloError model.not_found, request.conflict when others were written since
   */
  async writeNotes(
    userId: string,
    modelId: string,
    version: string,
    { text, after }: { text: string; after: string | null },
  ): Promise<void> {
    await this.registry.version(userId, modelId, version);
    const isWritten = await this.notes.write({ modelId, version }, userId, text, after);
    if (!isWritten) throw new MalloError('request.conflict');
  }

  /** The latest first. @throws MalloError model.not_found */
  async notesHistory(userId: string, modelId: string, version: string): Promise<Notes[]> {
    await this.registry.version(userId, modelId, version);
    return this.notes.history({ modelId, version });
  }
}
