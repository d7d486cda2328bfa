import type { LoggedModel, ModelVersion } from '@mallo/contracts';

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

/** Python that loads a version by MLflow's own client; the name and address are put in as Python writes texts. */
export function loadingCode(
  { modelName, number }: Pick<ModelVersion, 'modelName' | 'number'>,
  { flavors }: Pick<LoggedModel, 'flavors'>,
  origin: string,
): string {
  const module = MODULES.find((name) => flavors.some((flavor) => flavor.name === name)) ?? 'pyfunc';
  const uri = JSON.stringify(`models:/${modelName}/${number}`);
  return [
    `# MLFLOW_TRACKING_URI=${origin}`,
    '# MLFLOW_TRACKING_TOKEN=mallo_…',
    `import mlflow.${module}`,
    '',
    `model = mlflow.${module}.load_model(${uri})`,
  ].join('\n');
}
