import { MlflowError } from '@mallo/contracts';

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkMaxResults(maxResults: number): void {
  const problem = maxResults < 1 ? 'a positive integer' : maxResults > 50_000 ? 'at most 50000' : null;
  if (!problem) return;
  const supplied = `Invalid value ${maxResults} for parameter 'max_results' supplied.`;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `${supplied} It must be ${problem}`);
}
