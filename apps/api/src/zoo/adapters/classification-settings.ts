import type { TrainingConfig } from '@mallo/contracts';

/** What `timm_classification.py` and the recipes built on it are told. */
export function classificationSettings(config: TrainingConfig, dataFolder: string): Record<string, unknown> {
  const { model, classNames, hyperparameters: h } = config;
  return {
    model: model.name,
    data: dataFolder,
    output: 'output',
    class_names: classNames,
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
