import type { TrainingConfig } from '@mallo/contracts';

/** A config as the params of a run: one flat list of names and texts, to filter and to compare by. */
export function trainingParams({ taskType, model, dataset, ...config }: TrainingConfig): Record<string, string> {
  const { classNames, hyperparameters, resources } = config;
  const values: Record<string, string | number | boolean | null | undefined> = {
    task: taskType,
    model: model.name,
    modelSource: model.source,
    dataset: dataset.name,
    datasetVersion: dataset.versionId,
    classes: classNames.length,
    ...hyperparameters,
    ...resources,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value == null ? [] : [[key, String(value)]])),
  );
}
