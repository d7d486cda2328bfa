import { newId } from '@mallo/backend';
import {
  type Artifact,
  type LoggedModel,
  MalloError,
  type ModelRef,
  type ModelRegistration,
  type RunResult,
  type TaskType,
  type TrainingConfig,
  type Transcript,
  type VersionBump,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import { lockModel } from './model-lock.repository.js';
import { addVersion, holdModel, type NewVersion, next } from './new-version.repository.js';
import { placeOf, versionOf } from './version-numbers.js';

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
export type GivenModel = Omit<ModelRegistration, 'files' | 'run'> & {
  projectId: string;
  artifacts: Artifact[];
  /** Of the run that the files are from. */
  trained:
    | (Pick<Registration, 'runId' | 'config' | 'configHash' | 'datasetVersionSha256' | 'transcript'> & {
        result: RunResult | null;
      })
    | null;
};

/** What a program registers over MLflow. */
export type LoggedRegistration = Pick<
  NewVersion,
  'framework' | 'architecture' | 'metrics' | 'memo' | 'artifacts' | 'tags' | 'originRunId'
> & { logged: LoggedModel; taskType: TaskType | null };

/** What nothing is known of where there was no training of Mallo's. */
const UNKNOWN = {
  runId: null,
  parentId: null,
  key: null,
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

const NEWEST_FIRST = [{ major: 'desc' }, { minor: 'desc' }, { patch: 'desc' }] as const;

/** Many registrations of one model wait for each other, and for one of the few connections. */
const PATIENT = { maxWait: 30_000, timeout: 30_000 };

/** Adds versions to models: model, artifacts and version in one transaction, in which the number is found too. */
@Injectable()
export class RegistrationsRepository {
  constructor(private readonly database: Database) {}

  /** Adds the version that a run made, once however often it is tried: the next minor. */
  registerRun(input: Registration): Promise<ModelRef> {
    const { runId } = input;
    return this.database.$transaction(async (tables) => {
      const model = await holdModel(tables, input);
      const made = await tables.modelVersion.findUnique({ where: { runId }, include: { model: true } });
      if (made) return { modelId: made.modelId, name: made.model.name, version: versionOf(made) };
      const version: NewVersion = {
        ...input,
        originRunId: null,
        parentId: null,
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
      return addVersion(tables, model, 'minor', version, { key: `run ${runId}`, userId: null });
    }, PATIENT);
  }

  /**
   * Adds a version of files that somebody gave, once for a key.
   * @throws MalloError model.task_differs, model.version_deleted when it was registered and then deleted,
   * model.not_found when there is no version that it is said to be made from
   */
  registerGiven(userId: string, input: GivenModel): Promise<ModelRef> {
    const { key, trained } = input;
    return this.database.$transaction(async (tables) => {
      const model = await holdModel(tables, input);
      if (model.taskType !== input.taskType) {
        throw new MalloError('model.task_differs', { name: model.name, task: String(model.taskType) });
      }
      const version: NewVersion = {
        ...input,
        runId: null,
        originRunId: trained?.runId ?? null,
        parentId: input.madeFrom ? await parentOf(tables, model.id, input.madeFrom) : null,
        classNames: input.classNames ?? null,
        datasetName: input.datasetName ?? null,
        datasetVersionSha256: trained?.datasetVersionSha256 ?? null,
        config: trained?.config ?? null,
        configHash: trained?.configHash ?? null,
        recipe: null,
        result: trained?.result ?? null,
        transcript: trained?.transcript ?? null,
        logged: null,
        tags: {},
      };
      return addVersion(tables, model, input.bump, version, { key: `upload ${key}`, userId });
    }, PATIENT);
  }

  /** Adds a version that a program registers, to a model that there is. @throws MalloError model.not_found */
  registerLogged(userId: string, modelId: string, { taskType, ...said }: LoggedRegistration): Promise<ModelRef> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, modelId);
      const model = await tables.registeredModel.findUnique({ where: { id: modelId, deletedAt: null } });
      if (!model) throw new MalloError('model.not_found');
      if (taskType && model.taskType === null) {
        await tables.registeredModel.update({ where: { id: modelId }, data: { taskType } });
      }
      const by = { key: newId('key'), userId };
      return addVersion(tables, model, 'minor', { ...UNKNOWN, ...said }, by);
    }, PATIENT);
  }

  /** Whether a version was registered with a key and deleted since. */
  async wasDeleted(projectId: string, name: string, key: string): Promise<boolean> {
    const where = { key, model: { projectId, name }, deletedAt: { not: null } };
    return (await this.database.modelVersion.count({ where })) > 0;
  }

  /** The version that a model of that name would get next, for each way of counting up. */
  async nextVersions(projectId: string, name: string): Promise<Record<VersionBump, string>> {
    const where = { model: { projectId, name } };
    const latest = await this.database.modelVersion.findFirst({ where, orderBy: [...NEWEST_FIRST] });
    const after = (bump: VersionBump) => versionOf(next(latest, bump));
    return { major: after('major'), minor: after('minor'), patch: after('patch') };
  }
}

async function parentOf(tables: Tables, modelId: string, version: string): Promise<string> {
  const where = { modelId_major_minor_patch: placeOf(modelId, version), deletedAt: null };
  const parent = await tables.modelVersion.findUnique({ where });
  if (!parent) throw new MalloError('model.not_found');
  return parent.id;
}
