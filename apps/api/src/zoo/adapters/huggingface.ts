import type { TrainingConfig } from '@mallo/contracts';
import type { Description, ModelAdapter, Output, Preparation } from './adapter.js';
import { readClassificationMetrics } from './classification-metrics.js';
import { classificationSettings } from './classification-settings.js';
import { described } from './described.js';
import { isTrainedClass, notTrainableYet } from './not-trainable-yet.js';

/** Hugging Face: the classes of image classifiers are trained, each with the defaults of its configuration. */
export class HuggingFaceAdapter implements ModelAdapter {
  readonly source = 'huggingface';

  describe(name: string): Description {
    const found = described(this.source, name);
    return { ...found, missing: isTrainedClass(found.entry) ? null : notTrainableYet(found.entry) };
  }

  prepare(config: TrainingConfig, dataFolder: string): Preparation {
    const { entry, missing } = this.describe(config.model.name);
    if (missing) throw missing;
    const settings = { ...classificationSettings(config, dataFolder), model: entry.name };
    const [weights] = entry.pretrained;
    return { recipe: 'huggingface_classification.py', settings: { ...settings, checkpoint: weights?.hubId ?? null } };
  }

  normalizeOutput(metricsJson: string): Output {
    return readClassificationMetrics(metricsJson);
  }
}
