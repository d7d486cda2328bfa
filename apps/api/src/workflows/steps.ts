import type { StepName } from '@mallo/contracts';
import type { Outcome } from './training.activities.js';

/** How long one try of a step may take, and how often it is tried. */
export type StepPolicy = { timeoutSeconds: number; maxAttempts: number };

/**
 * What a workflow needs of the engine that makes it durable. A step that has ended is never done again; one that
 * was cut off is done again from its beginning, so its work must be safe to repeat. A step whose tries all failed
 * ends as `failed`.
 */
export type Steps = {
  run(name: StepName, policy: StepPolicy, work: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome>;
};
