import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { ListedModel, type ListingCondition, type ListingOrder, type ListingSearch } from './listing.js';
import { conditionsOf, orderOf } from './listing-conditions.repository.js';

const { join } = Prisma;

/** Models of a project by name, also those without versions. */
@Injectable()
export class ListedModelsRepository {
  constructor(private readonly database: Database) {}

  async search(projectId: string, search: ListingSearch): Promise<ListedModel[]> {
    const rows = await this.database.$queryRaw<unknown[]>`
      SELECT m.id, m.name, m.description, m.created_at AS "createdAt", m.updated_at AS "updatedAt", m.tags,
        (SELECT jsonb_object_agg(a.name, v.number) FROM mallo.model_aliases a
           JOIN mallo.model_versions v ON v.id = a.version_id WHERE a.model_id = m.id) AS aliases
      FROM mallo.registered_models m
      WHERE m.project_id = ${projectId} AND m.deleted_at IS NULL
        AND ${join(conditionsOf(search.conditions, 'model'), ' AND ')}
      ORDER BY ${orderOf(search.order, 'model')} LIMIT ${search.limit} OFFSET ${search.offset}`;
    return ListedModel.array().parse(rows);
  }

  async byName(projectId: string, name: string): Promise<ListedModel | null> {
    const conditions: ListingCondition[] = [{ of: 'name', comparator: '=', value: name }];
    const order: ListingOrder = [{ by: 'name', isAscending: true }];
    return (await this.search(projectId, { conditions, order, limit: 1, offset: 0 }))[0] ?? null;
  }
}
