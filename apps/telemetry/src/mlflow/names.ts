import { MlflowError } from '@mallo/contracts';
import { normalPath, pythonRepr } from './python.js';

export const MOST = { keyCharacters: 250, paramCharacters: 6000, tagCharacters: 8000, experimentTagCharacters: 20_000 };

/**
 * Checks the name of a metric, param or tag as MLflow does, which may make a file of it.
 * @param path where it stands in the request, such as `metrics[3].name`
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function checkName(name: string, path: string): void {
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(name)) {
    throw invalidValue(
      path,
      name,
      'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).',
    );
  }
  const normal = normalPath(name);
  if (normal !== name || normal === '.' || normal.startsWith('..') || normal.startsWith('/')) {
    throw invalidValue(
      path,
      name,
      'Names may be treated as files in certain cases, and must not resolve to other names when treated as such. ' +
        `This name would resolve to ${pythonRepr(normal)}`,
    );
  }
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkLength(name: string, limit: number, value: string): void {
  // Python counts code points.
  if (value.length > limit && [...value].length > limit) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `'${name}' exceeds the maximum length of ${limit} characters`);
  }
}

export function invalidValue(path: string, value: unknown, problem?: string): MlflowError {
  const text = JSON.stringify(value);
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${text} for parameter '${path}' supplied${problem ? `: ${problem}` : '.'}`,
  );
}
