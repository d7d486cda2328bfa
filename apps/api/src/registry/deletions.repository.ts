import type { DeletedVersion } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Prisma } from '../generated/prisma/client.js';
import { countVersions, lockModel } from './model-lock.repository.js';
import { reviveModel } from './models.repository.js';
import { placeOf, versionOf } from './version-numbers.js';

/** How long a deleted version can be restored. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const WITH_NAMES = { model: { select: { name: true } }, artifacts: true } as const;
type Row = Prisma.ModelVersionGetPayload<{ include: typeof WITH_NAMES }>;

type Place = { modelId: string; version: string };

function whereOf({ modelId, version }: Place) {
  return { modelId_major_minor_patch: placeOf(modelId, version) };
}

function toDeleted(row: Row & { deletedAt: Date }): DeletedVersion {
  return {
    modelId: row.modelId,
    modelName: row.model.name,
    version: versionOf(row),
    deletedAt: row.deletedAt.toISOString(),
    purgeAt: new Date(row.deletedAt.getTime() + KEPT_MS).toISOString(),
    sizeBytes: row.artifacts.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0),
  };
}

/** Versions that were deleted, until their bytes are freed. */
@Injectable()
export class DeletionsRepository {
  constructor(private readonly database: Database) {}

  /** Deletes a version; again changes nothing. @returns the aliases that hold it, or null when there is no such version */
  remove(place: Place): Promise<DeletedVersion | { aliases: string[] } | null> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, place.modelId);
      const row = await tables.modelVersion.findUnique({ where: whereOf(place), include: { aliases: true } });
      if (!row || row.purgedAt) return null;
      if (row.aliases.length > 0) return { aliases: row.aliases.map(({ name }) => name) };
      const deletedAt = row.deletedAt ?? new Date();
      const where = { id: row.id };
      const deleted = await tables.modelVersion.update({ where, data: { deletedAt }, include: WITH_NAMES });
      await countVersions(tables, place.modelId);
      return toDeleted({ ...deleted, deletedAt });
    });
  }

  /** @returns false when there is nothing left to restore */
  restore(place: Place): Promise<boolean> {
    const where = { ...placeOf(place.modelId, place.version), purgedAt: null };
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, place.modelId);
      const restored = await tables.modelVersion.updateMany({ where, data: { deletedAt: null } });
      if (restored.count > 0) await reviveModel(tables, place.modelId);
      await countVersions(tables, place.modelId);
      return restored.count > 0;
    });
  }

  deprecate(place: Place, deprecation: string | null): Promise<void> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, place.modelId);
      await tables.modelVersion.update({ where: whereOf(place), data: { deprecation } });
      await countVersions(tables, place.modelId);
    });
  }

  /** Deleted versions of a project whose bytes are still held, the latest deleted first. */
  async deleted(projectId: string): Promise<DeletedVersion[]> {
    const rows = await this.database.modelVersion.findMany({
      where: { deletedAt: { not: null }, purgedAt: null, model: { projectId } },
      include: WITH_NAMES,
      orderBy: { deletedAt: 'desc' },
    });
    return rows.flatMap((row) => (row.deletedAt ? toDeleted({ ...row, deletedAt: row.deletedAt }) : []));
  }

  /** What the files of a project's models take; a file that several versions point to counts once. */
  async heldBytes(projectId: string): Promise<number> {
    const files = await this.database.modelArtifact.findMany({
      where: { version: { model: { projectId } } },
      distinct: ['sha256'],
      select: { sizeBytes: true },
    });
    return files.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0);
  }

  /** Versions whose time to be restored has passed. */
  async expired(now: Date): Promise<Place[]> {
    const rows = await this.database.modelVersion.findMany({
      where: { deletedAt: { lt: new Date(now.getTime() - KEPT_MS) }, purgedAt: null },
    });
    return rows.map((row) => ({ modelId: row.modelId, version: versionOf(row) }));
  }

  /**
   * Lets go of the files of a deleted version, also those that its run still names.
   * @returns their digests, or null when it is not deleted
   */
  purge(place: Place): Promise<{ sha256: string; sizeBytes: number }[] | null> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, place.modelId);
      const row = await tables.modelVersion.findUnique({ where: whereOf(place), include: { artifacts: true } });
      if (!row?.deletedAt || row.purgedAt) return null;
      const ofRun = row.runId ? await tables.runArtifact.findMany({ where: { runId: row.runId } }) : [];
      await tables.modelArtifact.deleteMany({ where: { versionId: row.id } });
      if (row.runId) await tables.runArtifact.deleteMany({ where: { runId: row.runId } });
      await tables.modelVersion.update({ where: { id: row.id }, data: { purgedAt: new Date() } });
      const files = new Map([...row.artifacts, ...ofRun].map((file) => [file.sha256, Number(file.sizeBytes)]));
      return [...files].map(([sha256, sizeBytes]) => ({ sha256, sizeBytes }));
    });
  }
}
