import type { CurvePoint, RunView } from './run-view.js';

/** The curve with a point for every batch line; its times are the clock of the training. */
const BATCH_CURVE = 'loss';
/** A curve with a point for every finished epoch, its validation included. */
const EPOCH_CURVE = 'val_loss';
/** How many of the last intervals the pace is taken from. */
const WINDOW = 60;
/** Validation as a share of an epoch's training time until one was seen: a fifth of the images, forward only. */
const FIRST_GUESS_OF_VALIDATION = 0.1;

/** A pause longer than this many epochs was no validation: the training was down, and resumed at the epoch's start. */
const LONGEST_VALIDATION_EPOCHS = 2;

/**
 * Seconds until the last epoch is validated, from the pace of the last batches and of past validations; null as
 * long as nothing can be said. One slow batch, or a training that was down for an hour, hardly changes it.
 */
export function remainingSeconds(view: RunView): number | null {
  const { progress } = view;
  if (!progress || progress.batches < 1) return null;
  const { batches, epochs, epoch, batch } = progress;
  const trainedSteps = (epoch - 1) * batches + batch;
  const validatedEpochs = Math.max(epoch - 1, view.curves[EPOCH_CURVE]?.at(-1)?.[0] ?? 0);
  if (validatedEpochs >= epochs) return 0;

  const intervals = intervalsOf(view.curves[BATCH_CURVE] ?? [], batches);
  const within = intervals.filter(({ validations }) => validations === 0);
  // A long curve is thinned until each interval spans whole epochs; their pace then holds the validations.
  const pace = paceOf(within.length > 0 ? within : intervals);
  if (pace === null) return null;
  const validation = within.length > 0 ? validationOf(intervals, pace, batches) : 0;
  return (epochs * batches - trainedSteps) * pace + (epochs - validatedEpochs) * validation;
}

/** Seconds a step, over the last intervals without the slowest and the fastest tenth. */
function paceOf(intervals: Interval[]): number | null {
  const sorted = intervals.slice(-WINDOW).toSorted((a, b) => a.seconds / a.steps - b.seconds / b.steps);
  const cut = Math.floor(sorted.length / 10);
  const kept = sorted.slice(cut, sorted.length - cut);
  const steps = kept.reduce((sum, interval) => sum + interval.steps, 0);
  return steps > 0 ? kept.reduce((sum, interval) => sum + interval.seconds, 0) / steps : null;
}

/** Seconds between two epochs: the lower median of those seen. */
function validationOf(intervals: Interval[], pace: number, batches: number): number {
  const seen = intervals
    .filter(({ validations }) => validations > 0)
    .map(({ seconds, steps, validations }) => Math.max(0, (seconds - pace * steps) / validations))
    .toSorted((a, b) => a - b);
  const guess = FIRST_GUESS_OF_VALIDATION * pace * batches;
  const median = seen[Math.floor((seen.length - 1) / 2)] ?? guess;
  return median > LONGEST_VALIDATION_EPOCHS * pace * batches ? guess : median;
}

type Interval = { seconds: number; steps: number; validations: number };

function intervalsOf(points: readonly CurvePoint[], batches: number): Interval[] {
  const recent = points.slice(-10 * WINDOW);
  return recent.slice(1).flatMap(([step, , timeMs], index) => {
    const [stepBefore, , timeBeforeMs] = recent[index] ?? [step, 0, timeMs];
    const seconds = (timeMs - timeBeforeMs) / 1000;
    const validations = Math.floor((step - 1) / batches) - Math.floor((stepBefore - 1) / batches);
    return seconds > 0 ? [{ seconds, steps: step - stepBefore, validations }] : [];
  });
}
