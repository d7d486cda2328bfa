import { newId } from '@mallo/backend';
import { MalloError, type RegistryImport, RegistryModel } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, isDuplicate, type Tables } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { searchable } from '../registry/search-text.js';
import { placeOf, versionOf } from '../registry/version-numbers.js';

const TWICE = { en: 'a model, id or key is there twice', ko: '모델이나 id나 키가 두 번 있습니다' };
/** Models that are read at a time. */
const BATCH = 50;
/** A registry of many thousand versions is written in one transaction. */
const PATIENT = { maxWait: 30_000, timeout: 60 * 60 * 1000 };

const NAMED = { user: { select: { name: true } } } as const;
const WHOLE = {
  aliases: { include: { version: true }, orderBy: { name: 'asc' } },
  changes: { include: NAMED, orderBy: { position: 'asc' } },
  gateChanges: { include: NAMED, orderBy: { position: 'asc' } },
  versions: {
    include: {
      parent: true,
      artifacts: { orderBy: { name: 'asc' } },
      notes: { include: NAMED, orderBy: { position: 'asc' } },
    },
    orderBy: [{ major: 'asc' }, { minor: 'asc' }, { patch: 'asc' }],
  },
} as const satisfies Prisma.RegisteredModelInclude;
type WholeRow = Prisma.RegisteredModelGetPayload<{ include: typeof WHOLE }>;

/** A file of a version, not yet given its place in the zip. */
type StoredFile = { name: string; sizeBytes: number; sha256: string; kind: string | null };

/** Where a file of a model goes. */
export type PlaceFile = (version: string, file: StoredFile) => string;

const by = (row: { user: { name: string } | null; byName: string | null }) => row.user?.name ?? row.byName;
const iso = (date: Date | null) => date?.toISOString() ?? null;

function toModel(row: WholeRow, place: PlaceFile): RegistryModel {
  const versions = row.versions.map((one) => ({
    version: versionOf(one),
    id: one.id,
    createdAt: one.createdAt.toISOString(),
    architecture: one.architecture,
    framework: one.framework,
    metrics: one.metrics,
    valAccuracy: one.valAccuracy,
    memo: one.memo,
    tags: one.tags,
    deprecation: one.deprecation,
    madeFrom: one.parent && versionOf(one.parent),
    deletedAt: iso(one.deletedAt),
    purgedAt: iso(one.purgedAt),
    runId: one.runId ?? one.originRunId,
    key: one.key,
    datasetName: one.datasetName,
    datasetVersionSha256: one.datasetVersionSha256,
    configHash: one.configHash,
    recipe: one.recipe,
    inputShape: one.inputShape,
    classNames: one.classNames,
    notes: one.notes.map((note) => ({ id: note.id, text: note.text, by: by(note), at: note.createdAt.toISOString() })),
    config: one.config,
    result: one.result,
    transcript: one.transcript,
    logged: one.logged,
    files: one.artifacts.map(({ name, sha256, sizeBytes, kind }) => {
      const file = { name, sizeBytes: Number(sizeBytes), sha256 };
      const path = place(versionOf(one), { ...file, kind });
      return { name, path, sizeBytes: file.sizeBytes, sha256, ...(kind === null ? {} : { kind }) };
    }),
  }));
  const change = (one: WholeRow['changes'][number] | WholeRow['gateChanges'][number]) => ({
    id: one.id,
    key: one.key,
    by: by(one),
    reason: one.reason,
    before: one.before,
    after: one.after,
    at: one.createdAt.toISOString(),
  });
  // What is written can be read again, or is not written.
  return RegistryModel.parse({
    model: row.name,
    id: row.id,
    taskType: row.taskType,
    description: row.description,
    deletedAt: iso(row.deletedAt),
    createdAt: row.createdAt.toISOString(),
    changedAt: row.updatedAt.toISOString(),
    tags: row.tags,
    aliases: Object.fromEntries(row.aliases.map(({ name, version }) => [name, versionOf(version)])),
    gates: row.gates,
    aliasChanges: row.changes.map((one) => ({ ...change(one), action: one.action })),
    gateChanges: row.gateChanges.map(change),
    versions,
  });
}

/** Everything of a project's registry at once, out of the database and into it. */
@Injectable()
export class RegistryFileRepository {
  constructor(private readonly database: Database) {}

  /** The models of a project by name, a few at a time. `placing` begins a model and gives its files their places. */
  async *models(projectId: string, placing: (model: string) => PlaceFile): AsyncGenerator<RegistryModel> {
    for (let last = ''; ; ) {
      const rows = await this.database.registeredModel.findMany({
        where: { projectId, name: { gt: last } },
        include: WHOLE,
        orderBy: { name: 'asc' },
        take: BATCH,
      });
      for (const row of rows) yield toModel(row, placing(row.name));
      if (rows.length < BATCH) return;
      last = rows.at(-1)?.name ?? '';
    }
  }

  /** What the import under this key made before, if it did. */
  async imported(projectId: string, key: string): Promise<RegistryImport | null> {
    const row = await this.database.registryImport.findFirst({ where: { projectId, key } });
    return row && (row.outcome as RegistryImport);
  }

  /** Whether one of these ids is in use here. */
  async someInUse(ids: string[]): Promise<boolean> {
    const where = { where: { id: { in: ids } } };
    const { registeredModel, modelVersion, aliasChange, gateChange, versionNotes } = this.database;
    const counts = [registeredModel.count(where), modelVersion.count(where), aliasChange.count(where)];
    return (await Promise.all([...counts, gateChange.count(where), versionNotes.count(where)])).some((n) => n > 0);
  }

  /** @throws MalloError registry.not_empty */
  async checkEmpty(projectId: string, tables: Tables = this.database): Promise<void> {
    const count = await tables.registeredModel.count({ where: { projectId } });
    if (count > 0) throw new MalloError('registry.not_empty', { count });
  }

  /**
   * Writes all models or none into a project without models; the same key again writes nothing more.
   * @throws MalloError registry.not_empty, registry.unreadable when something is there twice, request.conflict
   */
  write(
    projectId: string,
    key: string,
    models: () => AsyncIterable<RegistryModel>,
    outcome: RegistryImport,
  ): Promise<RegistryImport> {
    return this.database
      .$transaction(async (tables) => {
        // Registrations into the project wait, for they refer to its row.
        await tables.$queryRaw`SELECT id FROM mallo.projects WHERE id = ${projectId} FOR UPDATE`;
        const done = await tables.registryImport.findFirst({ where: { projectId, key } });
        if (done) return done.outcome as RegistryImport;
        await this.checkEmpty(projectId, tables);
        for await (const model of models()) await writeModel(tables, projectId, model, outcome.idsKept);
        await tables.registryImport.create({ data: { projectId, key, outcome } });
        return outcome;
      }, PATIENT)
      .catch((cause: unknown) => {
        if (!isDuplicate(cause)) throw cause;
        throw new MalloError('registry.unreadable', { problem: TWICE }, { cause });
      });
  }
}

async function writeModel(tables: Tables, projectId: string, model: RegistryModel, idsKept: boolean): Promise<void> {
  const idOf = (prefix: string, id: string) => (idsKept ? id : newId(prefix));
  const modelId = idOf('mdl', model.id);
  const { taskType, description, tags, gates } = model;
  const deletedAt = model.deletedAt && new Date(model.deletedAt);
  const times = { createdAt: new Date(model.createdAt), updatedAt: new Date(model.changedAt), deletedAt };
  const said = { taskType, description, tags, gates };
  await tables.registeredModel.create({
    data: { id: modelId, projectId, ...said, ...searchable(model.model), ...times },
  });

  const ids = new Map(model.versions.map(({ version, id }) => [version, idOf('ver', id)]));
  const versionId = (version: string) => ids.get(version) ?? '';
  const json = (value: unknown) => (value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue));
  // Deleted ones are among them, so each gets the number that it had.
  const inOrder = model.versions.toSorted((one, other) => byNumber(one.version, other.version));
  await tables.modelVersion.createMany({
    data: inOrder.map(({ version, id: _, runId, madeFrom, files: __, notes: ___, ...one }, index) => ({
      ...one,
      ...placeOf(modelId, version),
      number: index + 1,
      id: versionId(version),
      originRunId: runId,
      parentId: madeFrom && versionId(madeFrom),
      createdAt: new Date(one.createdAt),
      updatedAt: new Date(one.createdAt),
      deletedAt: one.deletedAt && new Date(one.deletedAt),
      purgedAt: one.purgedAt && new Date(one.purgedAt),
      inputShape: json(one.inputShape),
      classNames: json(one.classNames),
      config: json(one.config),
      result: json(one.result),
      transcript: json(one.transcript),
      logged: json(one.logged),
    })),
  });
  const each = <T>(of: (version: RegistryModel['versions'][number], id: string) => T[]) =>
    model.versions.flatMap((version) => of(version, versionId(version.version)));
  await tables.modelArtifact.createMany({
    data: each(({ files }, id) =>
      files.map(({ name, sha256, sizeBytes, kind }) => ({ versionId: id, name, sha256, sizeBytes, kind })),
    ),
  });
  await tables.versionNotes.createMany({
    data: each(({ notes }, id) =>
      notes.map(({ text, by, at, ...note }, index) => ({
        id: idOf('nts', note.id),
        versionId: id,
        position: index + 1,
        byName: by,
        text,
        createdAt: new Date(at),
      })),
    ),
  });
  await tables.modelAlias.createMany({
    data: Object.entries(model.aliases).map(([name, version]) => ({ modelId, name, versionId: versionId(version) })),
  });
  await tables.aliasChange.createMany({
    data: model.aliasChanges.map(({ by, at, ...change }, index) => ({
      ...change,
      id: idOf('chg', change.id),
      modelId,
      position: index + 1,
      byName: by,
      createdAt: new Date(at),
    })),
  });
  await tables.gateChange.createMany({
    data: model.gateChanges.map(({ by, at, ...change }, index) => ({
      ...change,
      id: idOf('gch', change.id),
      modelId,
      position: index + 1,
      byName: by,
      createdAt: new Date(at),
    })),
  });
  const there = model.versions.filter((version) => version.deletedAt === null);
  const latest = latestOf(there);
  await tables.registeredModel.update({
    where: { id: modelId },
    data: {
      versionCount: there.length,
      latestVersionId: latest === undefined ? null : versionId(latest),
      updatedAt: times.updatedAt,
    },
  });
}

/** The highest that is not deprecated; where all are, the highest. */
function latestOf(versions: RegistryModel['versions']): string | undefined {
  const usable = versions.filter(({ deprecation }) => deprecation === null);
  return (usable.length > 0 ? usable : versions)
    .map(({ version }) => version)
    .toSorted(byNumber)
    .at(-1);
}

function byNumber(one: string, other: string): number {
  const [a, b] = [placeOf('', one), placeOf('', other)];
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}
