import type { TrainingConfig } from '@mallo/contracts';

/** The recipe that trains this config, as a file of the trainer's `recipes` folder. */
export function recipeOf(_config: TrainingConfig): string {
  return 'timm_classification.py';
}

/** The config as the recipe reads it: flat, in snake case, paths relative to the file. */
export function recipeConfig(config: TrainingConfig, dataFolder: string): Record<string, unknown> {
  const h = config.hyperparameters;
  return {
    model: config.model.name,
    data: dataFolder,
    output: 'output',
    class_names: config.classNames,
    epochs: h.epochs,
    batch_size: h.batchSize,
    learning_rate: h.learningRate,
    image_size: h.imageSize,
    optimizer: h.optimizer,
    scheduler: h.scheduler,
    weight_decay: h.weightDecay,
    momentum: h.momentum,
    dropout: h.dropout,
    label_smoothing: h.labelSmoothing,
    pretrained: h.pretrained,
    freeze_backbone: h.freezeBackbone,
    augmentation: h.augmentation,
    seed: h.seed,
    early_stopping_patience: h.earlyStoppingPatience,
    precision: h.precision,
    warmup_epochs: h.warmupEpochs,
    validation_split: h.validationSplit,
  };
}
