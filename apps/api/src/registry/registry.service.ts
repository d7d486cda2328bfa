import type { Readable } from 'node:stream';
import {
  type Artifact,
  MalloError,
  type ModelRef,
  type ModelVersion,
  type RegisteredModel,
  type VersionBump,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../objects/object-store.js';
import { ProjectsService } from '../projects/projects.service.js';
import { type Registration, RegistrationsRepository } from './registrations.repository.js';
import { RegistryRepository } from './registry.repository.js';
import { partsOf, versionMeant } from './version-ref.js';

/** Models with their versions, which never change, and the files of each. */
@Injectable()
export class RegistryService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly registry: RegistryRepository,
    private readonly registrations: RegistrationsRepository,
    private readonly store: ObjectStore,
  ) {}

  /** @throws MalloError project.not_found */
  async list(userId: string, projectId: string): Promise<RegisteredModel[]> {
    await this.projects.get(userId, projectId);
    return this.registry.list(projectId);
  }

  /** @throws MalloError model.not_found, also when it is someone else's */
  async get(userId: string, modelId: string): Promise<RegisteredModel> {
    const model = await this.registry.get(userId, modelId);
    if (!model) throw new MalloError('model.not_found');
    return model;
  }

  /** @throws MalloError model.not_found */
  async version(userId: string, modelId: string, version: string): Promise<ModelVersion> {
    const found = await this.registry.version(userId, modelId, version);
    if (!found) throw new MalloError('model.not_found');
    return found;
  }

  /**
   * The version that a `mallo://models/…` URI means now.
   * @throws MalloError model.not_found, model.ambiguous when more than one project has a model of that name
   */
  async resolve(userId: string, uri: string, projectId?: string): Promise<ModelVersion> {
    const { name, ref } = partsOf(uri);
    const models = (await this.registry.named(userId, name)).filter(
      (model) => !projectId || model.projectId === projectId,
    );
    const [model] = models;
    if (!model) throw new MalloError('model.not_found');
    if (models.length > 1) {
      throw new MalloError('model.ambiguous', { name, projects: models.map((found) => found.projectId).join(', ') });
    }
    const version = versionMeant(model, ref);
    if (!version) throw new MalloError('model.not_found');
    return this.version(userId, model.id, version.version);
  }

  /** What comes next for a model of that name, which there may not be yet. @throws MalloError project.not_found */
  async nextVersions(userId: string, projectId: string, name: string): Promise<Record<VersionBump, string>> {
    await this.projects.get(userId, projectId);
    return this.registrations.nextVersions(projectId, name);
  }

  /** Adds the model version that a run made; a repeat answers the same version. */
  registerRun(input: Registration): Promise<ModelRef> {
    return this.registrations.registerRun(input);
  }

  /** @throws MalloError model.artifact_missing when the version has no such file */
  artifactOf(version: ModelVersion, name: string): Artifact {
    const artifact = version.artifacts.find((candidate) => candidate.name === name);
    if (!artifact) throw new MalloError('model.artifact_missing', { path: name });
    return artifact;
  }

  /**
   * A file for reading, or its bytes from `start` to `end` (both inclusive), its SHA-256 checked.
   * @throws MalloError model.artifact_missing when it is gone or was altered
   */
  async openArtifact({ name, sha256 }: Artifact, range?: { start: number; end: number }): Promise<Readable> {
    const opened = await this.store.open(sha256, range);
    if (!opened) throw new MalloError('model.artifact_missing', { path: name });
    return opened.stream;
  }

  /**
   * The place of a version's file on this machine, its SHA-256 checked.
   * @throws MalloError model.not_found, model.artifact_missing
   */
  async artifactFile(version: ModelVersion, name: string): Promise<{ artifact: Artifact; path: string }> {
    const artifact = this.artifactOf(version, name);
    const path = await this.store.path(artifact.sha256);
    if (!path) throw new MalloError('model.artifact_missing', { path: name });
    return { artifact, path };
  }
}
