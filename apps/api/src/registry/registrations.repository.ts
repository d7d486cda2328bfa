import { newId } from '@mallo/backend';
import {
  type Artifact,
  type LoggedModel,
  type ModelRef,
  type ModelRegistration,
  type RunResult,
  type TaskType,
  type TrainingConfig,
  type Transcript,
  type VersionBump,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { type NewVersion, versionAdder } from './new-version.repository.js';

/** All that a finished training leaves. */
export type Registration = {
  runId: string;
  projectId: string;
  name: string;
  taskType: TaskType;
  architecture: string;
  config: TrainingConfig;
  configHash: string;
  datasetVersionSha256: string;
  recipe: string;
  result: RunResult;
  transcript: Transcript | null;
  artifacts: Artifact[];
};

/** What a person or a program says of files that were uploaded, and what these were found to be. */
export type GivenModel = Omit<ModelRegistration, 'files' | 'run' | 'datasetVersion'> & {
  projectId: string;
  artifacts: Artifact[];
  /** Of the version of a dataset that the figures were measured on; null: not known. */
  datasetVersionSha256: string | null;
  isCandidate: boolean;
  /** Of the run that the files are from. */
  trained:
    | (Pick<Registration, 'runId' | 'config' | 'configHash' | 'transcript'> & {
        result: RunResult | null;
      })
    | null;
};

/** What a program registers over MLflow. */
export type LoggedRegistration = Pick<
  NewVersion,
  | 'projectId'
  | 'name'
  | 'taskType'
  | 'framework'
  | 'architecture'
  | 'metrics'
  | 'memo'
  | 'artifacts'
  | 'tags'
  | 'originRunId'
  | 'key'
> & { logged: LoggedModel };

/** Adds versions to models: model, artifacts and version in one transaction, in which the number is found too. */
@Injectable()
export class RegistrationsRepository {
  private readonly add: ReturnType<typeof versionAdder>;

  constructor(private readonly database: Database) {
    this.add = versionAdder(database);
  }

  /** Adds the version that a run made, once however often it is tried: the next minor. */
  registerRun(input: Registration): Promise<ModelRef> {
    const { runId } = input;
    const version = {
      ...input,
      bump: 'minor' as const,
      isCandidate: true,
      originRunId: null,
      madeFrom: null,
      key: null,
      framework: 'pytorch',
      metrics: input.result.metrics,
      memo: '',
      inputShape: null,
      classNames: null,
      datasetName: null,
      logged: null,
      tags: {},
    };
    return this.add({ version, by: { key: `run ${runId}`, userId: null } });
  }

  /**
   * Adds a version of files that somebody gave, once for a key.
   * @throws MalloError model.task_differs, model.version_deleted when it was registered and then deleted,
   * model.not_found when there is no version that it is said to be made from
   */
  registerGiven(userId: string, { trained, ...input }: GivenModel): Promise<ModelRef> {
    const version = {
      ...input,
      runId: null,
      originRunId: trained?.runId ?? null,
      madeFrom: input.madeFrom ?? null,
      classNames: input.classNames ?? null,
      datasetName: input.datasetName ?? null,
      config: trained?.config ?? null,
      configHash: trained?.configHash ?? null,
      recipe: null,
      result: trained?.result ?? null,
      transcript: trained?.transcript ?? null,
      logged: null,
      tags: {},
    };
    return this.add({ version, by: { key: `upload ${input.key}`, userId } });
  }

  /** Adds a version of what a program logged, once for a key where one is given. */
  registerLogged(userId: string, said: LoggedRegistration): Promise<ModelRef> {
    const version = {
      ...said,
      bump: 'minor' as const,
      isCandidate: true,
      runId: null,
      madeFrom: null,
      inputShape: null,
      classNames: null,
      datasetName: null,
      datasetVersionSha256: null,
      config: null,
      configHash: null,
      recipe: null,
      result: null,
      transcript: null,
    };
    return this.add({ version, by: { key: newId('key'), userId } });
  }

  /** Whether a version was registered with a key and deleted since. */
  async wasDeleted(projectId: string, name: string, key: string): Promise<boolean> {
    const where = { key, model: { projectId, name }, deletedAt: { not: null } };
    return (await this.database.modelVersion.count({ where })) > 0;
  }

  /** The version that a model of that name would get next, for each way of counting up. */
  async nextVersions(projectId: string, name: string): Promise<Record<VersionBump, string>> {
    const [row] = await this.database.rows<{ next: Record<VersionBump, string> }>(Prisma.sql`
      SELECT jsonb_object_agg(bump, concat_ws('.', major, minor, patch)) AS next
      FROM unnest(ARRAY['major', 'minor', 'patch']) AS bump, mallo.next_version(
        (SELECT id FROM mallo.registered_models WHERE project_id = ${projectId} AND name = ${name}), bump)`);
    if (!row) throw new Error('an aggregate without a row');
    return row.next;
  }
}
