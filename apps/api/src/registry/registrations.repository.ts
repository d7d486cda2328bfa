import { newId } from '@mallo/backend';
import {
  type Artifact,
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
import type { ModelVersion, Prisma, RegisteredModel } from '../generated/prisma/client.js';
import { registered } from './alias-state.js';
import { changeAliases, type Occasion, versionOf } from './aliases.repository.js';

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
export type UploadedModel = Omit<ModelRegistration, 'files'> & { projectId: string; artifacts: Artifact[] };

const NEWEST_FIRST = [{ major: 'desc' }, { minor: 'desc' }, { patch: 'desc' }] as const;

/** Many registrations of one model wait for each other, and for one of the few connections. */
const PATIENT = { maxWait: 30_000, timeout: 30_000 };

type Counted = { major: number; minor: number; patch: number };
type NewVersion = Omit<Prisma.ModelVersionUncheckedCreateInput, 'id' | 'modelId' | 'artifacts' | keyof Counted>;

/** Semantic versioning: what counts up, and what begins anew. */
function next(latest: Counted | null, bump: VersionBump): Counted {
  if (!latest) return { major: 1, minor: 0, patch: 0 };
  const { major, minor, patch } = latest;
  if (bump === 'major') return { major: major + 1, minor: 0, patch: 0 };
  if (bump === 'minor') return { major, minor: minor + 1, patch: 0 };
  return { major, minor, patch: patch + 1 };
}

/** The highest version, also a deleted one: its number is never given to other bytes. */
function latestOf(tables: Tables, where: Prisma.ModelVersionWhereInput): Promise<ModelVersion | null> {
  return tables.modelVersion.findFirst({ where, orderBy: [...NEWEST_FIRST] });
}

/** Adds versions to models: model, artifacts and version in one transaction, in which the number is found too. */
@Injectable()
export class RegistrationsRepository {
  constructor(private readonly database: Database) {}

  /** Adds the version that a run made, once however often it is tried: the next minor. */
  registerRun(input: Registration): Promise<ModelRef> {
    const { runId, architecture, config, configHash, datasetVersionSha256, recipe, result, transcript } = input;
    const occasion: Occasion = { key: `run ${runId}`, action: 'register', userId: null, reason: '' };
    return this.database.$transaction(async (tables) => {
      const model = await madeAndLocked(tables, input);
      const made = await tables.modelVersion.findUnique({ where: { runId }, include: { model: true } });
      if (made) return { modelId: made.modelId, name: made.model.name, version: versionOf(made) };
      const valAccuracy = result.metrics.val_accuracy ?? null;
      const trained = { runId, config, configHash, datasetVersionSha256, recipe, result, valAccuracy };
      const data = { ...trained, architecture, transcript: transcript ?? undefined };
      return addVersion(tables, model, 'minor', data, input.artifacts, occasion);
    }, PATIENT);
  }

  /**
   * Adds a version of uploaded files, once for a key.
   * @throws MalloError model.task_differs, model.version_deleted when it was registered and then deleted
   */
  registerUpload(userId: string, input: UploadedModel): Promise<ModelRef> {
    const { key, framework, architecture, inputShape, classNames, datasetName, metrics, memo } = input;
    const occasion: Occasion = { key: `upload ${key}`, action: 'register', userId, reason: '' };
    return this.database.$transaction(async (tables) => {
      const model = await madeAndLocked(tables, input);
      if (model.taskType !== input.taskType) {
        throw new MalloError('model.task_differs', { name: model.name, task: model.taskType });
      }
      const made = await tables.modelVersion.findUnique({ where: { modelId_key: { modelId: model.id, key } } });
      if (made?.deletedAt) throw new MalloError('model.version_deleted', { version: versionOf(made) });
      if (made) return { modelId: model.id, name: model.name, version: versionOf(made) };
      const said = { framework, architecture, inputShape: inputShape ?? undefined, classNames, datasetName, memo };
      const data = { ...said, key, metrics, valAccuracy: metrics.val_accuracy ?? null };
      return addVersion(tables, model, input.bump, data, input.artifacts, occasion);
    }, PATIENT);
  }

  /** The version that a model of that name would get next, for each way of counting up. */
  async nextVersions(projectId: string, name: string): Promise<Record<VersionBump, string>> {
    const latest = await latestOf(this.database, { model: { projectId, name } });
    const after = (bump: VersionBump) => versionOf(next(latest, bump));
    return { major: after('major'), minor: after('minor'), patch: after('patch') };
  }
}

/** The model of that name, made when it is new, and held so that versions are counted one after the other. */
async function madeAndLocked(
  tables: Tables,
  { projectId, name, taskType }: { projectId: string; name: string; taskType: TaskType },
): Promise<RegisteredModel> {
  await tables.registeredModel.createMany({
    data: [{ id: newId('mdl'), projectId, name, taskType }],
    skipDuplicates: true,
  });
  await tables.$queryRaw`
    SELECT id FROM mallo.registered_models WHERE project_id = ${projectId} AND name = ${name} FOR UPDATE`;
  return tables.registeredModel.findUniqueOrThrow({ where: { projectId_name: { projectId, name } } });
}

/** Adds the next version to a model that is held; it is the model's candidate from then on. */
async function addVersion(
  tables: Tables,
  model: RegisteredModel,
  bump: VersionBump,
  data: NewVersion,
  files: Artifact[],
  occasion: Occasion,
): Promise<ModelRef> {
  const number = next(await latestOf(tables, { modelId: model.id }), bump);
  const artifacts = files.map(({ name, sha256, sizeBytes, kind }) => ({ name, sha256, sizeBytes, kind }));
  const row = { ...data, ...number, id: newId('ver'), modelId: model.id, artifacts: { create: artifacts } };
  await tables.modelVersion.create({ data: row });
  const version = versionOf(number);
  await changeAliases(tables, model.id, occasion, (state) => registered(state, version));
  await tables.registeredModel.update({ where: { id: model.id }, data: { updatedAt: new Date() } });
  return { modelId: model.id, name: model.name, version };
}
