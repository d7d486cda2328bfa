import { byteSize } from '@mallo/client';
import { MalloError, type TrainingConfig } from '@mallo/contracts';
import { memoryNeeded } from './memory.js';
import { type Surroundings, trainImageCount } from './surroundings.js';

/** The estimate of memory is not off by that much: what needs more has no chance. */
const HOPELESS = 2;

/** The size nearest to the wanted one that the model can read. */
function usableSize(wanted: number, { model }: Surroundings): number {
  const { inputSize, sizeStep } = model;
  if (inputSize === null || sizeStep === undefined || wanted === inputSize) return wanted;
  return sizeStep === null ? inputSize : Math.max(Math.round(wanted / sizeStep), 1) * sizeStep;
}

/**
 * Refuses what cannot run at all, so that nothing is begun in vain.
 * @throws MalloError config.image_size_unsupported, config.batch_too_large, config.too_large
 */
export function mustBeAbleToRun({ hyperparameters: values }: TrainingConfig, surroundings: Surroundings): void {
  const usable = usableSize(values.imageSize, surroundings);
  if (usable !== values.imageSize) {
    const model = surroundings.model.name;
    throw new MalloError('config.image_size_unsupported', { model, size: values.imageSize, usable });
  }
  const images = trainImageCount(surroundings, values.validationSplit);
  if (values.batchSize > images) {
    throw new MalloError('config.batch_too_large', { batch: values.batchSize, images, usable: images });
  }
  const needed = memoryNeeded(values, surroundings);
  const { memoryBytes } = surroundings.machine;
  if (needed !== null && needed > HOPELESS * memoryBytes) {
    throw new MalloError('config.too_large', { needed: byteSize(needed), available: byteSize(memoryBytes) });
  }
}
