import { type ModelVersion, type RegisteredModel, TaskType } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { type Answer, inOrder, joined } from '../database/joined.js';
import { Prisma, type RegisteredModel as Row, type ModelVersion as VersionRow } from '../generated/prisma/client.js';
import { CHAMPION, stateOf } from './alias-state.js';
import { stagesOf } from './stages.js';
import { IS_ARCHIVED } from './stages.repository.js';
import { placeOf } from './version-numbers.js';
import type { VersionWanted } from './version-ref.js';
import { type FullRow, gatesOf, tagsOf, toSummary, toVersion } from './version-rows.js';

const { sql, raw } = Prisma;

const NEWEST_FIRST = [{ major: 'desc' }, { minor: 'desc' }, { patch: 'desc' }] as const;
const WITH_SIZES = { artifacts: { select: { sizeBytes: true } } };
const WITH_VERSIONS = {
  versions: { where: { deletedAt: null }, orderBy: [...NEWEST_FIRST], include: WITH_SIZES },
  aliases: { include: { version: true } },
};

/** Where a person's version is. */
type VersionPlace = ReturnType<typeof placeOf> & { ownerId: string };

type ModelRow = Row & {
  versions: (VersionRow & { artifacts: { sizeBytes: bigint }[] })[];
  aliases: { name: string; version: VersionRow }[];
};

function toModel(row: ModelRow, onceChampion: ReadonlySet<string>): RegisteredModel {
  const versions = row.versions.map((version) =>
    toSummary(
      version,
      version.artifacts.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0),
    ),
  );
  const aliases = stateOf(row.aliases);
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    description: row.description,
    taskType: TaskType.nullable().parse(row.taskType),
    createdAt: row.createdAt.toISOString(),
    tags: tagsOf(row.tags),
    aliases,
    stages: stagesOf(versions, aliases, onceChampion),
    gates: gatesOf(row.gates),
    versions,
  };
}

/** Of a version `x`. */
const NUMBER_OF = raw("concat_ws('.', x.major, x.minor, x.patch)");

/** All of a version in one question, for it is what programs ask for at every start: `v` is it, `m` its model. */
const FULL_VERSION = sql`
  m.name AS "modelName", m.project_id AS "projectId", m.task_type AS "taskType",
  v.id, v.model_id AS "modelId", v.major, v.minor, v.patch, v.number, v.logged, v.created_at AS "createdAt", v.run_id AS "runId",
  v.val_accuracy AS "valAccuracy", v.metrics, v.framework, v.architecture, v.deprecation, v.tags, v.memo, v.config,
  v.input_shape AS "inputShape", v.class_names AS "classNames", v.dataset_name AS "datasetName",
  v.config_hash AS "configHash", v.dataset_version_sha256 AS "datasetVersionSha256", v.recipe, v.result, v.transcript,
  (SELECT r.id FROM mallo.runs r WHERE r.id = v.origin_run_id AND r.project_id = m.project_id) AS "ranHere",
  (SELECT ${NUMBER_OF} FROM mallo.model_versions x WHERE x.id = v.parent_id) AS "madeFrom",
  (SELECT jsonb_agg(${NUMBER_OF} ORDER BY x.major, x.minor, x.patch)
     FROM mallo.model_versions x WHERE x.parent_id = v.id AND x.deleted_at IS NULL) AS children,
  (SELECT jsonb_build_object('id', n.id, 'text', n.text, 'by', coalesce(u.name, n.by_name), 'at', n.created_at)
     FROM mallo.version_notes n LEFT JOIN mallo.users u ON u.id = n.user_id
    WHERE n.version_id = v.id ORDER BY n.position DESC LIMIT 1) AS notes,
  (SELECT jsonb_agg(jsonb_build_object('name', f.name, 'sha256', f.sha256, 'sizeBytes', f.size_bytes, 'kind', f.kind)
            ORDER BY f.name)
     FROM mallo.model_artifacts f WHERE f.version_id = v.id) AS artifacts`;

/** Which version of the model `m` is wanted. */
function isWanted(wanted: VersionWanted): Prisma.Sql {
  switch (wanted.kind) {
    case 'latest':
      return sql`v.id = m.latest_version_id`;
    case 'exact': {
      const { major, minor, patch } = placeOf('', wanted.version);
      return sql`v.model_id = m.id AND v.major = ${major} AND v.minor = ${minor} AND v.patch = ${patch}`;
    }
    case 'counted':
      // Deleted ones count too, so that what v3 means never changes.
      return sql`v.model_id = m.id AND v.number = ${wanted.number}`;
    case 'best':
      return sql`v.id = (
        SELECT x.id FROM mallo.model_versions x
        WHERE x.model_id = m.id AND x.deleted_at IS NULL AND x.metrics ->> ${wanted.metric} IS NOT NULL
        ORDER BY x.deprecation IS NOT NULL, (x.metrics ->> ${wanted.metric})::float8 ${raw(wanted.smaller ? 'ASC' : 'DESC')},
          x.major DESC, x.minor DESC, x.patch DESC LIMIT 1)`;
    case 'alias':
      return sql`v.id = (
        SELECT a.version_id FROM mallo.model_aliases a WHERE a.model_id = m.id AND a.name = ANY(${wanted.names}::text[])
        ORDER BY array_position(${wanted.names}::text[], a.name) LIMIT 1)`;
    case 'archived':
      return sql`v.id = coalesce(
        (SELECT a.version_id FROM mallo.model_aliases a WHERE a.model_id = m.id AND a.name = ${wanted.alias}),
        (SELECT x.id FROM mallo.model_versions x WHERE ${IS_ARCHIVED}
          ORDER BY x.major DESC, x.minor DESC, x.patch DESC LIMIT 1))`;
  }
}

/** The models `m` of that name, of the owner's or of one project, with the version `v` of each that is wanted. */
function fromWanted(ownerId: string, name: string, wanted: VersionWanted, projectId?: string): Prisma.Sql {
  return sql`
    FROM mallo.registered_models m JOIN mallo.projects p ON p.id = m.project_id
      LEFT JOIN mallo.model_versions v ON ${isWanted(wanted)} AND v.deleted_at IS NULL
    WHERE p.owner_id = ${ownerId} AND m.name = ${name} AND ${projectId ? sql`p.id = ${projectId}` : sql`TRUE`}`;
}

/** Registered models, their versions and the files these point to. */
@Injectable()
export class RegistryRepository {
  private readonly versionBy = joined((places: VersionPlace[]) => this.versions(places));

  constructor(private readonly database: Database) {}

  /** The models of a project that have versions, the latest changed first, at most `limit` of them. */
  async list(projectId: string, limit: number): Promise<RegisteredModel[]> {
    const rows = await this.database.registeredModel.findMany({
      where: { projectId, versionCount: { gt: 0 } },
      include: WITH_VERSIONS,
      orderBy: { updatedAt: 'desc' },
      take: limit,
    });
    return this.models(rows);
  }

  async owns(ownerId: string, id: string): Promise<boolean> {
    return (await this.database.registeredModel.count({ where: { id, project: { ownerId } } })) > 0;
  }

  async get(ownerId: string, id: string): Promise<RegisteredModel | null> {
    const row = await this.database.registeredModel.findFirst({
      where: { id, project: { ownerId } },
      include: WITH_VERSIONS,
    });
    return row && ((await this.models([row]))[0] ?? null);
  }

  /** A version; null when it is of another's, deleted, or there is none. */
  version(ownerId: string, modelId: string, version: string): Promise<ModelVersion | null> {
    return this.versionBy({ ownerId, ...placeOf(modelId, version) });
  }

  /**
   * What a reference means in each model of that name: one of every project of the owner's, or of the one given. Where
   * a model has no such version it is null.
   */
  async wanted(
    ownerId: string,
    name: string,
    wanted: VersionWanted,
    projectId?: string,
  ): Promise<{ projectId: string; version: ModelVersion | null }[]> {
    const rows = await this.database.rows<FullRow | (Omit<FullRow, 'id'> & { id: null })>(
      sql`SELECT ${FULL_VERSION} ${fromWanted(ownerId, name, wanted, projectId)}`,
    );
    return rows.map((row) => ({
      projectId: row.projectId,
      version: row.id === null ? null : toVersion(row as FullRow),
    }));
  }

  /** The same without what the versions say of themselves: whether what is known of one is what is meant. */
  wantedIds(
    ownerId: string,
    name: string,
    wanted: VersionWanted,
    projectId?: string,
  ): Promise<{ projectId: string; id: string | null }[]> {
    return this.database.rows(
      sql`SELECT m.project_id AS "projectId", v.id ${fromWanted(ownerId, name, wanted, projectId)}`,
    );
  }

  /** The version that was registered under a key of the sender's; null when there is none, or it was deleted. */
  async registeredBy(ownerId: string, projectId: string, name: string, key: string): Promise<ModelVersion | null> {
    const [row] = await this.database.rows<FullRow>(sql`
      SELECT ${FULL_VERSION}
      FROM mallo.registered_models m JOIN mallo.projects p ON p.id = m.project_id
        JOIN mallo.model_versions v ON v.model_id = m.id
      WHERE p.id = ${projectId} AND p.owner_id = ${ownerId} AND m.name = ${name} AND v.key = ${key}
        AND v.deleted_at IS NULL`);
    return row ? toVersion(row) : null;
  }

  private async versions(places: VersionPlace[]): Promise<Answer<ModelVersion | null>[]> {
    const of = <K extends keyof VersionPlace>(key: K) => places.map((place) => place[key]);
    const rows = await this.database.rows<FullRow & { place: string }>(sql`
      SELECT w.place, ${FULL_VERSION}
      FROM unnest(${of('ownerId')}::text[], ${of('modelId')}::text[], ${of('major')}::int[], ${of('minor')}::int[],
          ${of('patch')}::int[]) WITH ORDINALITY AS w(owner, model, major, minor, patch, place)
        JOIN mallo.registered_models m ON m.id = w.model
        JOIN mallo.projects p ON p.id = m.project_id AND p.owner_id = w.owner
        JOIN mallo.model_versions v ON v.model_id = m.id AND v.major = w.major AND v.minor = w.minor
          AND v.patch = w.patch
      WHERE v.deleted_at IS NULL`);
    return inOrder(rows, places.length).map(({ value }) => ({ value: value && toVersion(value) }));
  }

  private async models(rows: ModelRow[]): Promise<RegisteredModel[]> {
    const ids = rows.map(({ id }) => id);
    const champions = await this.database.$queryRaw<{ modelId: string; version: string }[]>`
      SELECT DISTINCT model_id AS "modelId", after ->> ${CHAMPION} AS version FROM mallo.alias_changes
      WHERE model_id = ANY(${ids}::text[]) AND jsonb_exists(after, ${CHAMPION})`;
    const byModel = Map.groupBy(champions, ({ modelId }) => modelId);
    return rows.map((row) => toModel(row, new Set(byModel.get(row.id)?.map(({ version }) => version))));
  }
}
