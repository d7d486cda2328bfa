import {
  type Artifact,
  FileKind,
  Gate,
  ModelVersion,
  type ModelVersionSummary,
  Notes,
  RunResult,
  Tags,
  TrainingConfig,
  Transcript,
} from '@mallo/contracts';
import { type VersionNumbers, versionOf } from './version-numbers.js';

const { shape } = ModelVersion;

/** A row of a version as the list of a model shows it; what is unknown here is JSON. */
type SummaryRow = VersionNumbers & {
  id: string;
  number: number;
  createdAt: Date;
  runId: string | null;
  valAccuracy: number | null;
  metrics: unknown;
  framework: string;
  architecture: string;
  deprecation: string | null;
  tags: unknown;
};

/** A version with all that is asked of it at once; lists come from other tables. */
export type FullRow = SummaryRow & {
  modelId: string;
  modelName: string;
  projectId: string;
  taskType: string | null;
  inputShape: unknown;
  classNames: unknown;
  datasetName: string | null;
  memo: string;
  config: unknown;
  configHash: string | null;
  datasetVersionSha256: string | null;
  recipe: string | null;
  result: unknown;
  transcript: unknown;
  logged: unknown;
  madeFrom: string | null;
  children: unknown;
  notes: unknown;
  artifacts: unknown;
  /** The run that its files are from, if it is here. */
  ranHere: string | null;
};

export function figuresOf(value: unknown): Record<string, number> {
  return shape.metrics.parse(value);
}

export function tagsOf(value: unknown): Tags {
  return Tags.parse(value);
}

export function gatesOf(value: unknown): Gate[] {
  return Gate.array().parse(value);
}

export function toSummary(row: SummaryRow, sizeBytes: number): ModelVersionSummary {
  return {
    id: row.id,
    version: versionOf(row),
    number: row.number,
    createdAt: row.createdAt.toISOString(),
    runId: row.runId,
    valAccuracy: row.valAccuracy,
    metrics: figuresOf(row.metrics),
    framework: row.framework,
    architecture: row.architecture,
    sizeBytes,
    deprecation: row.deprecation,
    tags: tagsOf(row.tags),
  };
}

type ArtifactRow = { name: string; sha256: string; sizeBytes: number | bigint; kind: string | null };

function toArtifact({ name, sha256, sizeBytes, kind }: ArtifactRow): Artifact {
  return { name, sha256, sizeBytes: Number(sizeBytes), ...(kind === null ? {} : { kind: FileKind.parse(kind) }) };
}

export function toVersion(row: FullRow): ModelVersion {
  const config = row.config === null ? null : TrainingConfig.parse(row.config);
  const artifacts = ((row.artifacts ?? []) as ArtifactRow[]).map(toArtifact);
  const logged = shape.logged.parse(row.logged);
  const notes = row.notes === null ? null : (row.notes as Notes & { at: string });
  return {
    ...toSummary(
      row,
      artifacts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    ),
    runId: row.runId ?? row.ranHere ?? logged?.runId ?? null,
    modelId: row.modelId,
    modelName: row.modelName,
    projectId: row.projectId,
    taskType: shape.taskType.parse(row.taskType),
    inputShape: shape.inputShape.parse(row.inputShape),
    classNames: config?.classNames ?? shape.classNames.parse(row.classNames),
    datasetName: config?.dataset.name ?? row.datasetName,
    memo: row.memo,
    config,
    configHash: row.configHash,
    datasetVersionSha256: row.datasetVersionSha256,
    recipe: row.recipe,
    result: row.result === null ? null : RunResult.parse(row.result),
    transcript: row.transcript === null ? null : Transcript.parse(row.transcript),
    logged,
    madeFrom: row.madeFrom,
    children: shape.children.parse(row.children ?? []),
    notes: notes && { ...notes, at: new Date(notes.at).toISOString() },
    artifacts,
  };
}
