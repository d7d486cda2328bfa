import type { LoggedModel, ModelVersion, Snippet } from '@mallo/contracts';
import { pythonString } from './python-text.js';

/** Flavors that MLflow loads by a module of their name; others are loaded as functions of Python. */
const MODULES = [
  'pytorch',
  'sklearn',
  'transformers',
  'onnx',
  'tensorflow',
  'keras',
  'xgboost',
  'lightgbm',
  'catboost',
  'statsmodels',
  'prophet',
  'spacy',
  'sentence_transformers',
  'paddle',
];

/** Loads a version by MLflow's own client, from where it is registered. */
export function ofMlflow({ modelName, number }: ModelVersion, { flavors }: LoggedModel): Snippet {
  const module = MODULES.find((name) => flavors.some((flavor) => flavor.name === name)) ?? 'pyfunc';
  return {
    title: 'MLflow',
    code: `# MLFLOW_TRACKING_URI is the address of Mallo, MLFLOW_TRACKING_TOKEN a key made on its settings page.
import mlflow.${module}

model = mlflow.${module}.load_model(${pythonString(`models:/${modelName}/${number}`)})
`,
  };
}
