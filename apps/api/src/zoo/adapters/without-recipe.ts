import type { TrainingConfig } from '@mallo/contracts';
import type { Library } from '@mallo/zoo';
import type { Description, ModelAdapter } from './adapter.js';
import { described } from './described.js';
import { notTrainableYet } from './not-trainable-yet.js';

/** A source of which the models can be found and compared, and for which no recipe is written yet. */
export class AdapterWithoutRecipe implements ModelAdapter {
  constructor(readonly source: Library) {}

  describe(name: string): Description {
    const found = described(this.source, name);
    return { ...found, missing: notTrainableYet(found.entry) };
  }

  prepare({ model }: TrainingConfig): never {
    throw this.describe(model.name).missing;
  }

  normalizeOutput(): never {
    throw new Error(`no recipe of ${this.source} has written metrics`);
  }
}
