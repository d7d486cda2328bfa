import type { TrainingConfig } from '@mallo/contracts';
import { imageCount, type Surroundings } from './surroundings.js';

type Values = TrainingConfig['hyperparameters'];

/** Python and PyTorch on a processor; on a GPU what the driver takes. */
const PROCESS_BYTES = { cpu: 1.1e9, gpu: 0.5e9 };
/** The recipe keeps decoded images up to this size (CACHE_BYTES in it). */
const CACHE_BYTES = 1e9;
/** Numbers kept of each weight that is trained: the weight, its gradient and the optimizer's averages of it. */
const COPIES = { sgd: 3, rmsprop: 4, adam: 4, adamw: 4 } as const;
/** Beside what is kept of a batch: its gradients on the way back, and what convolutions need to work in. */
const WORKSPACE = 1.1;
/** At the end, when batches are gone, the export to ONNX holds the weights this many times more, in RAM. */
const EXPORT_COPIES = 3;
/** A frozen backbone keeps nothing, but the output of its largest layers passes through. */
const FROZEN_SHARE = 0.2;
/** With automatic mixed precision most, not all, of what is kept takes 2 bytes instead of 4. */
const MIXED_SHARE = 0.6;

/**
 * Bytes that a training holds at most, of the GPU where there is one, else of RAM. Weights, their gradients and the
 * optimizer's state, and what is kept of each image of a batch for the backward pass, counted for every model of the
 * catalogue at its own size and scaled by pixels. Within 20 % (6 % on average) of what
 * real trainings on a processor held, see the test; on a GPU it was not measured yet. Null for a model that could not be counted.
 */
export function memoryNeeded(values: Values, surroundings: Surroundings): number | null {
  const formula = memoryByFormula(values, surroundings);
  return formula === null ? null : formula * (surroundings.memoryRatio ?? 1);
}

/** As `memoryNeeded`, without what past trainings taught. */
export function memoryByFormula(values: Values, surroundings: Surroundings): number | null {
  const { model, machine, dataset } = surroundings;
  if (model.paramsM === null || model.activationsM === null || !model.inputSize) return null;
  const frozen = values.freezeBackbone && values.pretrained;
  const weights = 4e6 * model.paramsM * (frozen ? 1 : COPIES[values.optimizer]);
  const pixels = (values.imageSize / model.inputSize) ** 2;
  const share = (frozen ? FROZEN_SHARE : 1) * (values.precision === 'fp32' ? 1 : MIXED_SHARE);
  const activations = 4e6 * model.activationsM * pixels * share * values.batchSize * WORKSPACE;
  const decoded = imageCount(surroundings) * 3 * dataset.medianSide ** 2;
  const cache = machine.device === 'cpu' && decoded <= CACHE_BYTES ? decoded : 0;
  const exported = machine.device === 'cpu' ? 4e6 * model.paramsM * EXPORT_COPIES : 0;
  return PROCESS_BYTES[machine.device] + cache + weights + Math.max(activations, exported);
}

/** The largest power of two from 2 to `most` that needs no more than `bytes`; null when none does. */
export function largestBatch(values: Values, surroundings: Surroundings, bytes: number, most: number): number | null {
  for (let batchSize = 2 ** Math.floor(Math.log2(most)); batchSize >= 2; batchSize /= 2) {
    const needed = memoryNeeded({ ...values, batchSize }, surroundings);
    if (needed === null || needed <= bytes) return batchSize;
  }
  return null;
}
