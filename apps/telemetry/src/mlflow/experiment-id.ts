import { MlflowError } from '@mallo/contracts';

/** An id in the one way it is written: as a number, whose nothing is the default experiment. @throws MlflowError INVALID_PARAMETER_VALUE */
export function shownId(id: string): string {
  if (id === '') return '0';
  if (/^\s*[+-]?\d{1,40}\s*$/.test(id)) return BigInt(id.trim().replace('+', '')).toString();
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid experiment ID '${id}'. Experiment ID must be a valid integer.`,
  );
}
