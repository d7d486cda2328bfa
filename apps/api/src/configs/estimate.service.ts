import { setTimeout as wait } from 'node:timers/promises';
import type { Estimate, TrainingConfig } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { MachineService } from '../compute/machine.service.js';
import { RunsService } from '../experiments/runs.service.js';
import { ZooService } from '../zoo/zoo.service.js';

const PAST_RUNS = 10;
/** A card is shown without an estimate rather than later than this. */
const MEASURE_WAIT_MS = 3_000;
/** Looking at an image costs a third of learning from it: forward without the gradients (Kaplan et al. 2020, 2.1). */
const VALIDATION_COST = 1 / 3;
/** Starting Python, building the model and exporting it, measured on two cores with resnet18. */
const FIXED_SECONDS = 20;

/** How long a training will take. */
@Injectable()
export class EstimateService {
  constructor(
    private readonly runs: RunsService,
    private readonly zoo: ZooService,
    private readonly machine: MachineService,
  ) {}

  /** From past trainings of the same model here, else from what this machine does a second; null when nothing is known. */
  async of(config: TrainingConfig, imageCount: number): Promise<Estimate | null> {
    const work = this.pixels(config, imageCount);
    const rates = (await this.runs.durations(config.model.name, PAST_RUNS))
      .map((past) => ({ past, images: past.result.perClass.reduce((sum, row) => sum + row.support, 0) }))
      .filter(({ images }) => images > 0)
      .map(({ past, images }) => {
        const all = images / past.config.hyperparameters.validationSplit;
        const epochs = Math.max(past.result.epochsDone, 1);
        const done = this.pixels({ ...past.config, hyperparameters: { ...past.config.hyperparameters, epochs } }, all);
        return past.result.durationSeconds / done;
      })
      .sort((a, b) => a - b);
    const median = rates[Math.floor(rates.length / 2)];
    if (median !== undefined) return { seconds: median * work + FIXED_SECONDS, basis: 'past_runs' };

    const model = this.zoo.find(config.model.name);
    const enough = new AbortController();
    const waited = wait(MEASURE_WAIT_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([this.machine.getReady(), waited]);
    enough.abort();
    const throughput = this.machine.throughput();
    if (!model?.gflops || !model.inputSize || !throughput) return null;
    const gflopsPerPixel = model.gflops / model.inputSize ** 2;
    return { seconds: (gflopsPerPixel * work) / throughput + FIXED_SECONDS, basis: 'machine_speed' };
  }

  /** Pixels learned from, the measure in which trainings of one model compare. */
  private pixels(config: TrainingConfig, imageCount: number): number {
    const { epochs, imageSize, validationSplit } = config.hyperparameters;
    const cost = 1 - validationSplit + VALIDATION_COST * validationSplit;
    return epochs * imageCount * cost * imageSize ** 2;
  }
}
