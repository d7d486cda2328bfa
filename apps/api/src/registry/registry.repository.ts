import { newId } from '@mallo/backend';
import {
  type Artifact,
  type ModelRef,
  type ModelVersion,
  type ModelVersionSummary,
  type RegisteredModel,
  RunResult,
  TaskType,
  TrainingConfig,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import type { RegisteredModel as Row, ModelVersion as VersionRow } from '../generated/prisma/client.js';

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
  artifacts: Artifact[];
};

const NEWEST_FIRST = [{ major: 'desc' }, { minor: 'desc' }, { patch: 'desc' }] as const;
const WITH_VERSIONS = { versions: { orderBy: [...NEWEST_FIRST] } };

function versionOf(row: { major: number; minor: number; patch: number }): string {
  return `${row.major}.${row.minor}.${row.patch}`;
}

function toSummary(row: VersionRow): ModelVersionSummary {
  return {
    id: row.id,
    version: versionOf(row),
    createdAt: row.createdAt.toISOString(),
    runId: row.runId,
    valAccuracy: row.valAccuracy,
    architecture: row.architecture,
  };
}

function toModel(row: Row & { versions: VersionRow[] }): RegisteredModel {
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    taskType: TaskType.parse(row.taskType),
    createdAt: row.createdAt.toISOString(),
    versions: row.versions.map(toSummary),
  };
}

/** Registered models, their versions and the files these point to. */
@Injectable()
export class RegistryRepository {
  constructor(private readonly database: Database) {}

  async list(projectId: string): Promise<RegisteredModel[]> {
    const rows = await this.database.registeredModel.findMany({
      where: { projectId },
      include: WITH_VERSIONS,
      orderBy: { updatedAt: 'desc' },
    });
    return rows.map(toModel);
  }

  async get(ownerId: string, id: string): Promise<RegisteredModel | null> {
    const row = await this.database.registeredModel.findFirst({
      where: { id, project: { ownerId } },
      include: WITH_VERSIONS,
    });
    return row && toModel(row);
  }

  async version(ownerId: string, modelId: string, version: string): Promise<ModelVersion | null> {
    const [major, minor, patch] = version.split('.').map(Number);
    const row = await this.database.modelVersion.findFirst({
      where: { modelId, major, minor, patch, model: { project: { ownerId } } },
      include: { model: true, artifacts: { orderBy: { name: 'asc' } } },
    });
    if (!row) return null;
    return {
      ...toSummary(row),
      modelId,
      modelName: row.model.name,
      projectId: row.model.projectId,
      config: TrainingConfig.parse(row.config),
      configHash: row.configHash,
      datasetVersionSha256: row.datasetVersionSha256,
      recipe: row.recipe,
      result: RunResult.parse(row.result),
      artifacts: row.artifacts.map(({ name, sha256, sizeBytes }) => ({ name, sha256, sizeBytes: Number(sizeBytes) })),
    };
  }

  /**
   * Adds the version that a run made, once however often it is tried: 1.0.0 for a new name, then the next minor.
   * Its files are pointed to, not copied.
   */
  register(input: Registration): Promise<ModelRef> {
    return this.database.$transaction(async (tables) => {
      const model = await lockModel(tables, input);
      const made = await tables.modelVersion.findUnique({ where: { runId: input.runId }, include: { model: true } });
      if (made) return { modelId: made.modelId, name: made.model.name, version: versionOf(made) };
      const latest = await tables.modelVersion.findFirst({
        where: { modelId: model.id },
        orderBy: [...NEWEST_FIRST],
      });
      const row = await tables.modelVersion.create({
        data: {
          id: newId('ver'),
          modelId: model.id,
          major: latest?.major ?? 1,
          minor: latest ? latest.minor + 1 : 0,
          patch: 0,
          runId: input.runId,
          architecture: input.architecture,
          config: input.config,
          configHash: input.configHash,
          datasetVersionSha256: input.datasetVersionSha256,
          recipe: input.recipe,
          result: input.result,
          valAccuracy: input.result.metrics.val_accuracy ?? null,
          artifacts: { create: input.artifacts.map(({ name, sha256, sizeBytes }) => ({ name, sha256, sizeBytes })) },
        },
      });
      await tables.registeredModel.update({ where: { id: model.id }, data: { updatedAt: new Date() } });
      return { modelId: model.id, name: model.name, version: versionOf(row) };
    });
  }
}

/** The model of that name, made when it is new, and held so that versions are counted one after the other. */
async function lockModel(tables: Tables, { projectId, name, taskType }: Registration): Promise<Row> {
  await tables.registeredModel.createMany({
    data: [{ id: newId('mdl'), projectId, name, taskType }],
    skipDuplicates: true,
  });
  await tables.$queryRaw`
    SELECT id FROM mallo.registered_models WHERE project_id = ${projectId} AND name = ${name} FOR UPDATE`;
  return tables.registeredModel.findUniqueOrThrow({ where: { projectId_name: { projectId, name } } });
}
