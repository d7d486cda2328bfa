import type { TrainingConfig } from '@mallo/contracts';
import { trainingMemory } from '@mallo/zoo';
import { imageCount, type Surroundings } from './surroundings.js';

type Values = TrainingConfig['hyperparameters'];

/** The recipe keeps decoded images up to this size (CACHE_BYTES in it). */
const CACHE_BYTES = 1e9;

/**
 * Bytes that a training holds at most, of the GPU where there is one, else of RAM. Within 20 % (6 % on average) of what
 * real trainings on a processor held, see the test; on a GPU it was not measured yet. Null for a model that could not
 * be counted.
 */
export function memoryNeeded(values: Values, surroundings: Surroundings): number | null {
  const formula = memoryByFormula(values, surroundings);
  return formula === null ? null : formula * (surroundings.memoryRatio ?? 1);
}

/** As `memoryNeeded`, without what past trainings taught. */
export function memoryByFormula(values: Values, surroundings: Surroundings): number | null {
  const { model, machine, dataset } = surroundings;
  const needed = trainingMemory(model, values, machine.device);
  if (needed === null) return null;
  const decoded = imageCount(surroundings) * 3 * dataset.medianSide ** 2;
  return needed + (machine.device === 'cpu' && decoded <= CACHE_BYTES ? decoded : 0);
}

/** The largest power of two from 2 to `most` that needs no more than `bytes`; null when none does. */
export function largestBatch(values: Values, surroundings: Surroundings, bytes: number, most: number): number | null {
  for (let batchSize = 2 ** Math.floor(Math.log2(most)); batchSize >= 2; batchSize /= 2) {
    const needed = memoryNeeded({ ...values, batchSize }, surroundings);
    if (needed === null || needed <= bytes) return batchSize;
  }
  return null;
}
