import type { Readable } from 'node:stream';
import { type Artifact, MalloError, type ModelRef, type ModelVersion, type RegisteredModel } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../objects/object-store.js';
import { ProjectsService } from '../projects/projects.service.js';
import { type Registration, RegistryRepository } from './registry.repository.js';

/** Models with their versions, which never change, and the files of each. */
@Injectable()
export class RegistryService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly registry: RegistryRepository,
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

  /** Adds the model version that a run made; a repeat answers the same version. */
  registerRun(input: Registration): Promise<ModelRef> {
    return this.registry.register(input);
  }

  /**
   * A file of a version for reading, its SHA-256 checked.
   * @throws MalloError model.not_found, model.artifact_missing when it is gone or was altered
   */
  async openArtifact(version: ModelVersion, name: string): Promise<{ artifact: Artifact; stream: Readable }> {
    const artifact = artifactOf(version, name);
    const opened = await this.store.open(artifact.sha256);
    if (!opened) throw new MalloError('model.artifact_missing', { path: name });
    return { artifact, stream: opened.stream };
  }

  /**
   * The place of a version's file on this machine, its SHA-256 checked.
   * @throws MalloError model.not_found, model.artifact_missing
   */
  async artifactFile(version: ModelVersion, name: string): Promise<{ artifact: Artifact; path: string }> {
    const artifact = artifactOf(version, name);
    const path = await this.store.path(artifact.sha256);
    if (!path) throw new MalloError('model.artifact_missing', { path: name });
    return { artifact, path };
  }
}

function artifactOf(version: ModelVersion, name: string): Artifact {
  const artifact = version.artifacts.find((candidate) => candidate.name === name);
  if (!artifact) throw new MalloError('model.artifact_missing', { path: name });
  return artifact;
}
