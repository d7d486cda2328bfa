import type { DeletedVersion } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
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

/** A file that a version would let go of, and who refers to its bytes: versions, runs that made none, logs. */
type HeldFile = { versionId: string; sha256: string; sizeBytes: bigint; holders: string[] };

/**
 * What versions let go of when they are purged: their files, and those that the runs that made them name. What such a run
 * names goes with its version, which then is who holds it.
 */
function heldFiles(tables: Tables, versionIds: string[]): Promise<HeldFile[]> {
  return tables.$queryRaw<HeldFile[]>`
    WITH held AS (
      SELECT a.version_id, a.sha256, a.size_bytes FROM mallo.model_artifacts a WHERE a.version_id = ANY(${versionIds}::text[])
      UNION
      SELECT v.id, r.sha256, r.size_bytes FROM mallo.model_versions v JOIN mallo.run_artifacts r ON r.run_id = v.run_id
      WHERE v.id = ANY(${versionIds}::text[]))
    SELECT version_id AS "versionId", sha256, size_bytes AS "sizeBytes", ARRAY(
      SELECT a.version_id FROM mallo.model_artifacts a WHERE a.sha256 = held.sha256
      UNION
      SELECT coalesce(v.id, r.run_id) FROM mallo.run_artifacts r LEFT JOIN mallo.model_versions v ON v.run_id = r.run_id
      WHERE r.sha256 = held.sha256
      UNION
      SELECT concat_ws(' ', l.project_id, l.root) FROM mallo.logged_artifacts l WHERE l.sha256 = held.sha256) AS holders
    FROM held`;
}

/** The bytes of those of the files that nothing but these versions refers to. */
function freedBytes(files: HeldFile[], versionIds: string[]): number {
  const going = new Set(versionIds);
  return bytesOf(files.filter(({ versionId, holders }) => [versionId, ...holders].every((id) => going.has(id))));
}

/** What files take in the store, where the same content is kept once. */
function bytesOf(files: { sha256: string; sizeBytes: bigint }[]): number {
  const sizes = new Map(files.map(({ sha256, sizeBytes }) => [sha256, Number(sizeBytes)]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function toDeleted(row: Row & { deletedAt: Date }, files: HeldFile[]): DeletedVersion {
  return {
    modelId: row.modelId,
    modelName: row.model.name,
    version: versionOf(row),
    deletedAt: row.deletedAt.toISOString(),
    purgeAt: new Date(row.deletedAt.getTime() + KEPT_MS).toISOString(),
    sizeBytes: bytesOf(row.artifacts),
    freedBytes: freedBytes(files, [row.id]),
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
      return toDeleted({ ...deleted, deletedAt }, await heldFiles(tables, [row.id]));
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

  /** Deleted versions of a project whose bytes are still held, the latest deleted first, and what all of them free. */
  async deleted(projectId: string): Promise<{ deleted: DeletedVersion[]; freeableBytes: number }> {
    const rows = await this.database.modelVersion.findMany({
      where: { deletedAt: { not: null }, purgedAt: null, model: { projectId } },
      include: WITH_NAMES,
      orderBy: { deletedAt: 'desc' },
    });
    const ids = rows.map(({ id }) => id);
    const files = await heldFiles(this.database, ids);
    const deleted = rows.flatMap((row) =>
      row.deletedAt ? toDeleted({ ...row, deletedAt: row.deletedAt }, files) : [],
    );
    return { deleted, freeableBytes: freedBytes(files, ids) };
  }

  /** What a project's models let go of when all are purged, as `heldFiles`; bytes that several point to count once. */
  async heldBytes(projectId: string): Promise<number> {
    const [held] = await this.database.$queryRaw<{ bytes: bigint | null }[]>`
      WITH versions AS (
        SELECT v.id, v.run_id FROM mallo.model_versions v JOIN mallo.registered_models m ON m.id = v.model_id
        WHERE m.project_id = ${projectId})
      SELECT sum(size_bytes)::bigint AS bytes FROM (
        SELECT a.sha256, a.size_bytes FROM versions v JOIN mallo.model_artifacts a ON a.version_id = v.id
        UNION
        SELECT r.sha256, r.size_bytes FROM versions v JOIN mallo.run_artifacts r ON r.run_id = v.run_id) held`;
    return Number(held?.bytes ?? 0);
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
