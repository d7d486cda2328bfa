import { MalloError } from '@mallo/contracts';
import { z } from 'zod';

const Triple = z.array(z.number()).length(3);

/** The part of preprocessing.json, as recipes write it, that says how an image becomes what the weights read. */
const PreprocessingFile = z.object({
  weights: z.object({
    image_size: z.int().min(1).max(10_000),
    mean: Triple,
    std: Triple.refine((values) => values.every((value) => value > 0)),
  }),
});
/** How large the square is that images become; mean and deviation of red, green and blue, of values from 0 to 1. */
export type PreprocessingFile = { imageSize: number; mean: number[]; std: number[] };

/** @throws MalloError model.file_damaged */
export function readPreprocessing(text: string): PreprocessingFile {
  try {
    const { image_size: imageSize, mean, std } = PreprocessingFile.parse(JSON.parse(text)).weights;
    return { imageSize, mean, std };
  } catch (error) {
    const detail = {
      en: 'weights.image_size, weights.mean and weights.std are needed',
      ko: 'weights.image_size, weights.mean, weights.std가 필요합니다',
    };
    throw new MalloError('model.file_damaged', { file: 'preprocessing.json', detail }, { cause: error });
  }
}
