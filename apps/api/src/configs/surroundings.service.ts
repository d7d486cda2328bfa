import type { Dataset } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { MachineService } from '../compute/machine.service.js';
import { WeightsService } from '../compute/weights.service.js';
import type { Trainable } from '../zoo/zoo.service.js';
import { ConfigsRepository } from './configs.repository.js';
import { median } from './median.js';
import { memoryByFormula } from './memory.js';
import { Surroundings } from './surroundings.js';

const PAST_RUNS = 10;

/** Looks around: what a config depends on beside the words. */
@Injectable()
export class SurroundingsService {
  constructor(
    private readonly machine: MachineService,
    private readonly weights: WeightsService,
    private readonly configs: ConfigsRepository,
  ) {}

  /** What there is now for training this model on this dataset; waits some seconds for the machine to be measured. */
  async look(model: Trainable, dataset: Dataset): Promise<Surroundings> {
    const [machine, weightsAreLikely, memoryRatio] = await Promise.all([
      this.machine.trainsWith(),
      // Nobody publishes weights of what a person wrote.
      model.source !== 'own' && this.weights.areLikely(model.name),
      this.memoryRatio(model.name),
    ]);
    const { version } = dataset;
    // Only what the schema names is kept of the model.
    return Surroundings.parse({
      model: { ...model, hasWeights: model.pretrained.length > 0 },
      dataset: {
        id: dataset.id,
        versionId: version.id,
        name: dataset.name,
        classes: version.classes.filter((row) => row.imageCount > 0),
        medianSide: Math.max(version.medianWidth, version.medianHeight),
      },
      machine,
      weightsAreLikely,
      memoryRatio,
    });
  }

  /** What trainings of the model held here, as a share of what the formula says of them. */
  private async memoryRatio(modelName: string): Promise<number | null> {
    const ratios = (await this.configs.pastRuns(PAST_RUNS, modelName)).flatMap(({ config, surroundings, result }) => {
      const formula = surroundings && memoryByFormula(config.hyperparameters, surroundings);
      return formula && result.peakMemoryBytes ? [result.peakMemoryBytes / formula] : [];
    });
    return median(ratios);
  }
}
