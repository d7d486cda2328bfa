import { newId } from '@mallo/backend';
import type {
  AliasState,
  Artifact,
  LoggedModel,
  ModelRef,
  RunResult,
  Tags,
  TaskType,
  TrainingConfig,
  Transcript,
  VersionBump,
} from '@mallo/contracts';
import { MalloError } from '@mallo/contracts';
import type { Tables } from '../database/database.js';
import { CANDIDATE, registered } from './alias-state.js';
import { gramsOf, searchTextOf } from './search-text.js';
import { type VersionNumbers, versionOf } from './version-numbers.js';

/** A model whose row is held, so that versions are counted one after the other. */
export type HeldModel = { id: string; name: string; taskType: string | null };

/** What a new version says of itself; its number is found where it is added. */
export type NewVersion = {
  runId: string | null;
  originRunId: string | null;
  parentId: string | null;
  key: string | null;
  architecture: string;
  framework: string;
  metrics: Record<string, number>;
  memo: string;
  inputShape: number[] | null;
  classNames: string[] | null;
  datasetName: string | null;
  datasetVersionSha256: string | null;
  config: TrainingConfig | null;
  configHash: string | null;
  recipe: string | null;
  result: RunResult | null;
  transcript: Transcript | null;
  logged: LoggedModel | null;
  tags: Tags;
  artifacts: Artifact[];
};

/** Of somebody else's than a person: a training that ended. */
export type RegisteredBy = { key: string; userId: string | null };

/** Semantic versioning: what counts up, and what begins anew. */
export function next(latest: VersionNumbers | null, bump: VersionBump): VersionNumbers {
  if (!latest) return { major: 1, minor: 0, patch: 0 };
  const { major, minor, patch } = latest;
  if (bump === 'major') return { major: major + 1, minor: 0, patch: 0 };
  if (bump === 'minor') return { major, minor: minor + 1, patch: 0 };
  return { major, minor, patch: patch + 1 };
}

/** The model of that name, made when it is new, and held until the transaction ends; now it is known what it is for. */
export async function holdModel(
  tables: Tables,
  { projectId, name, taskType }: { projectId: string; name: string; taskType: TaskType | null },
): Promise<HeldModel> {
  const find = () => tables.$queryRaw<HeldModel[]>`
    SELECT id, name, task_type AS "taskType" FROM mallo.registered_models
    WHERE project_id = ${projectId} AND name = ${name} FOR UPDATE`;
  for (;;) {
    const [held] = await find();
    if (held && held.taskType === null && taskType !== null) {
      await tables.registeredModel.update({ where: { id: held.id }, data: { taskType } });
      return { ...held, taskType };
    }
    if (held) return held;
    const searchName = searchTextOf(name);
    await tables.$executeRaw`
      INSERT INTO mallo.registered_models (id, project_id, name, task_type, search_name, search_grams)
      VALUES (${newId('mdl')}, ${projectId}, ${name}, ${taskType}, ${searchName}, ${gramsOf(searchName)}::text[])
      ON CONFLICT (project_id, name) DO NOTHING`;
  }
}

type State = {
  number: number;
  highest: VersionNumbers | null;
  same: (VersionNumbers & { isDeleted: boolean }) | null;
  aliases: AliasState | null;
  position: number | null;
};

/**
 * Adds the next version to a model that is held, once for a key; it is the model's latest and its candidate from then on.
 * Two statements, for the sake of many registrations a second: what the second depends on is read in the first, and
 * nobody else can change it.
 * @throws MalloError model.version_deleted when it was added under this key and deleted since
 */
export async function addVersion(
  tables: Tables,
  model: HeldModel,
  bump: VersionBump,
  version: NewVersion,
  by: RegisteredBy,
): Promise<ModelRef> {
  const [state] = await tables.$queryRaw<State[]>`
    SELECT
      (SELECT coalesce(max(number), 0) + 1 FROM mallo.model_versions WHERE model_id = ${model.id}) AS number,
      (SELECT jsonb_build_object('major', major, 'minor', minor, 'patch', patch) FROM mallo.model_versions
        WHERE model_id = ${model.id} ORDER BY major DESC, minor DESC, patch DESC LIMIT 1) AS highest,
      (SELECT jsonb_build_object('major', major, 'minor', minor, 'patch', patch, 'isDeleted', deleted_at IS NOT NULL)
         FROM mallo.model_versions WHERE model_id = ${model.id} AND key = ${version.key}) AS same,
      (SELECT jsonb_object_agg(a.name, concat_ws('.', v.major, v.minor, v.patch))
         FROM mallo.model_aliases a JOIN mallo.model_versions v ON v.id = a.version_id
        WHERE a.model_id = ${model.id}) AS aliases,
      (SELECT max(position) FROM mallo.alias_changes WHERE model_id = ${model.id}) AS position`;
  const refTo = (numbers: VersionNumbers) => ({ modelId: model.id, name: model.name, version: versionOf(numbers) });
  if (state?.same?.isDeleted) throw new MalloError('model.version_deleted', { version: versionOf(state.same) });
  if (state?.same) return refTo(state.same);
  // Deleted ones count: their numbers are never given to other bytes.
  const number = next(state?.highest ?? null, bump);
  const before = state?.aliases ?? {};
  const after = registered(before, versionOf(number));
  const id = newId('ver');
  const valAccuracy = version.metrics.val_accuracy ?? null;
  await tables.$executeRaw`
    WITH version AS (
      INSERT INTO mallo.model_versions (id, model_id, major, minor, patch, number, run_id, origin_run_id, parent_id, key,
        architecture, framework, metrics, val_accuracy, memo, input_shape, class_names, dataset_name,
        dataset_version_sha256, config, config_hash, recipe, result, transcript, logged, tags)
      VALUES (${id}, ${model.id}, ${number.major}, ${number.minor}, ${number.patch}, ${state?.number ?? 1}, ${version.runId},
        ${version.originRunId}, ${version.parentId}, ${version.key}, ${version.architecture}, ${version.framework},
        ${json(version.metrics)}::jsonb, ${valAccuracy}::float8, ${version.memo}, ${json(version.inputShape)}::jsonb,
        ${json(version.classNames)}::jsonb, ${version.datasetName}, ${version.datasetVersionSha256},
        ${json(version.config)}::jsonb, ${version.configHash}, ${version.recipe}, ${json(version.result)}::jsonb,
        ${json(version.transcript)}::jsonb, ${json(version.logged)}::jsonb, ${json(version.tags)}::jsonb)
    ), files AS (
      INSERT INTO mallo.model_artifacts (version_id, name, sha256, size_bytes, kind)
      SELECT ${id}, name, sha256, "sizeBytes", kind
      FROM jsonb_to_recordset(${json(version.artifacts)}::jsonb)
        AS file(name text, sha256 text, "sizeBytes" int8, kind text)
    ), alias AS (
      INSERT INTO mallo.model_aliases (model_id, name, version_id) VALUES (${model.id}, ${CANDIDATE}, ${id})
      ON CONFLICT (model_id, name) DO UPDATE SET version_id = excluded.version_id
    ), change AS (
      INSERT INTO mallo.alias_changes (id, model_id, position, key, action, user_id, reason, before, after)
      VALUES (${newId('chg')}, ${model.id}, ${(state?.position ?? 0) + 1}, ${by.key}, 'register', ${by.userId}, '',
        ${json(before)}::jsonb, ${json(after)}::jsonb)
    )
    UPDATE mallo.registered_models
    SET latest_version_id = ${id}, version_count = version_count + 1, updated_at = now() WHERE id = ${model.id}`;
  return refTo(number);
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
