import { newId } from '@mallo/backend';
import { type AliasState, MalloError, type Stage, type Tags } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { inStage } from './alias-state.js';
import { AliasesRepository, PUT_ASIDE } from './aliases.repository.js';
import { ListedModelsRepository } from './listed-models.repository.js';
import { ListedVersionsRepository } from './listed-versions.repository.js';
import type { ListedModel, ListedVersion, ListingSearch } from './listing.js';
import type { ModelImport, ModelImported } from './model-import.js';
import { ModelImportsRepository } from './model-imports.repository.js';
import { ModelsRepository } from './models.repository.js';
import { type LoggedRegistration, RegistrationsRepository } from './registrations.repository.js';

/**
 * Models and versions by name and number, as programs speak of them: made without files, renamed, deleted as a whole,
 * moved between stages. The caller's project is known to be the caller's.
 */
@Injectable()
export class ModelsService {
  constructor(
    private readonly models: ModelsRepository,
    private readonly listed: ListedModelsRepository,
    private readonly versions: ListedVersionsRepository,
    private readonly aliases: AliasesRepository,
    private readonly registrations: RegistrationsRepository,
    private readonly imports: ModelImportsRepository,
  ) {}

  /** Null when there is no model of that name. */
  byName(projectId: string, name: string): Promise<ListedModel | null> {
    return this.listed.byName(projectId, name);
  }

  search(projectId: string, search: ListingSearch): Promise<ListedModel[]> {
    return this.listed.search(projectId, search);
  }

  searchVersions(projectId: string, search: ListingSearch): Promise<ListedVersion[]> {
    return this.versions.search(projectId, search);
  }

  /** Null when there is no version of that number, or it was deleted. */
  version(modelId: string, number: number): Promise<ListedVersion | null> {
    return this.versions.one(modelId, number);
  }

  /** The highest versions of models in each stage. */
  latest(modelIds: string[]): Promise<ListedVersion[]> {
    return this.versions.latest(modelIds);
  }

  /** @throws MalloError model.name_taken */
  create(projectId: string, name: string, description: string, tags: Tags): Promise<string> {
    return this.models.create(projectId, name, description, tags);
  }

  describe(modelId: string, description: string): Promise<void> {
    return this.models.describe(modelId, description);
  }

  /** @throws MalloError model.name_taken */
  rename(modelId: string, name: string): Promise<void> {
    return this.models.rename(modelId, name);
  }

  /** Deletes a model with all its versions, which can be restored for 30 days. */
  remove(userId: string, modelId: string): Promise<void> {
    return this.models.remove(modelId, userId, new Date());
  }

  /** Deletes a version and takes the aliases that point to it away. @throws MalloError model.not_found */
  async removeVersion(userId: string, modelId: string, version: string): Promise<void> {
    if (!(await this.models.removeVersion(modelId, version, userId))) throw new MalloError('model.not_found');
  }

  /** Registers the next version of a model for a program. @throws MalloError model.not_found when it is deleted already */
  async register(userId: string, said: LoggedRegistration): Promise<ListedVersion> {
    const { modelId, version } = await this.registrations.registerLogged(userId, said);
    const made = await this.versions.exact(modelId, version);
    if (!made) throw new MalloError('model.not_found');
    return made;
  }

  /** Which numbers versions of the model of a name have, deleted ones too. */
  numbersOf(projectId: string, name: string): Promise<Set<number>> {
    return this.imports.numbersOf(projectId, name);
  }

  /** Adds a model of another registry, or those of its versions that are not there; all of it or nothing. */
  import(userId: string, projectId: string, model: ModelImport): Promise<ModelImported> {
    return this.imports.write(userId, projectId, model);
  }

  /**
   * Brings a version into a stage, or with null out of all: to Production by @champion, to Staging by @candidate. With
   * `archivesOthers` what was in the stage is put aside, which in Production happens by itself.
   * @throws MalloError model.version_deprecated, model.gate_failed, model.gate_dataset_differs,
   * model.gate_dataset_unknown, model.gate_metric_missing
   */
  async moveTo(
    userId: string,
    modelId: string,
    version: ListedVersion,
    stage: Stage | null,
    archivesOthers: boolean,
  ): Promise<void> {
    const action = stage === null || stage === 'Archived' ? 'remove' : 'promote';
    const occasion = { key: newId('key'), action, userId, reason: stage ?? 'None', isDecided: true } as const;
    const deprecations: Record<string, string | null> = { [version.version]: stage === 'Archived' ? PUT_ASIDE : null };
    const staged = archivesOthers && stage === 'Staging' ? await this.versions.latest([modelId]) : [];
    for (const other of staged) {
      if (other.stage === 'Staging' && other.number !== version.number) deprecations[other.version] = PUT_ASIDE;
    }
    const next = (state: AliasState) => inStage(state, version.version, stage);
    await this.aliases.stage(modelId, occasion, next, deprecations);
  }
}
