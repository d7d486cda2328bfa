import { newId } from '@mallo/backend';
import type { Notes } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, isDuplicate } from '../database/database.js';
import { placeOf } from './version-numbers.js';

type Place = { modelId: string; version: string };

/** What people write beside versions. Rows are only ever added. */
@Injectable()
export class NotesRepository {
  constructor(private readonly database: Database) {}

  /** The latest first. */
  async history({ modelId, version }: Place): Promise<Notes[]> {
    const rows = await this.database.versionNotes.findMany({
      where: { version: placeOf(modelId, version) },
      include: { user: { select: { name: true } } },
      orderBy: { position: 'desc' },
    });
    return rows.map(({ id, text, user, byName, createdAt }) => ({
      id,
      text,
      by: user?.name ?? byName,
      at: createdAt.toISOString(),
    }));
  }

  /**
   * Adds notes in the place of those that were read; the same text again adds nothing.
   * @returns false when others were written since
   */
  async write({ modelId, version }: Place, userId: string, text: string, after: string | null): Promise<boolean> {
    const { id: versionId } = await this.database.modelVersion.findUniqueOrThrow({
      where: { modelId_major_minor_patch: placeOf(modelId, version) },
    });
    const last = await this.database.versionNotes.findFirst({ where: { versionId }, orderBy: { position: 'desc' } });
    if (last?.text === text) return true;
    if ((last?.id ?? null) !== after) return false;
    try {
      const position = (last?.position ?? 0) + 1;
      await this.database.$transaction([
        this.database.versionNotes.create({ data: { id: newId('nts'), versionId, position, userId, text } }),
        this.database.modelVersion.update({ where: { id: versionId }, data: { updatedAt: new Date() } }),
      ]);
      return true;
    } catch (error) {
      // Somebody wrote at the same moment.
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}
