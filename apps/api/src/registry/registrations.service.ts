import { MalloError, type ModelRegistration, type ModelVersion } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import { SETTINGS, type Settings } from '../settings.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { type Incoming, ModelFiles } from './files/model-files.js';
import { type GivenModel, RegistrationsRepository } from './registrations.repository.js';
import { RegistryRepository } from './registry.repository.js';
import { RegistryService } from './registry.service.js';

type Said = Omit<ModelRegistration, 'files'>;
type UploadedFile = { uploadId: string; name: string };

/** What the figures of a version were measured on. */
type MeasuredOn = Pick<GivenModel, 'datasetName' | 'datasetVersionSha256'>;

/** Makes versions of models from files that were uploaded, or that a run left. */
@Injectable()
export class RegistrationsService {
  /** Registrations under way, by their key: a repeat waits for the first. */
  private readonly begun = new Map<string, Promise<ModelVersion>>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly projects: ProjectsService,
    private readonly uploads: UploadsService,
    private readonly datasets: DatasetsService,
    private readonly runs: RunsService,
    private readonly files: ModelFiles,
    private readonly registrations: RegistrationsRepository,
    private readonly models: RegistryRepository,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Registers the next version of a model; the same key again answers the same version. After a failure there is no
   * version, and the uploads are still there to be registered in another way.
   * `copyOf` is the version that the files are another form of: what is known of its figures is known of the copy, which
   * takes no alias from anybody.
   * @throws MalloError project.not_found, upload.not_found, upload.unfinished, run.not_found, run.no_files,
   * dataset.not_found, model.task_differs, and those of `ModelFiles.take`
   */
  async register(
    userId: string,
    projectId: string,
    wish: ModelRegistration,
    copyOf: ModelVersion | null = null,
  ): Promise<ModelVersion> {
    checkWish(wish);
    const place = JSON.stringify([userId, projectId, wish.name, wish.key]);
    const begun = this.begun.get(place) ?? this.registerOnce(userId, projectId, wish, copyOf);
    this.begun.set(place, begun);
    try {
      return await begun;
    } finally {
      this.begun.delete(place);
    }
  }

  /**
   * For what is made here, once: the version that was registered under a name for it, or the key to register it with.
   * What was deleted can be made again, under another key.
   */
  async madeAs(
    ...[userId, projectId, name, what]: [userId: string, projectId: string, name: string, what: string]
  ): Promise<{ key: string; version: ModelVersion | null }> {
    for (let times = 1; ; times += 1) {
      const key = `${what}-${times}`;
      const version = await this.models.registeredBy(userId, projectId, name, key);
      if (version || !(await this.registrations.wasDeleted(projectId, name, key))) return { key, version };
    }
  }

  private async registerOnce(
    userId: string,
    projectId: string,
    { files, ...said }: ModelRegistration,
    copyOf: ModelVersion | null,
  ): Promise<ModelVersion> {
    if (said.run) {
      // The run is of the project, and nothing is done before the version is found to be new.
      const given = await this.givenByRun(userId, projectId, said, said.run);
      const { modelId, version } = await this.registrations.registerGiven(userId, given);
      return this.registry.version(userId, modelId, version);
    }
    await this.projects.checkOwner(userId, projectId);
    const there = await this.models.registeredBy(userId, projectId, said.name, said.key);
    if (there) return there;
    const measuredOn = copyOf ? datasetOf(copyOf) : await this.measuredOn(projectId, said);
    const given = { ...said, ...measuredOn, projectId, isCandidate: copyOf === null, trained: null };
    const made = await this.registerUploads(userId, given, files ?? []);
    return this.registry.version(userId, made.modelId, made.version);
  }

  private async registerUploads(userId: string, given: Omit<GivenModel, 'artifacts'>, files: UploadedFile[]) {
    const incoming: Incoming[] = [];
    for (const { uploadId, name } of files) {
      incoming.push({ name, ...(await this.uploads.finished(userId, uploadId, name)) });
    }
    const artifacts = await this.files.take(incoming, this.settings.MALLO_UNPACKED_LIMIT_BYTES);
    const made = await this.registrations
      .registerGiven(userId, { ...given, artifacts })
      .catch(async (error: unknown) => {
        await this.files.drop(artifacts);
        throw error;
      });
    // Should we die before this, they expire.
    for (const { uploadId } of files) await this.uploads.remove(uploadId);
    return made;
  }

  private async measuredOn(projectId: string, { datasetName, datasetVersion }: Said): Promise<MeasuredOn> {
    if (!datasetVersion) return { datasetName, datasetVersionSha256: null };
    const { name, sha256 } = await this.datasets.ofProject(projectId, datasetVersion);
    return { datasetName: name, datasetVersionSha256: sha256 };
  }

  /** What a run of the project says of the files that it left. */
  private async givenByRun(userId: string, projectId: string, said: Said, runId: string): Promise<GivenModel> {
    const left = await this.runs.left(userId, projectId, runId);
    const { name, artifacts: files, datasetVersionSha256, ...trained } = left;
    const artifacts = files.filter((artifact) => artifact.name !== 'last.pth');
    if (artifacts.length === 0) throw new MalloError('run.no_files', { name });
    const metrics = { ...trained.result?.metrics, ...said.metrics };
    return { ...said, metrics, projectId, artifacts, datasetVersionSha256, isCandidate: true, trained };
  }
}

function datasetOf({ datasetName, datasetVersionSha256 }: ModelVersion): MeasuredOn {
  return { datasetName: datasetName ?? undefined, datasetVersionSha256 };
}

/** Refuses what a schema of its fields alone lets pass. @throws MalloError request.invalid */
function checkWish({ run, files, datasetVersion, datasetName }: ModelRegistration): void {
  if (!run === !files)
    throw new MalloError('request.invalid', {
      problem: { en: 'body: give either files or a run', ko: 'body: files나 run 가운데 하나만 보내 주세요' },
    });
  if (datasetVersion && (run || datasetName)) {
    const problem = {
      en: 'body.datasetVersion: give it alone, without datasetName or a run',
      ko: 'body.datasetVersion: datasetName이나 run 없이 이것만 보내 주세요',
    };
    throw new MalloError('request.invalid', { problem });
  }
}
