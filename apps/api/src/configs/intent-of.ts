import type { ConfigCard, TrainingConfig, TrainingIntent } from '@mallo/contracts';

/** The whole of a config as an intent, for "the same as last time, but". Its classes come from its dataset again. */
export function intentOf(config: TrainingConfig): TrainingIntent {
  const { earlyStoppingPatience: patience, ...values } = config.hyperparameters;
  return {
    taskType: config.taskType,
    modelName: config.model.name,
    modelSource: config.model.source,
    dataset: { id: config.dataset.id, name: config.dataset.name },
    hyperparameters: { ...values, ...(patience === null ? {} : { earlyStoppingPatience: patience }) },
    resources: config.resources,
  };
}

/** What a person chose of a card, in words or by hand, for a correction of it; the rest is chosen anew. */
export function chosenIntentOf({ config, origin }: ConfigCard): TrainingIntent {
  const isChosen = (path: string) => !['default', 'dataset', undefined].includes(origin[path]?.kind);
  const { modelName, modelSource, hyperparameters, ...rest } = intentOf(config);
  const chosen = Object.entries(hyperparameters ?? {}).filter(([name]) => isChosen(`hyperparameters.${name}`));
  return {
    ...rest,
    ...(isChosen('model.name') ? { modelName, modelSource } : {}),
    hyperparameters: Object.fromEntries(chosen),
  };
}
