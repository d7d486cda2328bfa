import { MalloError, type ModelVersion } from '@mallo/contracts';
import { z } from 'zod';
import type { Preparation } from './prepare-image.js';

/** What most image classifiers were trained with, and what is taken when nothing else is said. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

const Triple = z.array(z.number()).length(3);
/** The part of preprocessing.json, as recipes write it, that says how an image becomes what the weights read. */
const PreprocessingFile = z.object({
  weights: z.object({
    image_size: z.int().min(1).max(10_000),
    mean: Triple,
    std: Triple.refine((values) => values.every((value) => value > 0)),
  }),
});

/**
 * How an image is prepared for a version made from uploaded files, by the `text` of its preprocessing.json or without
 * one; null when its input is not that of one colour image.
 * @throws MalloError model.file_damaged when preprocessing.json cannot be read
 */
export function preparationOf({ inputShape }: ModelVersion, text: string | null): Preparation | null {
  const file = text === null ? null : readFile(text);
  const [first = 0, second = 0, third = 0] = inputShape?.slice(-3) ?? [];
  const batch = inputShape?.length === 4 ? inputShape[0] : inputShape?.length === 3 ? 1 : 0;
  const channelsLast = third === 3 && first !== 3;
  const [height, width] = channelsLast ? [first, second] : [second, third];
  if ((batch !== 1 && batch !== -1) || (!channelsLast && first !== 3)) return null;
  const sized = (size: number) => (size === -1 ? (file?.image_size ?? 0) : size);
  const size = { height: sized(height), width: sized(width) };
  // The square of a larger side would not fit into memory.
  if (Math.min(size.height, size.width) < 1 || Math.max(size.height, size.width) > 10_000) return null;
  const { mean, std } = file ?? IMAGENET;
  return { ...size, channelsLast, mean, std };
}

function readFile(text: string): z.infer<typeof PreprocessingFile>['weights'] {
  try {
    return PreprocessingFile.parse(JSON.parse(text)).weights;
  } catch (error) {
    const detail = 'weights.image_size, weights.mean and weights.std are needed';
    throw new MalloError('model.file_damaged', { file: 'preprocessing.json', detail }, { cause: error });
  }
}
