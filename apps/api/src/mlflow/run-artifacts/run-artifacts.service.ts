import type { Readable } from 'node:stream';
import { type Program, Tokens } from '@mallo/backend';
import {
  type ArtifactPlace,
  inFolder,
  MalloError,
  MlflowError,
  type ModelRef,
  pathOf,
  placeOf,
  quoted,
  type RouteInput,
  type RouteOutput,
  type RunModel,
  type runArtifactRoutes,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { ByteRange } from '../../objects/file-answer.js';
import type { Blob } from '../../objects/object-store.js';
import { ProjectsService } from '../../projects/projects.service.js';
import type { ListedVersion } from '../../registry/listing.js';
import { ModelsService } from '../../registry/models.service.js';
import { ArtifactsService } from '../artifacts/artifacts.service.js';
import { RegisteredModelsService } from '../models/registered-models.service.js';
import { RegistrationService } from '../models/registration.service.js';
import { sourceOf } from '../models/source.js';
import { type TrackedRun, TrackingClient } from '../tracking.client.js';

type Routes = typeof runArtifactRoutes;
type OfRun = RouteInput<Routes['list']>['params'];
type OfFile = RouteInput<Routes['file']>['query'];

/** Versions of one source that are told of. */
const MOST_VERSIONS = 1_000;

/** A run, and how telemetry is asked about it. */
type Found = { caller: Program; authorization: string; run: TrackedRun };

/** A file of a run, and how it is opened. */
export type OpenableFile = Blob & { open: (range?: ByteRange) => Promise<Readable> };

/** What runs logged beside figures, for the people whose runs they are; MLflow's dialect shows programs the same. */
@Injectable()
export class RunArtifactsService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly artifacts: ArtifactsService,
    private readonly models: ModelsService,
    private readonly named: RegisteredModelsService,
    private readonly registration: RegistrationService,
    private readonly tracking: TrackingClient,
    private readonly tokens: Tokens,
  ) {}

  /** @throws MalloError project.not_found, run.not_found, request.invalid, server.unavailable */
  async list(userId: string, of: OfRun, { model, path }: OfFile): Promise<RouteOutput<Routes['list']>> {
    const { caller, location } = await this.locate(userId, of, model);
    const place = placeIn(location, path);
    const found = place ? await this.artifacts.list(caller, place) : [];
    const artifacts = found.map(({ path: name, is_dir: isFolder, file_size: size }) => ({
      name,
      isFolder,
      sizeBytes: size ?? null,
    }));
    return { location, artifacts: artifacts.toSorted((a, b) => Number(b.isFolder) - Number(a.isFolder)) };
  }

  /** @throws MalloError project.not_found, run.not_found, run.artifact_not_found, request.invalid, server.unavailable */
  async file(userId: string, of: OfRun, { model, path }: OfFile): Promise<OpenableFile> {
    const { caller, location } = await this.locate(userId, of, model);
    const place = placeIn(location, path);
    if (!place) throw new MalloError('run.artifact_not_found', { path });
    const file = await known(path, this.artifacts.find(caller, place));
    return { ...file, open: (range) => known(path, this.artifacts.open(file, place, range)) };
  }

  /** @throws MalloError project.not_found, run.not_found, server.unavailable */
  async loggedModels(userId: string, of: OfRun): Promise<RunModel[]> {
    return this.modelsOf(await this.run(userId, of));
  }

  /**
   * Makes the next version of a registered model of one that a run logged; with the same key the same again.
   * @throws MalloError project.not_found, run.not_found, run.artifact_not_found, model.task_differs,
   * model.version_deleted, server.unavailable
   */
  async register(userId: string, of: OfRun, wish: RouteInput<Routes['register']>['body']): Promise<ModelRef> {
    const { source, name, key } = wish;
    const found = await this.run(userId, of);
    const { caller, authorization } = found;
    const model = (await this.modelsOf(found)).find((one) => one.source === source);
    if (!model) throw new MalloError('run.artifact_not_found', { path: source });
    await this.makeModel(caller, name);
    const form = { name, source, run_id: of.runId, model_id: model.modelId ?? '' };
    const rest = { run_link: '', description: '', tags: [] };
    return refOf(await this.registration.register(caller, authorization, { ...form, ...rest }, key));
  }

  /** The params and tags of a run. @throws MalloError project.not_found, run.not_found, server.unavailable */
  async settingsOf(userId: string, of: OfRun): Promise<Pick<TrackedRun, 'params' | 'tags'>> {
    const { params, tags } = (await this.run(userId, of)).run;
    return { params, tags };
  }

  private async modelsOf({ caller, authorization, run }: Found): Promise<RunModel[]> {
    const root = placeIn(run.artifactUri, '');
    const files = root ? await this.artifacts.under(caller, root) : [];
    const folders = files.flatMap(({ name }) => /^(.+)\/MLmodel$/.exec(name)?.[1] ?? []);
    const own = (await this.tracking.modelsOf(authorization, run)).map(({ id, name, artifactUri }) => ({
      name,
      modelId: id,
      sources: [`models:/${id}`, artifactUri],
    }));
    const inRun = folders.map((name) => ({
      name,
      modelId: null,
      sources: [`runs:/${run.runId}/${name}`, `${run.artifactUri}/${name}`],
    }));
    const all = [...own, ...inRun];
    const made = await this.versionsOf(
      caller,
      all.flatMap(({ sources }) => sources),
    );
    return all.map(({ name, modelId, sources }) => ({
      source: sources[0] as string,
      name,
      modelId,
      versions: made.filter(({ logged }) => logged && sources.includes(logged.source)).map(refOf),
    }));
  }

  private async makeModel(caller: Program, name: string): Promise<void> {
    if (await this.models.byName(caller.projectId, name)) return;
    try {
      await this.named.create(caller, { name, description: '', tags: [] });
    } catch (error) {
      if (!(error instanceof MlflowError)) throw error;
      // Somebody else was faster.
      if (error.code === 'RESOURCE_ALREADY_EXISTS') return;
      throw new MalloError('request.invalid', { problem: quoted(error) }, { cause: error });
    }
  }

  private versionsOf({ projectId }: Program, sources: string[]): Promise<ListedVersion[]> {
    if (sources.length === 0) return Promise.resolve([]);
    return this.models.searchVersions(projectId, {
      conditions: [{ of: 'source', comparator: 'IN', value: sources }],
      order: [{ by: 'created', isAscending: false }],
      limit: MOST_VERSIONS,
      offset: 0,
    });
  }

  /** Where the files are of a run, or of a model that it logged. */
  private async locate(userId: string, of: OfRun, modelId: string | undefined) {
    const { caller, authorization, run } = await this.run(userId, of);
    if (modelId === undefined) return { caller, location: run.artifactUri };
    const model = await this.tracking.loggedModel(authorization, modelId);
    if (model?.runId !== of.runId) throw new MalloError('run.artifact_not_found', { path: modelId });
    return { caller, location: model.artifactUri };
  }

  private async run(userId: string, { projectId, runId }: OfRun): Promise<Found> {
    await this.projects.checkOwner(userId, projectId);
    const caller = { userId, projectId };
    // Telemetry is asked in MLflow's dialect, as by a program of this person's in this project.
    const authorization = `Bearer ${await this.tokens.sign({ kind: 'user', ...caller })}`;
    const run = await this.tracking.run(authorization, runId);
    if (!run) throw new MalloError('run.not_found');
    return { caller, authorization, run };
  }
}

/** The place of a path under a location; null where that is elsewhere. @throws MalloError request.invalid */
function placeIn(location: string, path: string): ArtifactPlace | null {
  try {
    const root = sourceOf(location);
    return root.kind === 'place' ? placeOf(inFolder(pathOf(root.place)) + pathOf(placeOf(path))) : null;
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    throw new MalloError('request.invalid', { problem: quoted(error) }, { cause: error });
  }
}

async function known<T>(path: string, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    throw new MalloError('run.artifact_not_found', { path }, { cause: error });
  }
}

function refOf({ modelId, modelName: name, version }: ListedVersion): ModelRef {
  return { modelId, name, version };
}
