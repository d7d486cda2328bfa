import type { CardOrigins, Dataset, TrainingConfig } from '@mallo/contracts';
import type { ZooEntry } from '@mallo/zoo';

/** Most networks halve an image five times, so its sides should be a multiple of 2⁵. */
const STEP = 32;

/**
 * A side of the images that suits the dataset, where nobody named one: small images are not blown up to the size
 * that a model was published with, which would cost much time and add no detail.
 */
export function fitImageSize(config: TrainingConfig, origin: CardOrigins, dataset: Dataset, model: ZooEntry): void {
  const key = 'hyperparameters.imageSize';
  if (origin[key]?.kind !== 'default' || model.fixedInputSize || !model.inputSize) return;
  const { medianWidth, medianHeight } = dataset.version;
  const wanted = Math.max(STEP, Math.ceil(Math.max(medianWidth, medianHeight) / STEP) * STEP);
  if (wanted >= config.hyperparameters.imageSize) return;
  config.hyperparameters.imageSize = wanted;
  origin[key] = { kind: 'dataset' };
}
