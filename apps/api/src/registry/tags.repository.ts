import type { TagChange, Tags } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { lockModel, touchModel } from './model-lock.repository.js';
import { placeOf } from './version-numbers.js';
import { tagsOf } from './version-rows.js';

function changed(tags: unknown, change: TagChange): Tags {
  const next = { ...tagsOf(tags), ...change };
  return Object.fromEntries(Object.entries(next).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The tags of models and versions. */
@Injectable()
export class TagsRepository {
  constructor(private readonly database: Database) {}

  changeModel(modelId: string, change: TagChange): Promise<void> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, modelId);
      const where = { id: modelId };
      const { tags } = await tables.registeredModel.findUniqueOrThrow({ where });
      await tables.registeredModel.update({ where, data: { tags: changed(tags, change), updatedAt: new Date() } });
    });
  }

  changeVersion(modelId: string, version: string, change: TagChange): Promise<void> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, modelId);
      const where = { modelId_major_minor_patch: placeOf(modelId, version) };
      const { tags } = await tables.modelVersion.findUniqueOrThrow({ where });
      await tables.modelVersion.update({ where, data: { tags: changed(tags, change) } });
      await touchModel(tables, modelId);
    });
  }
}
