import type { Readable } from 'node:stream';
import {
  type Artifact,
  MalloError,
  type ModelPage,
  type ModelQuery,
  type ModelRef,
  type ModelVersion,
  type RegisteredModel,
  type VersionBump,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { ByteRange } from '../objects/file-answer.js';
import { ObjectStore } from '../objects/object-store.js';
import { ProjectsService } from '../projects/projects.service.js';
import { ModelFiles } from './files/model-files.js';
import { ModelSearchRepository } from './model-search.repository.js';
import { type Registration, RegistrationsRepository } from './registrations.repository.js';
import { RegistryRepository } from './registry.repository.js';
import { partsOf, type VersionWanted, wantedBy } from './version-ref.js';

/** More than anybody names in a sentence; whoever has more is served by the search. */
const MOST_MODELS = 500;

/**
 * Where a model of a name is looked for: in `project`, or in all of the person's, where `ownProject`, which the caller's token
 * stands for, goes before the others.
 */
export type Place = { project?: string | undefined; ownProject: string | null };

/** A version by what it is found again by. */
export function refOf({ modelId, modelName, version }: ModelVersion): ModelRef {
  return { modelId, name: modelName, version };
}

/** Models with their versions, which never change, and the files of each. */
@Injectable()
export class RegistryService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly registry: RegistryRepository,
    private readonly models: ModelSearchRepository,
    private readonly registrations: RegistrationsRepository,
    private readonly store: ObjectStore,
    private readonly files: ModelFiles,
  ) {}

  /** Finds models a page at a time. @throws MalloError project.not_found, request.invalid of a strange cursor */
  async search(userId: string, projectId: string, query: ModelQuery): Promise<ModelPage> {
    const page = await this.models.search(userId, projectId, query);
    // Of another's project nothing is found, and only then it is asked whose it is.
    if (page.models.length === 0) await this.projects.checkOwner(userId, projectId);
    return page;
  }

  /** The models that changed last, with their versions, for whoever reads them all. @throws MalloError project.not_found */
  async list(userId: string, projectId: string): Promise<RegisteredModel[]> {
    await this.projects.checkOwner(userId, projectId);
    return this.registry.list(projectId, MOST_MODELS);
  }

  /** @throws MalloError model.not_found, also when it is someone else's */
  async checkOwner(userId: string, modelId: string): Promise<void> {
    if (!(await this.registry.owns(userId, modelId))) throw new MalloError('model.not_found');
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
   * @throws MalloError model.not_found, model.ambiguous when several projects have a model of that name, none the own,
   * and where the model has no such version those of `missing`
   */
  async resolve(userId: string, uri: string, place: Place): Promise<ModelVersion> {
    const { name, ref } = partsOf(uri);
    const wanted = wantedBy(ref);
    const { version } = oneOf(name, place, await this.registry.wanted(userId, name, wanted, place.project));
    if (!version) throw missing(name, wanted);
    return version;
  }

  /**
   * The id of the version that a `mallo://models/…` URI means now, for whoever knows the version and asks whether it is
   * still meant.
   * @throws MalloError as `resolve`
   */
  async resolveId(userId: string, uri: string, place: Place): Promise<string> {
    const { name, ref } = partsOf(uri);
    const wanted = wantedBy(ref);
    const { id } = oneOf(name, place, await this.registry.wantedIds(userId, name, wanted, place.project));
    if (!id) throw missing(name, wanted);
    return id;
  }

  /** What comes next for a model of that name, which there may not be yet. @throws MalloError project.not_found */
  async nextVersions(userId: string, projectId: string, name: string): Promise<Record<VersionBump, string>> {
    await this.projects.checkOwner(userId, projectId);
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
  async openArtifact({ name, sha256 }: Artifact, range?: ByteRange): Promise<Readable> {
    const opened = await this.store.open(sha256, range);
    if (!opened) throw new MalloError('model.artifact_missing', { path: name });
    return opened.stream;
  }

  /**
   * The files of a version that is to be made of kept ones, with what each is found to be. A program says what they are
   * together, so that one which is not what its name says is only another file.
   */
  kindsOf(files: Omit<Artifact, 'kind'>[]): Promise<Artifact[]> {
    return this.files.kindsOfKept(files);
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

/** @throws MalloError model.not_found, model.ambiguous when several projects have a model of that name, none the own */
function oneOf<M extends { projectId: string }>(name: string, { ownProject }: Place, models: M[]): M {
  const own = models.find(({ projectId }) => projectId === ownProject);
  if (own) return own;
  if (models.length > 1) {
    throw new MalloError('model.ambiguous', { name, projects: models.map((found) => found.projectId).join(', ') });
  }
  const [only] = models;
  if (!only) throw new MalloError('model.not_found');
  return only;
}

/** Why a model has no version that is wanted of it. */
function missing(name: string, wanted: VersionWanted): MalloError {
  switch (wanted.kind) {
    case 'latest':
      return new MalloError('model.version_unknown', { name, ref: 'latest' });
    case 'exact':
      return new MalloError('model.version_unknown', { name, ref: wanted.version });
    case 'counted':
      return new MalloError('model.version_unknown', { name, ref: `v${wanted.number}` });
    case 'best':
      return new MalloError('model.metric_unknown', { name, metric: wanted.metric });
    case 'alias':
      // A stage is known by the alias that it is a view of.
      return new MalloError('model.alias_unknown', { name, alias: wanted.names.at(-1) ?? '' });
    case 'archived':
      return new MalloError('model.stage_empty', { name, stage: 'Archived' });
  }
}
