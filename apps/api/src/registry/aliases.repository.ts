import { newId } from '@mallo/backend';
import { AliasChange, AliasState, MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';

/** Who changes aliases and why. The same key changes them once, however often it is tried. */
export type Occasion = { key: string; action: AliasChange['action']; userId: string | null; reason: string };

/** The state after, or null when the aliases it starts from do not allow it. */
export type NextState = (state: AliasState) => AliasState | null;

type VersionNumbers = { major: number; minor: number; patch: number };

export function versionOf(row: VersionNumbers): string {
  return `${row.major}.${row.minor}.${row.patch}`;
}

/** A version by its unique numbers. */
export function placeOf(modelId: string, version: string): VersionNumbers & { modelId: string } {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return { modelId, major, minor, patch };
}

/** Waits until nobody else changes the model, and keeps others waiting until the transaction ends. */
export async function lockModel(tables: Tables, modelId: string): Promise<void> {
  await tables.$queryRaw`SELECT id FROM mallo.registered_models WHERE id = ${modelId} FOR UPDATE`;
}

export function stateOf(rows: { name: string; version: VersionNumbers }[]): AliasState {
  return Object.fromEntries(rows.map(({ name, version }) => [name, versionOf(version)]));
}

/**
 * Changes the aliases of a model whose row is locked, and keeps how they were.
 * @returns false when the state does not allow it; then nothing was changed
 * @throws MalloError model.version_deleted
 */
export async function changeAliases(
  tables: Tables,
  modelId: string,
  { key, action, userId, reason }: Occasion,
  next: NextState,
): Promise<boolean> {
  if (await tables.aliasChange.findUnique({ where: { modelId_key: { modelId, key } } })) return true;
  const rows = await tables.modelAlias.findMany({ where: { modelId }, include: { version: true } });
  const before = stateOf(rows);
  const after = next(before);
  if (!after) return false;
  const moved = Object.entries(after).filter(([name, version]) => before[name] !== version);
  const gone = Object.keys(before).filter((name) => after[name] === undefined);
  if (moved.length === 0 && gone.length === 0) return true;
  await tables.modelAlias.deleteMany({ where: { modelId, name: { in: gone } } });
  for (const [name, version] of moved) {
    const where = { modelId_major_minor_patch: placeOf(modelId, version) };
    const { id: versionId, deletedAt } = await tables.modelVersion.findUniqueOrThrow({ where });
    if (deletedAt) throw new MalloError('model.version_deleted', { version });
    const place = { modelId_name: { modelId, name } };
    await tables.modelAlias.upsert({ where: place, create: { modelId, name, versionId }, update: { versionId } });
  }
  const last = await tables.aliasChange.aggregate({ where: { modelId }, _max: { position: true } });
  const position = (last._max.position ?? 0) + 1;
  await tables.aliasChange.create({
    data: { id: newId('chg'), modelId, position, key, action, userId, reason, before, after },
  });
  return true;
}

/** Which version each alias points to, and how that came to be. */
@Injectable()
export class AliasesRepository {
  constructor(private readonly database: Database) {}

  /** @returns false when the state does not allow it */
  change(modelId: string, occasion: Occasion, next: NextState): Promise<boolean> {
    return this.database.$transaction(async (tables) => {
      // Two at once: the second sees what the first has made of it.
      await lockModel(tables, modelId);
      return changeAliases(tables, modelId, occasion, next);
    });
  }

  async changes(modelId: string): Promise<AliasChange[]> {
    const rows = await this.database.aliasChange.findMany({
      where: { modelId },
      include: { user: { select: { name: true } } },
      orderBy: { position: 'desc' },
    });
    return rows.map((row) =>
      AliasChange.parse({
        id: row.id,
        action: row.action,
        by: row.user?.name ?? null,
        reason: row.reason,
        before: row.before,
        after: row.after,
        at: row.createdAt.toISOString(),
      }),
    );
  }
}
