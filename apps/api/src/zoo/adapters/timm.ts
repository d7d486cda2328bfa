import type { TrainingConfig } from '@mallo/contracts';
import type { Description, ModelAdapter, Output, Preparation } from './adapter.js';
import { readClassificationMetrics } from './classification-metrics.js';
import { described } from './described.js';

/** timm's models, trained as classifiers. */
export class TimmAdapter implements ModelAdapter {
  readonly source = 'timm';

  describe(name: string): Description {
    return { ...described(this.source, name), missing: null };
  }

  prepare({ model, classNames, hyperparameters: h }: TrainingConfig, dataFolder: string): Preparation {
    this.describe(model.name);
    const settings = {
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
    return { recipe: 'timm_classification.py', settings };
  }

  normalizeOutput(metricsJson: string): Output {
    return readClassificationMetrics(metricsJson);
  }
}
