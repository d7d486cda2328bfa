// The example of docs/adding-an-adapter.md; a test holds the page to it.
import type { TrainingConfig } from '@mallo/contracts';
import type { Description, ModelAdapter, Output, Preparation } from './adapter.js';
import { readClassificationMetrics } from './classification-metrics.js';
import { described } from './described.js';
import { notTrainableYet } from './not-trainable-yet.js';

/** Ultralytics: its classifiers are trained, its other models are not yet. */
export class UltralyticsAdapter implements ModelAdapter {
  readonly source = 'ultralytics';

  describe(name: string): Description {
    const found = described(this.source, name);
    const isClassifier = found.entry.taskType === 'classification';
    return { ...found, missing: isClassifier ? null : notTrainableYet(found.entry) };
  }

  prepare({ model, classNames, hyperparameters }: TrainingConfig, dataFolder: string): Preparation {
    const { entry, missing } = this.describe(model.name);
    if (missing) throw missing;
    const { epochs, batchSize, imageSize, seed } = hyperparameters;
    return {
      recipe: 'ultralytics_classification.py',
      settings: {
        ...{ model: entry.name, data: dataFolder, output: 'output', class_names: classNames },
        ...{ epochs, batch_size: batchSize, image_size: imageSize, seed },
      },
    };
  }

  normalizeOutput(metricsJson: string): Output {
    return readClassificationMetrics(metricsJson);
  }
}
