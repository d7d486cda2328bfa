import { MlflowError } from '@mallo/contracts';

export const MOST = { keyCharacters: 250, paramCharacters: 6000, tagCharacters: 8000, experimentTagCharacters: 20_000 };

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkLength(name: string, limit: number, value: string): void {
  // Python counts code points.
  if (value.length > limit && [...value].length > limit) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `'${name}' exceeds the maximum length of ${limit} characters`);
  }
}
