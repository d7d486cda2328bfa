import { newId } from '@mallo/backend';
import { MalloError, type Project } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, isDuplicate } from '../database/database.js';

const COUNTS = {
  _count: { select: { datasets: { where: { deletedAt: null } }, runs: true, registeredModels: true } },
} as const;

type Counted = {
  id: string;
  name: string;
  createdAt: Date;
  _count: { datasets: number; runs: number; registeredModels: number };
};

function toProject(row: Counted): Project {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    datasetCount: row._count.datasets,
    runCount: row._count.runs,
    modelCount: row._count.registeredModels,
  };
}

@Injectable()
export class ProjectsRepository {
  constructor(private readonly database: Database) {}

  async list(ownerId: string): Promise<Project[]> {
    const rows = await this.database.project.findMany({
      where: { ownerId },
      include: COUNTS,
      orderBy: { createdAt: 'asc' },
    });
    return rows.map(toProject);
  }

  /** @throws MalloError project.name_taken */
  async create(ownerId: string, name: string): Promise<Project> {
    try {
      const row = await this.database.project.create({ data: { id: newId('prj'), ownerId, name }, include: COUNTS });
      return toProject(row);
    } catch (error) {
      if (isDuplicate(error)) throw new MalloError('project.name_taken', { name });
      throw error;
    }
  }

  async owns(ownerId: string, id: string): Promise<boolean> {
    return (await this.database.project.findUnique({ where: { id, ownerId }, select: { id: true } })) !== null;
  }

  async ownerOf(id: string): Promise<string | null> {
    return (await this.database.project.findUnique({ where: { id }, select: { ownerId: true } }))?.ownerId ?? null;
  }

  async get(ownerId: string, id: string): Promise<Project | null> {
    const row = await this.database.project.findUnique({ where: { id, ownerId }, include: COUNTS });
    return row && toProject(row);
  }
}
