import { MalloError, type TrainingConfig } from '@mallo/contracts';
import type { Library } from '@mallo/zoo';
import type { Description, ModelAdapter } from './adapter.js';
import { described } from './described.js';

/** A source of which the models can be found and compared, and for which no recipe is written yet. */
export class AdapterWithoutRecipe implements ModelAdapter {
  constructor(readonly source: Library) {}

  describe(name: string): Description {
    const found = described(this.source, name);
    return { ...found, missing: this.refusal(found.entry.name) };
  }

  prepare({ model }: TrainingConfig): never {
    this.describe(model.name);
    throw this.refusal(model.name);
  }

  normalizeOutput(): never {
    throw new Error(`no recipe of ${this.source} has written metrics`);
  }

  private refusal(name: string): MalloError {
    return new MalloError('model.not_trainable_yet', { name, source: this.source });
  }
}
