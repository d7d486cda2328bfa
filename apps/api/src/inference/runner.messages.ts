import type { ModelFile } from './model-file.js';
import type { Preparation } from './prepare-image.js';

/** What the inference process is asked. */
export type RunRequest = ModelFile & {
  /** The bytes of an image file. */
  image: Uint8Array;
  /** For a model that takes numbers rather than pixels; null where nothing is known of it. */
  preparation: Preparation | null;
};

/** What it answers: a probability for each class, or whose fault it was. */
export type RunAnswer =
  | { probabilities: number[]; latencyMs: number; preparedItself: boolean }
  | { fault: 'image' | 'model' | 'input'; problem: string };
