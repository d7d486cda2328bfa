import { newId } from '@mallo/backend';
import { nameKey } from '@mallo/zoo';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Prisma } from '../../generated/prisma/client.js';
import { AddedModel, codeOf } from './added-model.js';

/** Each as one document. */
@Injectable()
export class AddedModelsRepository {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  async list(userId: string): Promise<AddedModel[]> {
    const rows = await this.database.addedModel.findMany({
      where: { userId, key: { not: null } },
      orderBy: { createdAt: 'desc' },
    });
    return rows.map(({ document }) => AddedModel.parse(document));
  }

  /** False when the person has one of that name already. */
  async add(userId: string, model: AddedModel): Promise<boolean> {
    try {
      await this.database.addedModel.create({
        data: {
          id: newId('zoo'),
          userId,
          key: nameKey(model.name),
          sha256: codeOf(model)?.sha256 ?? null,
          document: model,
        },
      });
      return true;
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return false;
      throw error;
    }
  }

  /** False when there is none of that name. */
  async remove(userId: string, name: string): Promise<boolean> {
    const where = { userId, key: nameKey(name) };
    const { count } = await this.database.addedModel.updateMany({ where, data: { key: null } });
    return count > 0;
  }

  /** The text of a Python file that was added at some time; null when none was. */
  async codeOf(sha256: string): Promise<string | null> {
    const row = await this.database.addedModel.findFirst({ where: { sha256 } });
    const added = row && AddedModel.parse(row.document).added;
    return added?.kind === 'python' ? added.code : null;
  }
}
