import type { ModelVersion, Snippet } from '@mallo/contracts';
import { ofFiles } from './of-files.js';
import { ofMlflow } from './of-mlflow.js';
import { ofTraining } from './of-training.js';

/**
 * Python that loads a version from the folder of its files and answers for one picture; empty where no file can be.
 * `isPreparedAsTrained`: whether its preprocessing.json says how weights that a training here did not leave want pictures.
 */
export function snippets(version: ModelVersion, isPreparedAsTrained: boolean): Snippet[] {
  const { config, logged } = version;
  if (config) return ofTraining(version, config);
  return [...(logged ? [ofMlflow(version, logged)] : []), ...ofFiles(version, isPreparedAsTrained)];
}
