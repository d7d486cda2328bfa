import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { CANDIDATE, CHAMPION } from './alias-state.js';
import { ListedVersion, type ListingSearch } from './listing.js';
import { conditionsOf, orderOf } from './listing-conditions.repository.js';
import { placeOf } from './version-numbers.js';

const { sql, raw, join } = Prisma;

const NUMBERS = raw("concat_ws('.', v.major, v.minor, v.patch)");

/** What is needed of a version to know its stage. */
const ENOUGH = raw('v.id, v.model_id, v.number, v.major, v.minor, v.patch, v.deprecation');

/** The stage of each version of `versions`, as `staged`. The history of a model is read once, however many there are. */
function staged(versions: Prisma.Sql): Prisma.Sql {
  return sql`
    picked AS MATERIALIZED (${versions}),
    held AS (SELECT a.version_id, array_agg(a.name) AS names FROM mallo.model_aliases a
              WHERE a.model_id IN (SELECT model_id FROM picked) GROUP BY a.version_id),
    once AS (SELECT DISTINCT c.model_id, c.after ->> ${CHAMPION} AS version FROM mallo.alias_changes c
              WHERE c.model_id IN (SELECT model_id FROM picked) AND jsonb_exists(c.after, ${CHAMPION})),
    chosen AS (SELECT DISTINCT ON (c.model_id) c.model_id, c.after ->> ${CANDIDATE} AS version, c.action
                FROM mallo.alias_changes c
               WHERE c.model_id IN (SELECT model_id FROM picked) AND jsonb_exists(c.after, ${CANDIDATE})
                 AND (c.before ->> ${CANDIDATE} IS DISTINCT FROM c.after ->> ${CANDIDATE} OR c.before = c.after)
               ORDER BY c.model_id, c.position DESC),
    staged AS (SELECT v.id, v.model_id, v.number,
        CASE WHEN ${CHAMPION} = ANY(h.names) THEN 'Production'
             WHEN ${CANDIDATE} = ANY(h.names) AND s.action <> 'register' THEN 'Staging'
             WHEN o.version IS NOT NULL OR v.deprecation IS NOT NULL THEN 'Archived' END AS stage
      FROM picked v LEFT JOIN held h ON h.version_id = v.id
        LEFT JOIN once o ON o.model_id = v.model_id AND o.version = ${NUMBERS}
        LEFT JOIN chosen s ON s.model_id = v.model_id AND s.version = ${NUMBERS})`;
}

const LISTED = sql`
  v.id, v.model_id AS "modelId", m.name AS "modelName", v.number, ${NUMBERS} AS version, v.created_at AS "createdAt",
  v.updated_at AS "updatedAt", coalesce(v.run_id, v.origin_run_id) AS "runId", v.logged, v.tags, s.stage,
  coalesce((SELECT n.text FROM mallo.version_notes n WHERE n.version_id = v.id ORDER BY n.position DESC LIMIT 1), v.memo)
    AS description,
  (SELECT jsonb_agg(a.name ORDER BY a.name) FROM mallo.model_aliases a WHERE a.version_id = v.id) AS aliases,
  EXISTS (SELECT FROM mallo.model_artifacts f WHERE f.version_id = v.id) AS "hasFiles"
  FROM shown s JOIN mallo.model_versions v ON v.id = s.id JOIN mallo.registered_models m ON m.id = v.model_id`;

/** Versions across the models of a project. */
@Injectable()
export class ListedVersionsRepository {
  constructor(private readonly database: Database) {}

  /** The version of a number; null when there is none, or it was deleted. */
  one(modelId: string, number: number): Promise<ListedVersion | null> {
    return this.only(sql`v.model_id = ${modelId} AND v.number = ${number}`);
  }

  /** A version by its version; null when there is none, or it was deleted. */
  exact(modelId: string, version: string): Promise<ListedVersion | null> {
    const { major, minor, patch } = placeOf(modelId, version);
    return this.only(sql`v.model_id = ${modelId} AND v.major = ${major} AND v.minor = ${minor} AND v.patch = ${patch}`);
  }

  /** The highest version of each model in each stage that it has versions in; what is in none is one of them. */
  async latest(modelIds: string[]): Promise<ListedVersion[]> {
    const rows = await this.database.$queryRaw<unknown[]>`
      WITH ${staged(sql`SELECT ${ENOUGH} FROM mallo.model_versions v
        WHERE v.model_id = ANY(${modelIds}::text[]) AND v.deleted_at IS NULL`)},
      shown AS (SELECT DISTINCT ON (model_id, stage) * FROM staged ORDER BY model_id, stage, number DESC)
      SELECT ${LISTED} ORDER BY v.model_id, v.number`;
    return ListedVersion.array().parse(rows);
  }

  /** Some of the versions of a project that fulfil all conditions. */
  async search(projectId: string, search: ListingSearch): Promise<ListedVersion[]> {
    const order = orderOf(search.order);
    const rows = await this.database.$queryRaw<unknown[]>`
      WITH ${staged(sql`SELECT ${ENOUGH} FROM mallo.model_versions v JOIN mallo.registered_models m ON m.id = v.model_id
        WHERE m.project_id = ${projectId} AND m.deleted_at IS NULL AND v.deleted_at IS NULL
          AND ${join(conditionsOf(search.conditions, 'version'), ' AND ')}
        ORDER BY ${order} LIMIT ${search.limit} OFFSET ${search.offset}`)},
      shown AS (SELECT * FROM staged) SELECT ${LISTED} ORDER BY ${order}`;
    return ListedVersion.array().parse(rows);
  }

  private async only(which: Prisma.Sql): Promise<ListedVersion | null> {
    const rows = await this.database.$queryRaw<unknown[]>`
      WITH ${staged(sql`SELECT ${ENOUGH} FROM mallo.model_versions v WHERE ${which} AND v.deleted_at IS NULL`)},
      shown AS (SELECT * FROM staged) SELECT ${LISTED}`;
    return ListedVersion.array().parse(rows)[0] ?? null;
  }
}
