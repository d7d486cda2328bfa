import { z } from 'zod';
import { Problem } from './errors.js';

/**
 * Work that goes on after the request that began it, also through a restart. `idle`: nobody asked for it yet. `cancelling`
 * lasts until nothing of it runs any more. After `failed` and `cancelled` it can be begun again, and keeps what was done
 * before.
 */
export const JobState = z.enum(['idle', 'running', 'cancelling', 'cancelled', 'completed', 'failed']);
export type JobState = z.infer<typeof JobState>;

/** How far a job is. `step` of its `steps` are done; both are 0 while it is idle. */
export const Job = z.strictObject({
  state: JobState,
  step: z.int(),
  steps: z.int(),
  /** Why it failed. */
  error: Problem.nullable(),
});
export type Job = z.infer<typeof Job>;
