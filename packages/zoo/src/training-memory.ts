import type { Hyperparameters } from '@mallo/contracts';
import type { ZooEntry } from './catalogue.js';

type Measures = Pick<ZooEntry, 'paramsM' | 'activationsM' | 'inputSize'>;
type Values = Pick<
  Hyperparameters,
  'imageSize' | 'batchSize' | 'optimizer' | 'precision' | 'pretrained' | 'freezeBackbone'
>;

/** Python and PyTorch on a processor; on a GPU what the driver takes. */
const PROCESS_BYTES = { cpu: 1.1e9, gpu: 0.5e9 };
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
 * Bytes that a training of the model holds at most, of the GPU or of RAM, without its images: weights, their gradients
 * and the optimizer's state, and what is kept of each image of a batch for the backward pass, counted for the model at
 * its own size and scaled by pixels. Null for a model that could not be counted.
 */
export function trainingMemory(model: Measures, values: Values, device: 'cpu' | 'gpu'): number | null {
  if (model.paramsM === null || model.activationsM === null || !model.inputSize) return null;
  const frozen = values.freezeBackbone && values.pretrained;
  const weights = 4e6 * model.paramsM * (frozen ? 1 : COPIES[values.optimizer]);
  const pixels = (values.imageSize / model.inputSize) ** 2;
  const share = (frozen ? FROZEN_SHARE : 1) * (values.precision === 'fp32' ? 1 : MIXED_SHARE);
  const activations = 4e6 * model.activationsM * pixels * share * values.batchSize * WORKSPACE;
  const exported = device === 'cpu' ? 4e6 * model.paramsM * EXPORT_COPIES : 0;
  return PROCESS_BYTES[device] + weights + Math.max(activations, exported);
}
