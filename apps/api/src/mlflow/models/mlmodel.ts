import { TaskType } from '@mallo/contracts';
import { parse } from 'yaml';
import { z } from 'zod';

/** Larger than any that MLflow writes; signatures and examples are in it. */
export const MLMODEL_LIMIT_BYTES = 1_000_000;

const MLmodel = z.object({ flavors: z.record(z.string(), z.record(z.string(), z.unknown())).catch({}) });

/** What a folder with an MLmodel file says that it is. */
export type ModelKind = {
  framework: string;
  architecture: string;
  taskType: TaskType | null;
  flavors: { name: string; version: string | null }[];
};

export const UNKNOWN_KIND: ModelKind = { framework: 'mlflow', architecture: 'unknown', taskType: null, flavors: [] };

/** Ways to load a model that say nothing of what it is. */
const GENERAL = new Set(['python_function', 'mleap']);

/** Where flavors name the class or the network of a model. */
const NAMES = ['model_class', 'source_model_name', 'instance_type', 'model_type', 'architecture', 'estimator_class'];

/** The tasks of transformers' pipelines that are Mallo's. */
const TASKS: Record<string, TaskType> = {
  'image-classification': 'classification',
  'zero-shot-image-classification': 'classification',
  'object-detection': 'detection',
  'image-segmentation': 'segmentation',
};

/**
 * What an MLmodel file says. It is read as data alone: nothing that it names is opened or run. One that cannot be read
 * says nothing, for its model can still be loaded by whoever wrote it.
 */
export function kindOf(text: string, tags: Record<string, string> = {}): ModelKind {
  const flavors = flavorsIn(text);
  const named = Object.keys(flavors);
  const main = named.find((name) => !GENERAL.has(name)) ?? named[0];
  if (main === undefined) return UNKNOWN_KIND;
  const facts = flavors[main] ?? {};
  const said = NAMES.map((name) => facts[name]).find((value) => typeof value === 'string' && value !== '');
  // scikit-learn's autologging writes the class of the estimator on the run alone.
  const architecture = shortOf(String(said ?? tags.estimator_name ?? main));
  const task = typeof facts.task === 'string' ? TASKS[facts.task] : undefined;
  return {
    framework: main.slice(0, 50),
    architecture,
    taskType: task ?? null,
    flavors: named.map((name) => ({ name, version: versionIn(name, flavors[name] ?? {}) })),
  };
}

function flavorsIn(text: string): Record<string, Record<string, unknown>> {
  try {
    return MLmodel.parse(parse(text, { logLevel: 'silent', maxAliasCount: 100 })).flavors;
  } catch {
    return {};
  }
}

/** `xgboost.sklearn.XGBClassifier` is known by its last part. */
function shortOf(name: string): string {
  const last = /^[\w.]+$/.test(name) ? (name.split('.').at(-1) ?? name) : name;
  return last.replace(/\p{Cc}/gu, ' ').slice(0, 200);
}

/** Each flavor says of which version of its library it is under a name of its own. */
function versionIn(name: string, facts: Record<string, unknown>): string | null {
  const [, value] = Object.entries(facts).find(([key]) => key.endsWith('_version') && key !== 'python_version') ?? [];
  const version = name === 'python_function' ? facts.python_version : value;
  return typeof version === 'string' || typeof version === 'number' ? String(version).slice(0, 100) : null;
}
