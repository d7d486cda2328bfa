import { createHash } from 'node:crypto';
import {
  type CardOrigins,
  type ConfigEdit,
  type Locale,
  MalloError,
  type Origins,
  TrainingConfig,
  type TrainingIntent,
} from '@mallo/contracts';
import canonicalize from 'canonicalize';
import { chooseOpenValues } from './open-values.js';
import type { Surroundings } from './surroundings.js';

export type PlacedConfig = { config: TrainingConfig; origin: CardOrigins };

/** SHA-256 of a config in canonical JSON (RFC 8785): equal for equal configs, whatever the order of their keys. */
export function configHash(config: TrainingConfig): string {
  return createHash('sha256')
    .update(canonicalize(config) ?? '')
    .digest('hex');
}

/** Where a field of the intent stands in the config. */
const PLACES: Record<string, string> = {
  modelName: 'model.name',
  modelSource: 'model.source',
  numClasses: 'classNames',
};

/**
 * The config of a complete intent: a function of what was understood and of the surroundings alone. The language is
 * that of the reasons in the origins; it changes no value.
 * @throws ZodError for an intent that is not complete
 */
export function configOf(
  intent: TrainingIntent,
  origins: Origins,
  surroundings: Surroundings,
  locale: Locale,
): PlacedConfig {
  const config = TrainingConfig.parse({
    taskType: intent.taskType,
    model: { source: intent.modelSource, name: intent.modelName, ...codeIn(surroundings) },
    ...datasetFields(surroundings),
    hyperparameters: {
      ...intent.hyperparameters,
      earlyStoppingPatience: intent.hyperparameters?.earlyStoppingPatience ?? null,
    },
    resources: intent.resources ?? {},
  });
  // The surroundings may be kept ones, of another dataset than is understood now.
  if (intent.dataset) config.dataset.id = intent.dataset.id;
  const origin: CardOrigins = {};
  for (const [field, from] of Object.entries(origins)) origin[PLACES[field] ?? field] ??= from;
  origin.classNames = { kind: 'dataset' };
  chooseOpenValues(config, origin, surroundings, locale);
  checked(config);
  return { config, origin };
}

/**
 * A config after a change by hand, in surroundings that may be those of another model or dataset. The values that
 * nobody named follow, and say so.
 */
export function editedConfig(
  before: PlacedConfig,
  edit: ConfigEdit,
  surroundings: Surroundings,
  locale: Locale,
): PlacedConfig {
  const config = structuredClone(before.config);
  const origin = { ...before.origin };
  const { name, source } = surroundings.model;
  if (name !== config.model.name) {
    config.model = { source, name, ...codeIn(surroundings) };
    origin['model.name'] = { kind: 'edited' };
  }
  if (surroundings.dataset.id !== config.dataset.id) origin.dataset = { kind: 'edited' };
  Object.assign(config, datasetFields(surroundings));
  for (const [field, value] of Object.entries(edit.hyperparameters ?? {})) {
    if (config.hyperparameters[field as keyof typeof config.hyperparameters] === value) continue;
    Object.assign(config.hyperparameters, { [field]: value });
    origin[`hyperparameters.${field}`] = { kind: 'edited' };
  }
  chooseOpenValues(config, origin, surroundings, locale, before.config.hyperparameters);
  checked(config);
  return { config, origin };
}

function codeIn({ model: { code } }: Surroundings): Pick<TrainingConfig['model'], 'code'> {
  return code ? { code } : {};
}

function datasetFields({ dataset }: Surroundings): Pick<TrainingConfig, 'dataset' | 'classNames'> {
  return {
    dataset: { id: dataset.id, versionId: dataset.versionId, name: dataset.name },
    classNames: dataset.classes.map((row) => row.name),
  };
}

/** @throws MalloError config.warmup_too_long */
function checked({ hyperparameters: { epochs, warmupEpochs } }: TrainingConfig): void {
  if (warmupEpochs >= epochs) throw new MalloError('config.warmup_too_long', { warmup: warmupEpochs, epochs });
}
