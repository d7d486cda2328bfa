import type { Run, RunNotice } from '@mallo/contracts';

/** Why the work of a process that ends is broken off: it goes on in the next one. */
export class ProcessEnds extends Error {}

/** What a training tells while it goes on. `key` tells a repeat of the same notice from a new one. */
export type Report = (key: string, notice: Omit<RunNotice, 'at'>) => Promise<void>;

/**
 * Where a trainer runs. Every call is safe to repeat, also by a process that was started after another one died
 * in the middle of it.
 */
export abstract class Compute {
  /** Makes the place in which the run's training will happen. @throws MalloError when there is none */
  abstract allocate(run: Run): Promise<void>;

  /**
   * Checks the model and looks for its weights, with the config as the recipe will read it.
   * @throws MalloError when the recipe refuses the config
   */
  abstract prepare(run: Run, report: Report, signal: AbortSignal): Promise<void>;

  /**
   * Starts the training, or finds the one that was started before, and follows it to its end. One that is
   * interrupted goes on from its last checkpoint. When it returns, every file of its output is an artifact of the run.
   * @throws MalloError when the training failed; the signal's reason when it was aborted, with the trainer stopped
   *   unless the reason is that this process ends
   */
  abstract train(run: Run, report: Report, signal: AbortSignal): Promise<void>;

  /** Stops what still runs and gives back what was taken. */
  abstract release(runId: string, succeeded: boolean): Promise<void>;

  /** What the place of a run holds now, in bytes; nothing where there is none. */
  abstract heldBytes(runId: string): Promise<number>;

  /** Removes all that is left of the place of a run that ended and is no more. @returns the bytes it held */
  abstract remove(runId: string): Promise<number>;
}
