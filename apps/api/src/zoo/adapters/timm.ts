import type { TrainingConfig } from '@mallo/contracts';
import type { Description, ModelAdapter, Output, Preparation } from './adapter.js';
import { readClassificationMetrics } from './classification-metrics.js';
import { classificationSettings } from './classification-settings.js';
import { described } from './described.js';

/** timm's models, trained as classifiers. */
export class TimmAdapter implements ModelAdapter {
  readonly source = 'timm';

  describe(name: string): Description {
    return { ...described(this.source, name), missing: null };
  }

  prepare(config: TrainingConfig, dataFolder: string): Preparation {
    this.describe(config.model.name);
    const settings = classificationSettings(config, dataFolder);
    return { recipe: 'timm_classification.py', settings };
  }

  normalizeOutput(metricsJson: string): Output {
    return readClassificationMetrics(metricsJson);
  }
}
