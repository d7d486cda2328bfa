import { newId } from '@mallo/backend';
import { MalloError, type Tags } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, isDuplicate, type Tables } from '../database/database.js';
import { changeAliases } from './aliases.repository.js';
import { countVersions, lockModel } from './model-lock.repository.js';
import { searchable } from './search-text.js';
import { placeOf } from './version-numbers.js';

/** Models as such: their names and descriptions, and their end. */
@Injectable()
export class ModelsRepository {
  constructor(private readonly database: Database) {}

  /** Makes a model without versions. @throws MalloError model.name_taken */
  async create(projectId: string, name: string, description: string, tags: Tags): Promise<string> {
    const id = newId('mdl');
    await refused(name, () =>
      this.database.registeredModel.create({ data: { id, projectId, description, tags, ...searchable(name) } }),
    );
    return id;
  }

  async describe(modelId: string, description: string): Promise<void> {
    const data = { description, updatedAt: new Date() };
    await this.database.registeredModel.update({ where: { id: modelId }, data });
  }

  /** @throws MalloError model.name_taken */
  async rename(modelId: string, name: string): Promise<void> {
    const data = { ...searchable(name), updatedAt: new Date() };
    await refused(name, () => this.database.registeredModel.update({ where: { id: modelId }, data }));
  }

  /**
   * Deletes a model with all its versions; these can be restored for a while, and it with them. Its aliases are gone, and
   * its name is free.
   */
  remove(modelId: string, userId: string, now: Date): Promise<void> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, modelId);
      const { name, deletedAt } = await tables.registeredModel.findUniqueOrThrow({ where: { id: modelId } });
      if (deletedAt) return;
      const occasion = { key: newId('key'), action: 'delete', userId, reason: '' } as const;
      await changeAliases(tables, modelId, occasion, () => ({}));
      await tables.modelVersion.updateMany({ where: { modelId, deletedAt: null }, data: { deletedAt: now } });
      // Of two that were deleted under one name, both are still to be found.
      const left = `${name.slice(0, 150)} (deleted ${now.toISOString()})`;
      await tables.registeredModel.update({ where: { id: modelId }, data: { ...searchable(left), deletedAt: now } });
      await countVersions(tables, modelId);
    });
  }

  /** Deletes a version and takes away the aliases that point to it. @returns false when there is no such version */
  removeVersion(modelId: string, version: string, userId: string): Promise<boolean> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, modelId);
      const where = { modelId_major_minor_patch: placeOf(modelId, version), deletedAt: null };
      const row = await tables.modelVersion.findUnique({ where, select: { id: true } });
      if (!row) return false;
      const occasion = { key: newId('key'), action: 'delete', userId, reason: '' } as const;
      await changeAliases(tables, modelId, occasion, (state) =>
        Object.fromEntries(Object.entries(state).filter(([, pointed]) => pointed !== version)),
      );
      await tables.modelVersion.update({ where: { id: row.id }, data: { deletedAt: new Date() } });
      await countVersions(tables, modelId);
      return true;
    });
  }
}

async function refused(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isDuplicate(error)) throw new MalloError('model.name_taken', { name });
    throw error;
  }
}

/** A deleted model of which a version is restored is there again, under the name that it has by now. */
export async function reviveModel(tables: Tables, modelId: string): Promise<void> {
  await tables.registeredModel.update({ where: { id: modelId }, data: { deletedAt: null } });
}
