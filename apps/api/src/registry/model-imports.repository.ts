import { newId } from '@mallo/backend';
import { AliasName, type AliasState, LoggedModel, type Tags } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import { CANDIDATE, CHAMPION, stateOf } from './alias-state.js';
import { PUT_ASIDE } from './aliases.repository.js';
import type { ModelImport, ModelImported, VersionImport } from './model-import.js';
import { countVersions, lockModel } from './model-lock.repository.js';
import { searchable } from './search-text.js';
import { versionOf } from './version-numbers.js';

const PATIENT = { maxWait: 30_000, timeout: 10 * 60 * 1000 };

/** Writes models of other registries with the numbers and times that they have there. */
@Injectable()
export class ModelImportsRepository {
  constructor(private readonly database: Database) {}

  /** Adds a model, or those of its versions that are not there, with their aliases and stages; all of it or nothing. */
  write(userId: string, projectId: string, said: ModelImport): Promise<ModelImported> {
    return this.database.$transaction(async (tables) => {
      const { id, isNew } = await this.model(tables, projectId, said);
      await lockModel(tables, id);
      const there = await tables.registeredModel.findUniqueOrThrow({
        where: { id },
        include: { aliases: { include: { version: true } } },
      });
      const { added, taken, others } = await addVersions(tables, id, said.versions);
      const state = stateOf(there.aliases);
      const { next, aliasesLeftOut, stagesLeftOut } = aliasesAfter(state, said, added);
      await setAliases(tables, id, userId, state, next, added);
      await countVersions(tables, id);
      const updatedAt = isNew ? new Date(said.updatedMs) : new Date();
      if (isNew || added.size > 0) await tables.registeredModel.update({ where: { id }, data: { updatedAt } });
      const differing = there.description === said.description ? [] : ['description'];
      const tags = there.tags as Tags;
      differing.push(
        ...Object.keys(said.tags)
          .filter((key) => tags[key] !== said.tags[key])
          .map((key) => `tag ${key}`),
      );
      differing.push(...others.map((number) => `version ${number}`));
      return { isNew, added: [...added.keys()], differing, taken, aliasesLeftOut, stagesLeftOut };
    }, PATIENT);
  }

  async numbersOf(projectId: string, name: string): Promise<Set<number>> {
    const where = { model: { projectId, name } };
    const rows = await this.database.modelVersion.findMany({ where, select: { number: true } });
    return new Set(rows.map(({ number }) => number));
  }

  private async model(tables: Tables, projectId: string, said: ModelImport): Promise<{ id: string; isNew: boolean }> {
    const { count } = await tables.registeredModel.createMany({
      data: {
        id: newId('mdl'),
        projectId,
        ...searchable(said.name),
        taskType: said.taskType,
        description: said.description,
        tags: said.tags,
        createdAt: new Date(said.createdMs),
        updatedAt: new Date(said.updatedMs),
      },
      skipDuplicates: true,
    });
    const where = { projectId_name: { projectId, name: said.name } };
    const { id } = await tables.registeredModel.findUniqueOrThrow({ where, select: { id: true } });
    return { id, isNew: count === 1 };
  }
}

/** Adds those whose number is free. @returns the ids and versions of the added by their numbers, and the numbers that others have */
async function addVersions(tables: Tables, modelId: string, versions: VersionImport[]) {
  const rows = await tables.modelVersion.findMany({
    where: { modelId },
    orderBy: [{ major: 'desc' }, { minor: 'desc' }],
  });
  const known = new Map(rows.map((row) => [row.number, row]));
  const highest = rows[0];
  let [major, minor] = highest ? [highest.major, highest.minor + 1] : [1, 0];
  const added = new Map<number, { id: string; version: string }>();
  const taken: number[] = [];
  const others: number[] = [];
  for (const one of versions.toSorted((a, b) => a.number - b.number)) {
    const row = known.get(one.number);
    if (row) {
      // One that was imported is there; one that was deleted here since is not brought back.
      if (row.key !== keyOf(one.number) || row.deletedAt) taken.push(one.number);
      else if (!isSame(row.logged, one.logged)) others.push(one.number);
      continue;
    }
    const id = newId('ver');
    await tables.modelVersion.create({
      data: {
        id,
        modelId,
        number: one.number,
        major,
        minor,
        patch: 0,
        key: keyOf(one.number),
        originRunId: one.runId,
        architecture: one.architecture,
        framework: one.framework,
        metrics: one.metrics,
        valAccuracy: one.metrics.val_accuracy ?? null,
        memo: one.memo,
        tags: one.tags,
        logged: one.logged,
        deprecation: one.stage === 'Archived' ? PUT_ASIDE : null,
        createdAt: new Date(one.createdMs),
        updatedAt: new Date(one.updatedMs),
        artifacts: { create: one.artifacts.map((file) => ({ ...file, kind: file.kind ?? null })) },
      },
    });
    added.set(one.number, { id, version: versionOf({ major, minor, patch: 0 }) });
    minor += 1;
  }
  return { added, taken, others };
}

/**
 * Where aliases point after versions were added: those that point to an added one, then the stages, which are aliases
 * here, where nobody is in their way. What was set here stays.
 */
function aliasesAfter(state: AliasState, said: ModelImport, added: Map<number, { version: string }>) {
  const next: AliasState = { ...state };
  const aliasesLeftOut: string[] = [];
  for (const { name: alias, number } of said.aliases) {
    const version = added.get(number)?.version;
    if (version === undefined) continue;
    const isFree = !Object.hasOwn(next, alias);
    if (isFree && AliasName.safeParse(alias).success) next[alias] = version;
    else aliasesLeftOut.push(alias);
  }
  const stagesLeftOut: number[] = [];
  // Of several in a stage the newest stays in it.
  for (const { number, stage } of said.versions.toSorted((a, b) => b.number - a.number)) {
    const version = added.get(number)?.version;
    if (version === undefined || stage === null || stage === 'Archived') continue;
    const alias = stage === 'Production' ? CHAMPION : CANDIDATE;
    next[alias] ??= version;
    if (next[alias] !== version) stagesLeftOut.push(number);
  }
  return { next, aliasesLeftOut, stagesLeftOut };
}

async function setAliases(
  tables: Tables,
  modelId: string,
  userId: string,
  before: AliasState,
  after: AliasState,
  added: Map<number, { id: string; version: string }>,
): Promise<void> {
  const ids = new Map([...added.values()].map(({ id, version }) => [version, id]));
  const moved = Object.entries(after).filter(([name, version]) => before[name] !== version);
  if (moved.length === 0) return;
  await tables.modelAlias.createMany({
    data: moved.map(([name, version]) => ({ modelId, name, versionId: ids.get(version) ?? '' })),
  });
  const last = await tables.aliasChange.aggregate({ where: { modelId }, _max: { position: true } });
  const position = (last._max.position ?? 0) + 1;
  const change = { action: 'import', userId, reason: '', before, after };
  await tables.aliasChange.create({ data: { id: newId('chg'), modelId, position, key: newId('key'), ...change } });
}

/** Whether a version that was imported before came from where this one does. */
function isSame(there: unknown, said: LoggedModel): boolean {
  const before = LoggedModel.safeParse(there).data;
  return before?.source === said.source && before.runId === said.runId;
}

function keyOf(number: number): string {
  return `mlflow import ${number}`;
}
