import type { ParseContext, TrainingIntent } from '@mallo/contracts';
import { intentsSoFar } from './history.js';
import { type Project, type Reading, says } from './reading.js';
import { type Base, filledPaths } from './training.js';

type Values = Record<string, unknown>;

function valueAt(intent: TrainingIntent, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Values | undefined)?.[key], intent);
}

function withValue(intent: TrainingIntent, path: string, value: unknown): TrainingIntent {
  const changed = structuredClone(intent) as Values;
  const [group = '', name] = path.split('.');
  const holder = name ? { ...(changed[group] as Values | undefined) } : changed;
  if (value === undefined) delete holder[name ?? group];
  else holder[name ?? group] = value;
  return (name ? { ...changed, [group]: holder } : holder) as TrainingIntent;
}

const NAMED: [string, string][] = [
  ['noun.model', 'modelName'],
  ['noun.dataset', 'dataset'],
  ['augmentation', 'hyperparameters.augmentation'],
  ['pretrained', 'hyperparameters.pretrained'],
  ['noun.optimizer', 'hyperparameters.optimizer'],
  ['noun.scheduler', 'hyperparameters.scheduler'],
  ['freeze', 'hyperparameters.freezeBackbone'],
];

/** The settings that a message names without a value: the 배치 of "배치는 원래대로". */
function pathsNamed(reading: Reading): string[] {
  const numeric = [...reading.concepts]
    .filter((concept) => concept.startsWith('hp.'))
    .map((concept) => (concept === 'hp.numClasses' ? 'numClasses' : `hyperparameters.${concept.slice(3)}`));
  return [...numeric, ...NAMED.filter(([concept]) => says(reading, concept)).map(([, path]) => path)];
}

/** Whether a message takes a change to the config back: "원래대로", "put the batch back", "undo that". */
export function asksUndo(reading: Reading, pending: TrainingIntent): boolean {
  if (Object.keys(pending).length === 0 || reading.fields.found.length > 0 || reading.models.length > 0) return false;
  if (says(reading, 'noun.version', 'alias.champion', 'noun.run', 'deny') || reading.unknown.size > 1) return false;
  const putsBack = says(reading, 'word.back') && says(reading, 'verb.raise', 'verb.change', 'verb.start');
  return says(reading, 'undo', 'verb.rollback') || putsBack;
}

/**
 * The intent before the change that a message takes back. A value that nobody had set before is left to its default.
 * Undefined where nothing is known of what was before.
 */
export function undone(reading: Reading, project: Project, base: Base, context: ParseContext): Base | undefined {
  const before = intentsSoFar(context, project);
  const named = pathsNamed(reading).filter((path) => valueAt(base.intent, path) !== undefined);
  if (named.length > 0) {
    let intent = base.intent;
    for (const path of named) {
      const now = JSON.stringify(valueAt(intent, path));
      const earlier = before.findLast((one) => JSON.stringify(valueAt(one, path)) !== now);
      intent = withValue(intent, path, earlier && valueAt(earlier, path));
      if (path === 'modelName') intent = withValue(intent, 'modelSource', earlier?.modelSource);
    }
    return { intent, kind: base.kind };
  }
  const settled = JSON.stringify(filledPaths(base.intent).map((path) => [path, valueAt(base.intent, path)]));
  const previous = before.findLast(
    (one) => JSON.stringify(filledPaths(base.intent).map((path) => [path, valueAt(one, path)])) !== settled,
  );
  return previous && { intent: previous, kind: 'history' };
}
