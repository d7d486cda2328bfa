import { MlflowError } from '@mallo/contracts';
import { normalPath, pythonRepr } from './python.js';

/**
 * Checks the name of a metric, param or tag as MLflow does (`mlflow/utils/validation.py`).
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
  checkOwnPath(name, path);
}

/** Checks that a name, of which MLflow may make a file, is one path and no other's. @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkOwnPath(name: string, path: string): void {
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

export function invalidValue(path: string, value: unknown, problem: string): MlflowError {
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${JSON.stringify(value)} for parameter '${path}' supplied: ${problem}`,
  );
}
