import { newId } from '@mallo/backend';
import { type Dataset, DatasetClass, DatasetProblem, MalloError, TaskType } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database, isDuplicate } from '../database/database.js';
import type { Dataset as Row, DatasetVersion as VersionRow } from '../generated/prisma/client.js';
import type { VersionSummary } from './summary.js';

const WITH_LATEST = { versions: { orderBy: { number: 'desc' }, take: 1 } } as const;
const UNFINISHED = ['queued', 'running', 'cancelling'];

type WithVersions = Row & { versions: VersionRow[] };

function toDataset(row: WithVersions): Dataset {
  const [version] = row.versions;
  if (!version) throw new Error(`dataset ${row.id} has no version`);
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    taskType: TaskType.parse(row.taskType),
    createdAt: row.createdAt.toISOString(),
    version: {
      id: version.id,
      number: version.number,
      createdAt: version.createdAt.toISOString(),
      imageCount: version.imageCount,
      sizeBytes: Number(version.sizeBytes),
      sha256: version.sha256,
      classes: z.array(DatasetClass).parse(version.classes),
      problems: z.array(DatasetProblem).parse(version.problems),
      problemCounts: z.record(z.string(), z.int()).parse(version.problemCounts),
      medianWidth: version.medianWidth,
      medianHeight: version.medianHeight,
    },
  };
}

/** Datasets and their versions. Deleted ones keep their rows, which this hides. */
@Injectable()
export class DatasetsRepository {
  constructor(private readonly database: Database) {}

  async list(projectId: string): Promise<Dataset[]> {
    const rows = await this.database.dataset.findMany({
      where: { projectId, deletedAt: null },
      include: WITH_LATEST,
      orderBy: { createdAt: 'desc' },
    });
    return rows.map(toDataset);
  }

  async get(ownerId: string, id: string): Promise<Dataset | null> {
    const row = await this.database.dataset.findFirst({
      where: { id, deletedAt: null, project: { ownerId } },
      include: WITH_LATEST,
    });
    return row && toDataset(row);
  }

  async named(projectId: string, name: string): Promise<Dataset | null> {
    const row = await this.database.dataset.findUnique({
      where: { projectId_takenName: { projectId, takenName: name } },
      include: WITH_LATEST,
    });
    return row && toDataset(row);
  }

  /**
   * Adds a dataset with its first version, whose files are in place.
   * @throws MalloError dataset.name_taken
   */
  async create(projectId: string, name: string, versionId: string, summary: VersionSummary): Promise<Dataset> {
    try {
      const row = await this.database.dataset.create({
        data: {
          id: newId('dst'),
          projectId,
          name,
          takenName: name,
          taskType: 'classification',
          versions: { create: { id: versionId, number: 1, ...summary } },
        },
        include: WITH_LATEST,
      });
      return toDataset(row);
    } catch (error) {
      if (isDuplicate(error)) throw new MalloError('dataset.name_taken', { name });
      throw error;
    }
  }

  /**
   * Hides a dataset and frees its name.
   * @returns the ids of its versions, whose files can go
   * @throws MalloError dataset.not_found, dataset.in_use
   */
  async remove(ownerId: string, id: string): Promise<string[]> {
    return this.database.$transaction(async (tables) => {
      // A run that is being created refers to a version and waits here; it then finds the dataset gone.
      await tables.$queryRaw`SELECT id FROM mallo.dataset_versions WHERE dataset_id = ${id} FOR UPDATE`;
      const found = await tables.dataset.findFirst({
        where: { id, deletedAt: null, project: { ownerId } },
        include: { versions: { include: { _count: { select: { runs: { where: { status: { in: UNFINISHED } } } } } } } },
      });
      if (!found) throw new MalloError('dataset.not_found');
      if (found.versions.some((version) => version._count.runs > 0)) throw new MalloError('dataset.in_use');
      await tables.dataset.update({ where: { id }, data: { deletedAt: new Date(), takenName: null } });
      return found.versions.map((version) => version.id);
    });
  }

  /** The digest that a version's files must have; null when there is no such version. */
  async sha256Of(versionId: string): Promise<string | null> {
    const row = await this.database.datasetVersion.findUnique({ where: { id: versionId }, select: { sha256: true } });
    return row?.sha256 ?? null;
  }

  /** The name and digest of a version of a dataset that the project has; null when it has none such. */
  async ofProject(projectId: string, versionId: string): Promise<{ name: string; sha256: string } | null> {
    const row = await this.database.datasetVersion.findFirst({
      where: { id: versionId, dataset: { projectId, deletedAt: null } },
      select: { sha256: true, dataset: { select: { name: true } } },
    });
    return row && { name: row.dataset.name, sha256: row.sha256 };
  }

  /** Of these version ids, those whose files are to be kept. */
  async existing(versionIds: string[]): Promise<Set<string>> {
    const rows = await this.database.datasetVersion.findMany({
      where: { id: { in: versionIds }, dataset: { deletedAt: null } },
      select: { id: true },
    });
    return new Set(rows.map((row) => row.id));
  }
}
