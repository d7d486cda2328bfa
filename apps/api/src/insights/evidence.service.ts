import type {
  Dataset,
  LiveSnapshot,
  ModelVersion,
  ModelVersionSummary,
  RegisteredModel,
  Run,
  RunSummary,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { DatasetsService } from '../datasets/datasets.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { type Curves, curvesOf } from './diagnosis/curves.js';
import { LiveSnapshots } from './live-snapshots.js';

/** Runs that are looked at when the best is asked for, or one is named. */
const MOST_RUNS = 500;
/** Versions whose files are looked at. */
const MOST_VERSIONS = 50;

/** All that is known of one training. */
export type TrainingEvidence = {
  run: Run;
  snapshot: LiveSnapshot | null;
  curves: Curves;
  /** Null when it was deleted. */
  dataset: Dataset | null;
};

/** What a project has, the newest first. */
export type ProjectEvidence = { runs: RunSummary[]; models: RegisteredModel[]; datasets: Dataset[] };

export type VersionOfModel = { model: RegisteredModel; version: ModelVersionSummary };

/** Reads what answers are made of: a person's own project, and nothing else. */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly runs: RunsService,
    private readonly registry: RegistryService,
    private readonly datasets: DatasetsService,
    private readonly snapshots: LiveSnapshots,
  ) {}

  /** @throws MalloError project.not_found, also when it is someone else's */
  async project(userId: string, projectId: string): Promise<ProjectEvidence> {
    const [runs, models, datasets] = await Promise.all([
      this.runs.list(userId, projectId, MOST_RUNS),
      this.registry.list(userId, projectId),
      this.datasets.list(userId, projectId),
    ]);
    return { runs, models, datasets };
  }

  /** A run without its curves. @throws MalloError run.not_found */
  run(userId: string, runId: string): Promise<Run> {
    return this.runs.get(userId, runId);
  }

  /** A run of the project with its curves. @throws MalloError run.not_found */
  async training(userId: string, { datasets }: ProjectEvidence, runId: string): Promise<TrainingEvidence> {
    const [run, snapshot] = await Promise.all([this.runs.get(userId, runId), this.snapshots.get(userId, runId)]);
    const dataset = datasets.find(({ id }) => id === run.config.dataset.id) ?? null;
    return { run, snapshot, curves: curvesOf(snapshot), dataset };
  }

  /** Versions with their files, the newest of each model first. @throws MalloError model.not_found */
  versions(userId: string, wanted: readonly VersionOfModel[]): Promise<ModelVersion[]> {
    return Promise.all(
      wanted
        .slice(0, MOST_VERSIONS)
        .map(({ model, version }) => this.registry.version(userId, model.id, version.version)),
    );
  }
}

export function allVersions({ models }: ProjectEvidence): VersionOfModel[] {
  return models.flatMap((model) => model.versions.map((version) => ({ model, version })));
}
