import { MalloError, type TrainingConfig } from '@mallo/contracts';
import { nameKey, rankByName } from '@mallo/zoo';
import { type AddedModel, CODE_FILE, codeOf } from '../added/added-model.js';
import type { Description, ModelAdapter, Output, Preparation } from './adapter.js';
import { readClassificationMetrics } from './classification-metrics.js';
import { classificationSettings } from './classification-settings.js';

/** Models that a person added: what a Python file makes is trained as a classifier, a Docker image is not. */
export class OwnAdapter implements ModelAdapter {
  readonly source = 'own';

  constructor(private readonly models: readonly AddedModel[]) {}

  describe(name: string): Description {
    const entry = this.find(name);
    const { added } = entry;
    if (added.kind === 'python') return { entry, extra: 'torch', missing: null };
    const missing = new MalloError('zoo.container_not_run', { name: entry.name, image: added.image });
    return { entry, extra: 'docker', missing };
  }

  prepare(config: TrainingConfig, dataFolder: string): Preparation {
    const { name, code = this.codeOf(name) } = config.model;
    return {
      recipe: 'added_classification.py',
      settings: { ...classificationSettings(config, dataFolder), code: CODE_FILE, entry: code.entry },
      code: { file: CODE_FILE, sha256: code.sha256 },
    };
  }

  normalizeOutput(metricsJson: string): Output {
    return readClassificationMetrics(metricsJson);
  }

  private codeOf(name: string): { sha256: string; entry: string } {
    const { missing } = this.describe(name);
    const code = codeOf(this.find(name));
    if (missing || !code) throw missing ?? new Error(`${name} has no code`);
    return code;
  }

  private find(name: string): AddedModel {
    const found = this.models.find((model) => nameKey(model.name) === nameKey(name));
    if (found) return found;
    const nearest = rankByName(name, this.models).slice(0, 3);
    throw new MalloError('model.unknown', { name, nearest: nearest.map(({ entry }) => entry.name).join(', ') });
  }
}
