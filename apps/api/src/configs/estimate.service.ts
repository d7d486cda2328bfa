import type { Estimate, TrainingConfig } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { MachineService } from '../compute/machine.service.js';
import { SETTINGS, type Settings } from '../settings.js';
import { ZooService } from '../zoo/zoo.service.js';
import { ConfigsRepository, type PastRun } from './configs.repository.js';
import { median } from './median.js';
import { memoryNeeded } from './memory.js';
import { imageCount, type Surroundings } from './surroundings.js';

const PAST_RUNS = 10;
const PAST_ESTIMATES = 20;
/** Looking at an image costs a third of learning from it: forward without the gradients (Kaplan et al. 2020, 2.1). */
const VALIDATION_COST = 1 / 3;
/** Starting Python, building the model and exporting it, measured on two cores with resnet18. */
const FIXED_SECONDS = 20;

/** What a training will take: time, memory and money. */
@Injectable()
export class EstimateService {
  constructor(
    private readonly configs: ConfigsRepository,
    private readonly zoo: ZooService,
    private readonly machine: MachineService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * From past trainings of the same model here, else from what this machine does a second; null when nothing is known.
   */
  async of(config: TrainingConfig, surroundings: Surroundings): Promise<Estimate | null> {
    const past = await this.configs.pastRuns(PAST_ESTIMATES);
    const time = await this.time(config, surroundings, past);
    const memory = this.memory(config, surroundings);
    if (!time) return memory && { seconds: null, basis: 'none', pastError: null, memory, cost: null };
    return { ...time, pastError: pastError(past), memory, cost: this.cost(time.seconds) };
  }

  private async time(config: TrainingConfig, surroundings: Surroundings, past: PastRun[]) {
    const images = passes(config, imageCount(surroundings));
    const { model, hyperparameters } = config;
    const computing = this.computingSeconds(model.name, hyperparameters.imageSize);
    const asIn = (runs: PastRun[]) => median(runs.flatMap((run) => this.secondsAsIn(run, config, computing) ?? []));
    const ofModel = asIn(nearestInSize(await this.configs.pastRuns(PAST_RUNS, model.name), hyperparameters.imageSize));
    if (ofModel !== null) return { seconds: ofModel * images + FIXED_SECONDS, basis: 'past_runs' as const };
    if (computing === null) return null;
    // Trainings of other models tell what an image takes beside the computing, and whether the speed was measured right.
    return { seconds: (asIn(past) ?? computing) * images + FIXED_SECONDS, basis: 'machine_speed' as const };
  }

  /**
   * Seconds an image would take if it went as in a past training, `computing` being what this machine should compute
   * for it; null: not known.
   */
  private secondsAsIn(run: PastRun, { model, hyperparameters }: TrainingConfig, computing: number | null) {
    const seconds = secondsOfImage(run);
    if (seconds === null) return null;
    const before = run.config.hyperparameters.imageSize;
    const then = this.computingSeconds(run.config.model.name, before);
    if (computing === null || then === null) {
      return run.config.model.name === model.name ? seconds * (hyperparameters.imageSize / before) ** 2 : null;
    }
    // Only the computing grows with model and pixels; what took less than it should was computed faster.
    return computing * Math.min(seconds / then, 1) + Math.max(seconds - then, 0);
  }

  /** Seconds that this machine computes to learn from one image; null while it, or the model's work, is not known. */
  private computingSeconds(modelName: string, imageSize: number): number | null {
    const model = this.zoo.find(modelName);
    const throughput = this.machine.throughput();
    if (!model?.gflops || !model.inputSize || !throughput) return null;
    return (model.gflops * (imageSize / model.inputSize) ** 2) / throughput;
  }

  private memory(config: TrainingConfig, surroundings: Surroundings): Estimate['memory'] {
    const neededBytes = memoryNeeded(config.hyperparameters, surroundings);
    if (neededBytes === null) return null;
    const { device, memoryBytes } = surroundings.machine;
    const basis = surroundings.memoryRatio === null ? ('model' as const) : ('past_runs' as const);
    return { neededBytes: Math.round(neededBytes), availableBytes: memoryBytes, device, basis };
  }

  private cost(seconds: number): Estimate['cost'] {
    const [amount, currency] = this.settings.MALLO_PRICE_PER_HOUR?.split(' ') ?? [];
    return amount && currency ? { amount: (seconds / 3600) * Number(amount), currency } : null;
  }
}

/**
 * How far off the estimates on the cards of the last trainings here were. Compared are the seconds of the epochs that
 * were trained, the fixed part in both: when a training ends early is not what is estimated.
 */
function pastError(past: PastRun[]): Estimate['pastError'] {
  const errors = past.flatMap(({ config, estimate, result }) => {
    if (!estimate?.seconds) return [];
    const done = result.epochsDone / config.hyperparameters.epochs;
    const estimated = (estimate.seconds - FIXED_SECONDS) * done + FIXED_SECONDS;
    const taken = result.durationSeconds + FIXED_SECONDS;
    return [Math.abs(estimated - taken) / taken];
  });
  const middle = median(errors);
  return middle === null ? null : { median: middle, runs: errors.length };
}

/** Those whose images are nearest in size: from a far one, much is to be guessed. */
function nearestInSize(runs: PastRun[], imageSize: number): PastRun[] {
  const farness = ({ config }: PastRun) => Math.abs(Math.log(config.hyperparameters.imageSize / imageSize));
  const least = Math.min(...runs.map(farness));
  return runs.filter((run) => farness(run) === least);
}

/** Seconds that learning from one image took in a past training; null for one of which no image is known. */
function secondsOfImage({ config, result, surroundings }: PastRun): number | null {
  const validated = result.perClass.reduce((sum, row) => sum + row.support, 0);
  const images = surroundings ? imageCount(surroundings) : validated / config.hyperparameters.validationSplit;
  if (images === 0) return null;
  // Without weights the recipe freezes nothing.
  const pretrained = result.weightsSource !== 'none';
  const done = { ...config.hyperparameters, pretrained, epochs: Math.max(result.epochsDone, 1) };
  return result.durationSeconds / passes({ ...config, hyperparameters: done }, images);
}

/** How many images are learned from, over all epochs; one that is only looked at counts for less. */
function passes({ hyperparameters }: TrainingConfig, images: number): number {
  const { epochs, validationSplit, pretrained, freezeBackbone } = hyperparameters;
  // A frozen backbone is only looked through.
  const learning = pretrained && freezeBackbone ? VALIDATION_COST : 1;
  return epochs * images * (learning * (1 - validationSplit) + VALIDATION_COST * validationSplit);
}
