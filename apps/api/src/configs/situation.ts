import type { TrainingConfig } from '@mallo/contracts';
import { isTransformer, type Surroundings, trainImageCount } from './surroundings.js';

export type Values = TrainingConfig['hyperparameters'];

export const OPTIMIZER_NAMES = { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD', rmsprop: 'RMSprop' } as const;

/** What the choice of a value looks at. */
export type Situation = {
  values: Values;
  surroundings: Surroundings;
  /** How much of the model is learned anew. */
  start: 'frozen' | 'pretrained' | 'scratch';
  transformer: boolean;
  trainImages: number;
  /** Of the middle class (of two, the smaller): one class of many or few images does not change what a dataset is like. */
  imagesPerClass: number;
  onGpu: boolean;
};

export function situationOf(values: Values, surroundings: Surroundings): Situation {
  const counts = surroundings.dataset.classes.map((row) => row.imageCount).sort((a, b) => a - b);
  return {
    values,
    surroundings,
    start: values.pretrained ? (values.freezeBackbone ? 'frozen' : 'pretrained') : 'scratch',
    transformer: isTransformer(surroundings),
    trainImages: trainImageCount(surroundings, values.validationSplit),
    imagesPerClass: counts[Math.floor((counts.length - 1) / 2)] ?? 0,
    onGpu: surroundings.machine.device === 'gpu',
  };
}

/** The highest learning rate that suits the optimizer, the batch size and how much is learned anew, and a batch it is for. */
export function suitableRate({ values, start, transformer }: Situation): { rate: number; base: number; batch: number } {
  const sgd = values.optimizer === 'sgd';
  const scratch = transformer ? 0.0005 : 0.001;
  const pretrained = transformer || values.optimizer === 'rmsprop' ? 0.0001 : 0.0003;
  const adam = { scratch, pretrained, frozen: 0.001 };
  const base = (sgd ? { scratch: 0.1, pretrained: 0.01, frozen: 0.1 } : adam)[start];
  const batch = sgd ? 256 : 32;
  const times = values.batchSize / batch;
  // Linear for SGD (Goyal et al. 2017), by the square root for optimizers that divide by the gradient's size (Malladi et al. 2022).
  return { rate: Number((base * (sgd ? times : Math.sqrt(times))).toPrecision(2)), base, batch };
}
