import { z } from 'zod';
import type { Output } from './adapter.js';

/** What a classification recipe writes into metrics.json. */
const ClassificationMetrics = z.object({
  best_epoch: z.int(),
  val_accuracy: z.number(),
  val_loss: z.number(),
  macro_f1: z.number(),
  per_class: z.array(
    z.object({ name: z.string(), precision: z.number(), recall: z.number(), f1: z.number(), support: z.int() }),
  ),
  confusion_matrix: z.array(z.array(z.int())),
  onnx_max_difference: z.number(),
  history: z.array(z.unknown()),
  seconds: z.number(),
  /** Null where it cannot be told; absent from older recipes. */
  peak_memory_bytes: z.number().nullish(),
  device: z.string(),
  precision: z.string(),
  weights: z.string(),
});

/** The result of a training from its metrics.json. @throws Error when it is not of the recipe's form */
export function readClassificationMetrics(json: string): Output {
  const m = ClassificationMetrics.parse(JSON.parse(json));
  return {
    result: {
      metrics: { val_accuracy: m.val_accuracy, val_loss: m.val_loss, macro_f1: m.macro_f1 },
      bestEpoch: m.best_epoch,
      epochsDone: m.history.length,
      perClass: m.per_class,
      confusionMatrix: m.confusion_matrix,
      onnxMaxDifference: m.onnx_max_difference,
      durationSeconds: m.seconds,
      ...(m.peak_memory_bytes ? { peakMemoryBytes: m.peak_memory_bytes } : {}),
      device: m.device,
      weightsSource: m.weights,
    },
    valAccuracy: m.val_accuracy,
    precision: m.precision,
  };
}
