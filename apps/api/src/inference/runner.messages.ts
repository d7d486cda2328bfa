import type { ErrorCode, ErrorParams, ModelVersion, Prediction, TaskType } from '@mallo/contracts';
import type { PreprocessingFile } from './preprocessing-file.js';

/** Images, or numbers of as many bytes, that one model computes together. */
export const BATCH_LIMIT = 16;

/** Where an inference process reads what it is asked; it answers over the channel that Node opens. */
export const REQUESTS_FD = 4;

/** Which model an inference process is to open: it opens one in its life. */
export type OpenRequest = Pick<ModelVersion, 'classNames' | 'inputShape'> & {
  path: string;
  task: TaskType;
  /** Where the version has a preprocessing.json. */
  preprocessing: PreprocessingFile | null;
};

/** What it is asked then: about one image file, or about numbers as the model reads them, the first size the batch. */
export type Job = { image: Uint8Array } | { numbers: Uint8Array; shape: number[] };

/** Either is there: a model to open, or `bytes` to answer for, which with a `shape` are numbers. */
export type RunnerRequest = { id: number; open?: OpenRequest; shape?: number[]; bytes?: Uint8Array };

export type Failure = { code: ErrorCode; params: ErrorParams };

/** What it answers, and how much memory it holds by now. Opening answers no predictions. */
export type RunnerAnswer = { id: number; memoryBytes: number } & ({ predictions: Prediction[] } | { failure: Failure });
