import type { AnswerSentence, AnswerSource, TrainingConfig } from '@mallo/contracts';
import type { TrainingEvidence } from '../evidence.service.js';
import { datasetSource, runSource } from '../wording/figures.js';
import { linked } from '../wording/sentence.js';
import { type Curves, highest, type Point } from './curves.js';

/** A training as a diagnosis looks at it. */
export type Case = Omit<TrainingEvidence, 'snapshot'> & {
  curves: Curves;
  values: TrainingConfig['hyperparameters'];
  classCount: number;
  /** The run's name, as a link to it. */
  name: AnswerSentence;
  /** The epoch of the highest validation accuracy, and the last one. */
  best: Point | undefined;
  last: Point | undefined;
  /** How many images the accuracy is of; null when it is not known. */
  valImages: number | null;
  trainImages: number | null;
  /** The accuracy of always answering the most frequent class. */
  chance: number;
};

export function caseOf({ run, curves, dataset }: Omit<TrainingEvidence, 'snapshot'>): Case {
  const values = run.config.hyperparameters;
  const images = dataset?.version.imageCount ?? 0;
  const counted = run.result?.perClass.reduce((sum, row) => sum + row.support, 0) ?? 0;
  const known = images > 0;
  const largest = Math.max(0, ...(dataset?.version.classes ?? []).map(({ imageCount }) => imageCount));
  return {
    run,
    curves,
    dataset,
    values,
    classCount: run.config.classNames.length,
    name: linked(run.name, runSource(run)),
    best: highest(curves.valAccuracy),
    last: curves.valAccuracy.at(-1),
    valImages: counted > 0 ? counted : known ? Math.round(images * values.validationSplit) : null,
    trainImages: known ? Math.round(images * (1 - values.validationSplit)) : null,
    chance: known ? largest / images : 1 / run.config.classNames.length,
  };
}

/** A point of one of the run's curves. */
export function pointOf({ run }: Pick<Case, 'run'>, key: string, step: number): AnswerSource {
  return runSource(run, key, step);
}

/** Where the run's settings and final figures are. */
export function ofRun({ run }: Pick<Case, 'run'>): AnswerSource {
  return runSource(run);
}

/** The dataset as it is now; the run where it was deleted. */
export function ofDataset({ run, dataset }: Pick<Case, 'run' | 'dataset'>): AnswerSource {
  return dataset ? datasetSource(dataset) : runSource(run);
}

/** Whether more is to come of it. */
export function isUnderWay({ run }: Pick<Case, 'run'>): boolean {
  return run.endedAt === null;
}

/** Twice the standard error of an accuracy over so many images (binomial): what differs by less may be luck. */
export function noise(accuracy: number, images: number | null): number {
  return images ? 2 * Math.sqrt((accuracy * (1 - accuracy)) / images) : 0.02;
}
