import type { JobState } from '@mallo/contracts';

/** Whether a job still runs, so that it will soon be something else. */
export function isUnderWay(state: JobState | undefined): boolean {
  return state === 'running' || state === 'cancelling';
}
