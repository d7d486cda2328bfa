import {
  AliasState,
  MalloError,
  METRIC_CONDITION,
  type ModelPage,
  type ModelQuery,
  type ModelSummary,
  TAG_CONDITION,
  TaskType,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { gramsToFind, searchTextOf } from './search-text.js';
import { hasStage } from './stages.repository.js';
import { figuresOf, tagsOf } from './version-rows.js';

const { sql, join, raw, empty } = Prisma;

const COMPARISONS: Record<string, Prisma.Sql> = {
  '>=': raw('>='),
  '<=': raw('<='),
  '>': raw('>'),
  '<': raw('<'),
  '=': raw('='),
};

/** What a text finds up to so many times is read whole; what it finds more often, in the order of the list. */
const FEW = 500;

/** Where a page ends: the last model's place in the order, which is a time, a name or a figure; and its id. */
const CURSORS = {
  text: z.tuple([z.string(), z.string()]),
  float8: z.tuple([z.number().nullable(), z.string()]),
  timestamptz: z.tuple([z.iso.datetime(), z.string()]),
};

type Row = {
  id: string;
  name: string;
  task_type: string | null;
  created_at: Date;
  updated_at: Date;
  tags: unknown;
  version_count: number;
  aliases: unknown;
  place: string | number | Date | null;
  version_id: string;
  version: string;
  number: number;
  version_created_at: Date;
  run_id: string | null;
  val_accuracy: number | null;
  metrics: unknown;
  framework: string;
  architecture: string;
  deprecation: string | null;
  version_tags: unknown;
  size_bytes: string;
};

/** By what models are ordered; equals by their id. */
type Order = { by: Prisma.Sql; type: 'text' | 'float8' | 'timestamptz'; isDescending: boolean };

function orderOf({ sort, order }: ModelQuery): Order {
  const isDescending = order ? order === 'desc' : sort !== 'name';
  if (sort === 'name') return { by: sql`m.name`, type: 'text', isDescending };
  const metric = /^metric:(.+)$/s.exec(sort)?.[1];
  if (metric) return { by: sql`(v.metrics ->> ${metric})::float8`, type: 'float8', isDescending };
  return { by: sort === 'created' ? sql`m.created_at` : sql`m.updated_at`, type: 'timestamptz', isDescending };
}

/** A model of the project, if that is the person's. */
function isIn(projectId: string, ownerId: string): Prisma.Sql {
  return sql`m.project_id = ${projectId}
    AND EXISTS (SELECT FROM mallo.projects p WHERE p.id = ${projectId} AND p.owner_id = ${ownerId})`;
}

function isNamed(text: string): Prisma.Sql {
  return sql`position(${text} in m.search_name) > 0`;
}

/** The same, to be found by the index. */
function isFound(text: string): Prisma.Sql {
  return sql`${isNamed(text)}
    AND m.id IN (SELECT g.model_id FROM mallo.model_name_grams g WHERE g.grams @> ${gramsToFind(text)}::text[])`;
}

function conditionsOf(query: ModelQuery): Prisma.Sql[] {
  const { task, framework, metric, tag, alias, stage, deprecated } = query;
  const conditions: Prisma.Sql[] = [];
  if (task) conditions.push(sql`m.task_type = ${task}`);
  if (framework) conditions.push(sql`v.framework = ${framework}`);
  if (deprecated !== undefined) {
    conditions.push(deprecated ? sql`v.deprecation IS NOT NULL` : sql`v.deprecation IS NULL`);
  }
  for (const condition of metric) {
    const [, name = '', comparison = '=', value = ''] = METRIC_CONDITION.exec(condition) ?? [];
    conditions.push(sql`(v.metrics ->> ${name})::float8 ${COMPARISONS[comparison] ?? raw('=')} ${Number(value)}`);
  }
  for (const condition of tag) {
    const [, key = '', value] = TAG_CONDITION.exec(condition) ?? [];
    conditions.push(
      value === undefined
        ? sql`(jsonb_exists(m.tags, ${key}) OR jsonb_exists(v.tags, ${key}))`
        : sql`(m.tags ->> ${key} = ${value} OR v.tags ->> ${key} = ${value})`,
    );
  }
  if (stage) conditions.push(hasStage(stage));
  if (alias) {
    conditions.push(sql`EXISTS (SELECT FROM mallo.model_aliases a WHERE a.model_id = m.id AND a.name = ${alias})`);
  }
  return conditions;
}

/** What comes after the page that the cursor ends. Models without the figure they are ordered by are last either way. */
function after(cursor: string, { by, type, isDescending }: Order): Prisma.Sql {
  const [place, id] = readCursor(cursor, type);
  const beyond = isDescending ? raw('<') : raw('>');
  if (place === null) return sql`(${by} IS NULL AND m.id ${beyond} ${id})`;
  const rest = sql`(${by}, m.id) ${beyond} (${place}::${raw(type)}, ${id})`;
  return type === 'float8' ? sql`(${rest} OR ${by} IS NULL)` : rest;
}

function readCursor(cursor: string, type: Order['type']): [string | number | null, string] {
  try {
    return CURSORS[type].parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new MalloError(
      'request.invalid',
      { problem: { en: 'query.cursor: not of this list', ko: 'query.cursor: 이 목록의 것이 아닙니다' } },
      { cause },
    );
  }
}

function cursorAfter({ place, id }: Row): string {
  return Buffer.from(JSON.stringify([place, id])).toString('base64url');
}

function toSummary(projectId: string, row: Row): ModelSummary {
  return {
    id: row.id,
    projectId,
    name: row.name,
    taskType: TaskType.nullable().parse(row.task_type),
    createdAt: row.created_at.toISOString(),
    changedAt: row.updated_at.toISOString(),
    tags: tagsOf(row.tags),
    aliases: AliasState.parse(row.aliases ?? {}),
    versionCount: row.version_count,
    latest: {
      id: row.version_id,
      version: row.version,
      number: row.number,
      createdAt: row.version_created_at.toISOString(),
      runId: row.run_id,
      valAccuracy: row.val_accuracy,
      metrics: figuresOf(row.metrics),
      framework: row.framework,
      architecture: row.architecture,
      sizeBytes: Number(row.size_bytes),
      deprecation: row.deprecation,
      tags: tagsOf(row.version_tags),
    },
  };
}

const ALL = sql`mallo.registered_models m`;

/** A page, and one model more where there is another page. */
function pageOf(models: Prisma.Sql, where: Prisma.Sql, { limit }: ModelQuery, order: Order): Prisma.Sql {
  const direction = raw(order.isDescending ? 'DESC' : 'ASC');
  const last = order.type === 'float8' ? raw('NULLS LAST') : empty;
  // Aliases and sizes are looked up for the models of the page alone.
  return sql`
    WITH page AS MATERIALIZED (
      SELECT m.id, m.name, m.task_type, m.created_at, m.updated_at, m.tags, m.version_count, ${order.by} AS place,
        v.id AS version_id, concat_ws('.', v.major, v.minor, v.patch) AS version, v.number,
        v.created_at AS version_created_at,
        v.run_id, v.val_accuracy, v.metrics, v.framework, v.architecture, v.deprecation, v.tags AS version_tags
      FROM ${models} JOIN mallo.model_versions v ON v.id = m.latest_version_id
      WHERE ${where}
      ORDER BY ${order.by} ${direction} ${last}, m.id ${direction}
      LIMIT ${limit + 1}
    )
    SELECT page.*,
      (SELECT jsonb_object_agg(a.name, concat_ws('.', x.major, x.minor, x.patch))
         FROM mallo.model_aliases a JOIN mallo.model_versions x ON x.id = a.version_id
        WHERE a.model_id = page.id) AS aliases,
      (SELECT coalesce(sum(size_bytes), 0)::int8 FROM mallo.model_artifacts f
        WHERE f.version_id = page.version_id) AS size_bytes
    FROM page ORDER BY place ${direction} ${last}, id ${direction}`;
}

/** Finds models of a project by what their latest versions are. */
@Injectable()
export class ModelSearchRepository {
  constructor(private readonly database: Database) {}

  /** @throws MalloError request.invalid when the cursor is of another list */
  async search(ownerId: string, projectId: string, query: ModelQuery): Promise<ModelPage> {
    const order = orderOf(query);
    const mine = isIn(projectId, ownerId);
    const text = searchTextOf(query.search);
    const conditions = conditionsOf(query);
    if (query.cursor) conditions.push(after(query.cursor, order));
    const where = join([mine, ...(text ? [isFound(text)] : []), ...conditions], ' AND ');
    const rows =
      conditions.length === 0
        ? await this.named(text, mine, query, order)
        : await this.database.rowsPlannedAnew<Row>(pageOf(ALL, where, query, order));
    const models = rows.slice(0, query.limit);
    const end = models.at(-1);
    const nextCursor = rows.length > query.limit && end ? cursorAfter(end) : null;
    return { models: models.map((row) => toSummary(projectId, row)), nextCursor };
  }

  /**
   * The first page of what has a text in its name, asked so that one plan is good for every text: what is found is put in
   * order where it is little. Where it is much, so much of the list has the text that a page of it is soon read.
   */
  private async named(text: string, mine: Prisma.Sql, query: ModelQuery, order: Order): Promise<Row[]> {
    if (!text) return this.database.rows<Row>(pageOf(ALL, mine, query, order));
    const found = sql`SELECT m.id FROM ${ALL} WHERE ${mine} AND ${isFound(text)}`;
    const few = sql`
      (SELECT id, count(*) OVER () AS count FROM (${found} LIMIT ${FEW + 1}) found) f JOIN ${ALL} ON m.id = f.id`;
    const rows = await this.database.rows<Row>(pageOf(few, sql`f.count <= ${FEW}`, query, order));
    if (rows.length > 0) return rows;
    const isMuch = sql`${mine} AND ${isNamed(text)} AND EXISTS (${found})`;
    return this.database.rows<Row>(pageOf(ALL, isMuch, query, order));
  }
}
