import {
  type Artifact,
  FileKind,
  ModelVersion,
  type ModelVersionSummary,
  type RegisteredModel,
  RunResult,
  TaskType,
  TrainingConfig,
  Transcript,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { ModelArtifact, RegisteredModel as Row, ModelVersion as VersionRow } from '../generated/prisma/client.js';
import { placeOf, stateOf, versionOf } from './aliases.repository.js';

const NEWEST_FIRST = [{ major: 'desc' }, { minor: 'desc' }, { patch: 'desc' }] as const;
const WITH_SIZES = { artifacts: { select: { sizeBytes: true } } };
const WITH_MODEL = { model: true, artifacts: { orderBy: { name: 'asc' } } } as const;
const WITH_VERSIONS = {
  versions: { where: { deletedAt: null }, orderBy: [...NEWEST_FIRST], include: WITH_SIZES },
  aliases: { include: { version: true } },
};

const { shape } = ModelVersion;

type SizedRow = VersionRow & { artifacts: { sizeBytes: bigint }[] };

/** The figures of a version: of its training, or as its sender gave them. */
function metricsOf({ result, metrics }: VersionRow): Record<string, number> {
  return RunResult.shape.metrics.parse(result ? (result as { metrics: unknown }).metrics : (metrics ?? {}));
}

function toSummary(row: SizedRow): ModelVersionSummary {
  return {
    id: row.id,
    version: versionOf(row),
    createdAt: row.createdAt.toISOString(),
    runId: row.runId,
    valAccuracy: row.valAccuracy,
    metrics: metricsOf(row),
    architecture: row.architecture,
    sizeBytes: row.artifacts.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0),
    deprecation: row.deprecation,
  };
}

type FullRow = Row & { versions: SizedRow[]; aliases: { name: string; version: VersionRow }[] };

function toModel(row: FullRow): RegisteredModel {
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    taskType: TaskType.parse(row.taskType),
    createdAt: row.createdAt.toISOString(),
    aliases: stateOf(row.aliases),
    versions: row.versions.map(toSummary),
  };
}

function toArtifact({ name, sha256, sizeBytes, kind }: ModelArtifact): Artifact {
  return { name, sha256, sizeBytes: Number(sizeBytes), ...(kind === null ? {} : { kind: FileKind.parse(kind) }) };
}

function toVersion(row: VersionRow & { model: Row; artifacts: ModelArtifact[] }): ModelVersion {
  const config = row.config === null ? null : TrainingConfig.parse(row.config);
  return {
    ...toSummary(row),
    modelId: row.modelId,
    modelName: row.model.name,
    projectId: row.model.projectId,
    framework: row.framework,
    inputShape: shape.inputShape.parse(row.inputShape),
    classNames: config?.classNames ?? shape.classNames.parse(row.classNames),
    datasetName: config?.dataset.name ?? row.datasetName,
    memo: row.memo,
    config,
    configHash: row.configHash,
    datasetVersionSha256: row.datasetVersionSha256,
    recipe: row.recipe,
    result: row.result === null ? null : RunResult.parse(row.result),
    transcript: row.transcript === null ? null : Transcript.parse(row.transcript),
    artifacts: row.artifacts.map(toArtifact),
  };
}

/** Registered models, their versions and the files these point to. */
@Injectable()
export class RegistryRepository {
  constructor(private readonly database: Database) {}

  async list(projectId: string): Promise<RegisteredModel[]> {
    const rows = await this.database.registeredModel.findMany({
      where: { projectId, versions: { some: { deletedAt: null } } },
      include: WITH_VERSIONS,
      orderBy: { updatedAt: 'desc' },
    });
    return rows.map(toModel);
  }

  /** The models of that name, in every project of the owner's. */
  async named(ownerId: string, name: string): Promise<RegisteredModel[]> {
    const where = { name, project: { ownerId } };
    return (await this.database.registeredModel.findMany({ where, include: WITH_VERSIONS })).map(toModel);
  }

  async get(ownerId: string, id: string): Promise<RegisteredModel | null> {
    const row = await this.database.registeredModel.findFirst({
      where: { id, project: { ownerId } },
      include: WITH_VERSIONS,
    });
    return row && toModel(row);
  }

  async version(ownerId: string, modelId: string, version: string): Promise<ModelVersion | null> {
    const row = await this.database.modelVersion.findFirst({
      where: { ...placeOf(modelId, version), deletedAt: null, model: { project: { ownerId } } },
      include: WITH_MODEL,
    });
    return row && toVersion(row);
  }

  /** The version that was registered under a key of the sender's; null when there is none, or it was deleted. */
  async registeredBy(projectId: string, name: string, key: string): Promise<ModelVersion | null> {
    const where = { key, deletedAt: null, model: { projectId, name } };
    const row = await this.database.modelVersion.findFirst({ where, include: WITH_MODEL });
    return row && toVersion(row);
  }
}
