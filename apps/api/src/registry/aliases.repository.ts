import { newId } from '@mallo/backend';
import { AliasChange, type AliasState, MalloError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import { CHAMPION, ROLLBACK, stateOf } from './alias-state.js';
import { checkGates } from './gates.repository.js';
import { countVersions, lockModel, touchModel } from './model-lock.repository.js';
import { placeOf } from './version-numbers.js';

/**
 * Who changes aliases and why. The same key changes them once, however often it is tried. What is `isDecided` is kept in
 * the history also where it changes nothing: a version that waits since it was registered is chosen to. Only with
 * `allowDeprecated` an alias comes to point to a deprecated version.
 */
export type Occasion = {
  key: string;
  action: AliasChange['action'];
  userId: string | null;
  reason: string;
  isDecided?: boolean;
  allowDeprecated?: boolean;
};

/** Why a version should no longer be used that was only put aside. */
export const PUT_ASIDE = 'Archived';

/** The state after, or null when the aliases it starts from do not allow it. */
export type NextState = (state: AliasState) => AliasState | null;

/**
 * Changes the aliases of a model whose row is locked, and keeps how they were.
 * @returns false when the state does not allow it; then nothing was changed
 * @throws MalloError model.version_deleted, model.version_deprecated or, of a return to an earlier state,
 * model.return_deprecated, and when a version is promoted to be the champion those of `checkGates`
 */
export async function changeAliases(
  tables: Tables,
  modelId: string,
  { key, action, userId, reason, isDecided = false, allowDeprecated = false }: Occasion,
  next: NextState,
): Promise<boolean> {
  if (await tables.aliasChange.findUnique({ where: { modelId_key: { modelId, key } } })) return true;
  const rows = await tables.modelAlias.findMany({ where: { modelId }, include: { version: true } });
  const before = stateOf(rows);
  const after = next(before);
  if (!after) return false;
  const moved = Object.entries(after).filter(([name, version]) => before[name] !== version);
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  if (moved.length === 0 && gone.length === 0 && !isDecided) return true;
  const [champion, newChampion] = [before[CHAMPION], after[CHAMPION]];
  if (action === 'promote' && champion && newChampion && champion !== newChampion) {
    await checkGates(tables, modelId, newChampion, champion);
  }
  if (gone.length > 0) await tables.modelAlias.deleteMany({ where: { modelId, name: { in: gone } } });
  for (const [name, version] of moved) {
    const where = { modelId_major_minor_patch: placeOf(modelId, version) };
    const { id: versionId, deletedAt, deprecation } = await tables.modelVersion.findUniqueOrThrow({ where });
    if (deletedAt) throw new MalloError('model.version_deleted', { version });
    // What was the champion becomes @rollback whatever was found out about it since: that may be why it is replaced.
    const isReplaced = name === ROLLBACK && version === champion;
    if (deprecation !== null && !allowDeprecated && !isReplaced) {
      const code = action === 'promote' ? 'model.version_deprecated' : 'model.return_deprecated';
      throw new MalloError(code, { version, reason: deprecation });
    }
    const place = { modelId_name: { modelId, name } };
    await tables.modelAlias.upsert({ where: place, create: { modelId, name, versionId }, update: { versionId } });
  }
  const last = await tables.aliasChange.aggregate({ where: { modelId }, _max: { position: true } });
  const position = (last._max.position ?? 0) + 1;
  await tables.aliasChange.create({
    data: { id: newId('chg'), modelId, position, key, action, userId, reason, before, after },
  });
  await touchModel(tables, modelId);
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

  /**
   * Brings a version into a stage by moving aliases, and says of it, and of those that it takes the place of, whether they
   * should still be used; all of it or nothing. Whoever moves a version that is only put aside takes that back; one that
   * is deprecated for another reason stays so.
   * @throws MalloError as `changeAliases`
   */
  stage(
    modelId: string,
    occasion: Occasion,
    next: NextState,
    deprecations: Record<string, string | null>,
  ): Promise<void> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, modelId);
      for (const [version, deprecation] of Object.entries(deprecations)) {
        const where = { ...placeOf(modelId, version), OR: [{ deprecation: null }, { deprecation: PUT_ASIDE }] };
        await tables.modelVersion.updateMany({ where, data: { deprecation } });
        await tables.modelVersion.updateMany({ where: placeOf(modelId, version), data: { updatedAt: new Date() } });
      }
      await changeAliases(tables, modelId, occasion, next);
      await countVersions(tables, modelId);
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
        by: row.user?.name ?? row.byName,
        reason: row.reason,
        before: row.before,
        after: row.after,
        at: row.createdAt.toISOString(),
      }),
    );
  }
}
