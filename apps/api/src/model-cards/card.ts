import { type Dataset, type Locale, type ModelCard, type ModelVersion, TaskType } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import { curvesOf, type Epoch } from './card-curves.js';
import { cardData } from './card-data.js';
import { estimated, percent } from './figures.js';
import { lineageGraph } from './lineage-graph.js';
import { snippets } from './snippets/snippets.js';
import { type Say, type Word, wordsOf } from './words.js';

/** Below this many validation images one picture more or less moves a class's recall by ten points. */
const FEW = 10;
const WEAK_RECALL = 0.7;
/** What a desktop processor and one GPU draw under load, about: what is not measured is not told more exactly. */
const CPU_WATTS = 65;
const GPU_WATTS = 300;

/** What a task is for, with and without the names of the classes, and what nobody should expect of it. */
const OF_TASK: Record<TaskType, { named: Word; unnamed: Word; limit: Word }> = {
  classification: { named: 'classifies', unnamed: 'classifiesAny', limit: 'unknownThings' },
  detection: { named: 'detects', unnamed: 'detectsAny', limit: 'unknownObjects' },
  segmentation: { named: 'segments', unnamed: 'segmentsAny', limit: 'unknownPixels' },
  anomaly_detection: { named: 'findsAnomalies', unnamed: 'findsAnomalies', limit: 'unknownDefects' },
};

export type CardInput = {
  version: ModelVersion;
  taskType: TaskType | null;
  /** What it was made from, then what that was made from … */
  ancestors: ModelVersion[];
  /** Of the version of it that the model learned from or was measured on; null when that is gone or not known. */
  dataset: Dataset | null;
  /** How the figures went; null where the version has no record of it. */
  epochs: Epoch[] | null;
  /** The run that logged it, as it is now; null where there is none, or it could not be asked. */
  run: { params: Record<string, string>; tags: Record<string, string> } | null;
  /** Where a program wrote down what its model needs; null where it did not. */
  environment: { name: string; text: string } | null;
  isPreparedAsTrained: boolean;
  /** Of an hour of training, such as 1.2 USD; null where none is set. */
  hourlyPrice: { amount: number; currency: string } | null;
  locale: Locale;
};

/** What is known of a version, part by part: a page shows it, and a README is written of it. */
export function modelCard(input: CardInput): ModelCard {
  const { version, ancestors, dataset, epochs, isPreparedAsTrained } = input;
  const say = wordsOf(input.locale);
  return {
    purpose: purpose(input, say),
    origin: origin(version, say),
    license: licenseOf(version),
    limits: limits(input, say),
    data: cardData(firstOf(input), dataset, say),
    curves: curvesOf(epochs, say),
    training: training(input, say),
    settings: settings(input),
    runTags: namedOf(withoutHistory(input.run?.tags ?? {})),
    environment: environment(input, say),
    snippets: snippets(version, isPreparedAsTrained),
    lineage: lineageGraph({ version, ancestors, dataset }, say),
  };
}

/** What learned from data: a version that was converted from it only reads the same otherwise. */
function firstOf({ version, ancestors }: CardInput): ModelVersion {
  return ancestors.at(-1) ?? version;
}

/** The weights of the Hugging Face hub that a training began with; null where it did with none of those. */
export function beganWith({ result }: ModelVersion): string | null {
  return result?.weightsSource.startsWith('hub:') ? result.weightsSource.slice('hub:'.length) : null;
}

function licenseOf(version: ModelVersion): string | null {
  const { config, result } = version;
  if (!config || !result || result.weightsSource === 'none') return null;
  const hubId = beganWith(version);
  const found = lookup(config.model.name, config.model.source)?.pretrained.find((one) => one.hubId === hubId);
  return found?.license?.toLowerCase() ?? null;
}

function purpose({ version: { classNames }, taskType }: CardInput, say: Say): string | null {
  if (!taskType) return null;
  const { named, unnamed } = OF_TASK[taskType];
  return classNames ? say(named, { count: classNames.length, names: classNames.join(', ') }) : say(unnamed);
}

function origin({ config, logged, madeFrom }: ModelVersion, say: Say): string | null {
  if (config) return null;
  if (madeFrom) return say('converted', { version: madeFrom });
  return logged ? say('logged', { source: logged.source }) : say('uploaded');
}

function limits(input: CardInput, say: Say): string[] {
  const { taskType } = input;
  const { result, metrics } = input.version;
  const ofClasses = (result?.perClass ?? []).flatMap(({ name, support, recall }) => {
    const values = { name, count: support, recall: percent(recall) };
    if (support === 0) return say('noValidation', values);
    if (support < FEW) return say('fewValidation', values);
    return recall < WEAK_RECALL ? say('weakClass', values) : [];
  });
  return [
    ...ofClasses,
    ...(firstOf(input).datasetName === null ? [say('noDataKnown')] : []),
    ...(Object.keys(metrics).length === 0 ? [say('noFiguresKnown')] : []),
    ...(taskType ? [say(OF_TASK[taskType].limit)] : []),
  ];
}

function training({ version: { config, result, architecture }, hourlyPrice }: CardInput, say: Say): string[] {
  if (!config || !result) return [];
  const { durationSeconds: seconds, epochsDone: epochs, device, weightsSource } = result;
  const duration =
    seconds < 120
      ? say('seconds', { count: Math.round(seconds) })
      : say('minutes', { count: Math.round(seconds / 60) });
  const weights = weightsSource === 'none' ? say('noWeights') : weightsSource;
  return [
    say('trainedFor', { architecture, epochs, duration, device, weights }),
    ...costs(seconds, device, hourlyPrice, say),
  ];
}

/** What the training took of current and money; both are estimates, and say what they are made of. */
function costs(seconds: number, device: string, hourlyPrice: CardInput['hourlyPrice'], say: Say): string[] {
  const watts = device.startsWith('cpu') ? CPU_WATTS : GPU_WATTS;
  const hours = seconds / 3600;
  const energy = say('energy', { energy: estimated(hours * watts), watts });
  if (!hourlyPrice) return [energy];
  const { amount, currency } = hourlyPrice;
  return [energy, say('cost', { cost: estimated(hours * amount), price: amount, currency })];
}

/** What the version keeps of its run stands over what may have been added to that since. */
function settings({ version: { config, logged }, run }: CardInput): ModelCard['settings'] {
  return namedOf(config?.hyperparameters ?? { ...run?.params, ...logged?.params });
}

/** MLflow keeps there, as JSON, which models were logged when: nothing that people read. */
function withoutHistory({ 'mlflow.log-model.history': _, ...tags }: Record<string, string>): Record<string, string> {
  return tags;
}

function namedOf(values: object): ModelCard['settings'] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

function environment({ version: { config, recipe }, environment: found }: CardInput, say: Say) {
  if (config) return { statement: say('environment', { recipe: recipe ?? '–' }), text: null };
  return found && { statement: say('environmentIn', { name: found.name }), text: found.text };
}
