import { ModelSource, TrainingConfig } from '@mallo/contracts';
import { z } from 'zod';

/**
 * What a config depends on beside the words: the model's entry in the catalogue, the dataset and the machine as they
 * were when the open values were chosen. It is kept with the card, so that the same words give the same config again
 * although a dataset has grown or weights have come within reach since.
 */
export const Surroundings = z.object({
  model: z.object({
    name: z.string(),
    source: ModelSource,
    family: z.string(),
    paramsM: z.number().nullable(),
    activationsM: z.number().nullable(),
    inputSize: z.int().nullable(),
    fixedInputSize: z.boolean(),
    sizeStep: z.int().nullable().optional(),
    /** Of a person's own model: of which bytes it is. */
    code: TrainingConfig.shape.model.shape.code,
    /** Whether pretrained weights were ever published. */
    hasWeights: z.boolean(),
  }),
  dataset: z.object({
    id: z.string(),
    versionId: z.string(),
    name: z.string(),
    /** Those with images, in the order of the config's classNames. */
    classes: z.array(z.object({ name: z.string(), imageCount: z.int() })),
    /** The longer side of the median image, pixels. */
    medianSide: z.int(),
  }),
  machine: z.object({
    device: z.enum(['cpu', 'gpu']),
    /** All memory of that device. */
    memoryBytes: z.number(),
    /** Whether its GPU computes in bf16. */
    bf16: z.boolean(),
  }),
  /** Whether weights can probably be had from here. */
  weightsAreLikely: z.boolean(),
  /** What past trainings of the model here held, as a share of what the formula says; null: there were none. */
  memoryRatio: z.number().nullable(),
});
export type Surroundings = z.infer<typeof Surroundings>;

export function imageCount({ dataset }: Surroundings): number {
  return dataset.classes.reduce((sum, row) => sum + row.imageCount, 0);
}

/** Images that the recipe trains on; of every class with two or more it keeps at least one for validation. */
export function trainImageCount({ dataset }: Surroundings, validationSplit: number): number {
  return dataset.classes.reduce((sum, { imageCount: count }) => {
    if (count === 1) return sum + 1;
    return sum + count - Math.min(Math.max(roundedAsPython(count * validationSplit), 1), count - 1);
  }, 0);
}

/** A half goes to the even number. */
function roundedAsPython(value: number): number {
  const up = Math.round(value);
  return value % 1 === 0.5 && up % 2 === 1 ? up - 1 : up;
}

const TRANSFORMERS =
  /^(vit|vision_transformer|deit|beit|eva|swin|cait|xcit|volo|maxxvit|mvitv2|levit|pit|coat|crossvit|davit|gcvit|hiera|flexivit|twins|tnt|nest|convit|naflexvit|tiny_vit|vitamin|dinov)/;

/** Whether the model attends instead of convolving; by its family, which is the name of timm's module. */
export function isTransformer({ model }: Surroundings): boolean {
  return TRANSFORMERS.test(model.family);
}
