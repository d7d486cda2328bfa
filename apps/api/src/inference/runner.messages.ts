import type { ErrorCode, ErrorParams, InferenceResponse, ModelVersion, Prediction, TaskType } from '@mallo/contracts';
import type { PreprocessingFile } from './preprocessing-file.js';

/** Images, or numbers of as many bytes, that one model computes together. */
export const BATCH_LIMIT = 16;

/** Where an inference process reads what it is asked; it answers over the channel that Node opens. */
export const REQUESTS_FD = 4;

/** Which model an inference process is to open: it opens one in its life. */
export type OpenRequest = Pick<ModelVersion, 'classNames' | 'inputShape'> & {
  path: string;
  task: TaskType | null;
  /** Where the version has a preprocessing.json. */
  preprocessing: PreprocessingFile | null;
};

/** What it is asked then about images: one file, or numbers as the model reads them, the first size the batch. */
export type ImagesQuestion = { kind: 'image' } | { kind: 'numbers'; shape: number[] };

/** Or about named tensors, as JSON of the Open Inference Protocol. */
export type Question = ImagesQuestion | { kind: 'tensors' };

/** Of a question, in the pieces that they came in. */
type Body = { body: Uint8Array[] };
export type ImagesJob = ImagesQuestion & Body;
export type TensorsJob = { kind: 'tensors' } & Body;
export type Job = ImagesJob | TensorsJob;

/** What a model gave out by name, and the `id` of who asked. */
export type NamedOutputs = Pick<InferenceResponse, 'id' | 'outputs'>;

export type AnswerOf<J extends Job> = J extends TensorsJob ? NamedOutputs : Prediction[];

/** A model to open, or a question. */
export type RunnerHead = { id: number } & ({ open: OpenRequest } | { question: Question });
export type RunnerRequest = RunnerHead & { bytes: Uint8Array };

export type Failure = { code: ErrorCode; params: ErrorParams };

/** What it answers, and how much memory it holds by now. Opening answers nothing. */
export type RunnerAnswer = { id: number; memoryBytes: number } & (
  | { answer: Prediction[] | NamedOutputs | null }
  | { failure: Failure }
);
