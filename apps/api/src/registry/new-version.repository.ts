import { newId } from '@mallo/backend';
import type {
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
import type { Database } from '../database/database.js';
import { type Answer, inOrder, joined } from '../database/joined.js';
import { Prisma } from '../generated/prisma/client.js';
import { searchable } from './search-text.js';

/** What a new version says of itself; its number is found where it is added. */
export type NewVersion = {
  projectId: string;
  /** Of its model, which is made when it is new. */
  name: string;
  /** Null: not known. */
  taskType: TaskType | null;
  bump: VersionBump;
  /** Of the run that made it. A run makes one version. */
  runId: string | null;
  originRunId: string | null;
  /** The version of the same model that it was converted or quantized from. */
  madeFrom: string | null;
  /** Of whoever gave the files. A key makes one version of a model. */
  key: string | null;
  /** Whether it waits to be promoted from now on, in the place of what waited before. */
  isCandidate: boolean;
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
  /** Of one that came over MLflow. */
  logged: LoggedModel | null;
  tags: Tags;
  artifacts: Artifact[];
};

/** Of somebody else's than a person: a training that ended. */
export type RegisteredBy = { key: string; userId: string | null };

/** What `mallo.add_versions` is given, many of them: the version, and what its rows are to be found by. */
type VersionWish = NewVersion & {
  id: string;
  modelId: string;
  searchName: string;
  changeId: string;
  changeKey: string;
  userId: string | null;
};

type Outcome = {
  outcome: 'made' | 'there' | 'deleted' | 'task_differs' | 'parent_missing';
  modelId: string;
  name: string;
  taskType: string;
  version: string;
};

/**
 * Adds the next version to a model, once for a run and once for a key; it is the model's latest from then on. Those that
 * come at once are added in one question to the database, the function `mallo.add_versions`, each as if it came alone.
 * The promise fails with MalloError model.version_deleted when it was added under this key and deleted since,
 * model.task_differs, model.not_found when there is no version that it is said to be made from.
 */
export function versionAdder(
  database: Database,
): (added: { version: NewVersion; by: RegisteredBy }) => Promise<ModelRef> {
  return joined(async (all) => {
    const wishes = all.map(({ version, by }) => wishOf(version, by));
    const outcomes = await database.rows<Outcome & { place: string }>(Prisma.sql`
      SELECT place, outcome, model_id AS "modelId", model_name AS name, task_type AS "taskType", version
      FROM mallo.add_versions(${JSON.stringify(wishes)}::jsonb)`);
    return inOrder(outcomes, all.length).map(({ value }) => answerOf(value));
  });
}

function wishOf(version: NewVersion, by: RegisteredBy): VersionWish {
  return {
    ...version,
    ...searchable(version.name),
    id: newId('ver'),
    modelId: newId('mdl'),
    changeId: newId('chg'),
    changeKey: by.key,
    userId: by.userId,
  };
}

function answerOf(outcome: Outcome | null): Answer<ModelRef> {
  if (!outcome || outcome.outcome === 'parent_missing') return { error: new MalloError('model.not_found') };
  const { modelId, name, version, taskType } = outcome;
  if (outcome.outcome === 'deleted') return { error: new MalloError('model.version_deleted', { version }) };
  if (outcome.outcome === 'task_differs')
    return { error: new MalloError('model.task_differs', { name, task: taskType }) };
  return { value: { modelId, name, version } };
}
