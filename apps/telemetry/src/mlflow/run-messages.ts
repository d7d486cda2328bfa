import type { MlflowRun } from '@mallo/contracts';
import { asJson } from '../points/batch.js';
import type { ExperimentRow, KeyValue } from '../tracking/experiments.repository.js';
import type { RunInfo } from '../tracking/logged-runs.repository.js';
import type { DatasetInputOf, ModelOf } from '../tracking/run-inputs.repository.js';
import type { Logged } from '../tracking/run-rows.js';

/** What is known of a run beside its own row. */
export type RunParts = { info: RunInfo; logged: Logged; datasets: DatasetInputOf[]; models: ModelOf[] };

export function experimentMessage(experiment: ExperimentRow) {
  const { id, name, artifactLocation, lifecycleStage, createdMs, updatedMs, tags } = experiment;
  return {
    experiment_id: id,
    name,
    artifact_location: artifactLocation,
    lifecycle_stage: lifecycleStage,
    last_update_time: updatedMs,
    creation_time: createdMs,
    ...nonEmpty('tags', tags),
  };
}

export function runInfoMessage(info: RunInfo) {
  return {
    run_uuid: info.id,
    run_id: info.id,
    run_name: info.name,
    experiment_id: info.experimentId,
    user_id: info.user,
    status: info.status,
    start_time: info.startedMs ?? 0,
    ...(info.endedMs ? { end_time: info.endedMs } : {}),
    artifact_uri: info.artifactUri,
    lifecycle_stage: info.lifecycleStage,
  };
}

/** A run as MLflow answers it; as in its JSON, empty lists are not there. */
export function runMessage({ info, logged, datasets, models }: RunParts) {
  const metrics = logged.metrics.map(({ key, value, timeMs, step }) => ({
    key,
    value: asJson(value),
    timestamp: timeMs,
    step,
  }));
  const used = models.filter(({ direction }) => direction === 'input');
  const made = models.filter(({ direction }) => direction === 'output');
  return {
    info: runInfoMessage(info),
    data: {
      ...nonEmpty('metrics', metrics),
      ...nonEmpty('params', logged.params.map(pairMessage)),
      ...nonEmpty('tags', logged.tags.map(pairMessage)),
    },
    inputs: {
      ...nonEmpty('dataset_inputs', datasets.map(datasetInputMessage)),
      ...nonEmpty(
        'model_inputs',
        used.map(({ modelId }) => ({ model_id: modelId })),
      ),
    },
    ...(made.length > 0
      ? { outputs: { model_outputs: made.map(({ modelId, step }) => ({ model_id: modelId, step })) } }
      : {}),
  } satisfies MlflowRun;
}

function datasetInputMessage({ dataset, tags }: DatasetInputOf) {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  return {
    ...nonEmpty('tags', tags.map(pairMessage)),
    dataset: {
      name,
      digest,
      source_type: sourceType,
      source,
      ...(schema ? { schema } : {}),
      ...(profile ? { profile } : {}),
    },
  };
}

export function pairMessage({ key, value }: KeyValue): KeyValue {
  return { key, value };
}

/** A list under its name, or nothing where it is empty. */
export function nonEmpty<K extends string, T>(name: K, list: T[]): Partial<Record<K, T[]>> {
  return list.length > 0 ? ({ [name]: list } as Record<K, T[]>) : {};
}
