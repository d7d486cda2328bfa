import type { CardData, Dataset, ModelVersion } from '@mallo/contracts';
import { percent } from './figures.js';
import type { Say } from './words.js';

/** A class with so many times the images of another shows in the figures of both. */
const UNBALANCED = 2;

type Classes = Dataset['version']['classes'];

/** What a version learned from; of one that was not trained here, what it was measured on or is said to be of. */
export function cardData(version: ModelVersion, dataset: Dataset | null, say: Say): CardData | null {
  const { config, datasetName, datasetVersionSha256: sha256, result } = version;
  if (datasetName === null) return null;
  const supports = new Map(result?.perClass.map(({ name, support }) => [name, support]));
  const total = dataset?.version.imageCount ?? null;
  const counts = new Map(dataset?.version.classes.map(({ name, imageCount }) => [name, imageCount]));
  const names = [...new Set([...counts.keys(), ...supports.keys()])];
  return {
    name: datasetName,
    datasetId: dataset?.id ?? null,
    versionNumber: dataset?.version.number ?? null,
    sha256,
    imageCount: total,
    statements: [
      statement(version, dataset, say),
      ...(dataset && config && result ? [split(config, result, dataset.version.imageCount, say)] : []),
      ...(dataset ? balance(dataset.version.classes, say) : []),
    ],
    classes: names.map((name) => {
      const imageCount = counts.get(name) ?? null;
      const share = total && imageCount !== null ? imageCount / total : null;
      return { name, imageCount, share, validationCount: supports.get(name) ?? null };
    }),
  };
}

function statement({ config, datasetName }: ModelVersion, dataset: Dataset | null, say: Say): string {
  const name = datasetName ?? '';
  if (!dataset) return say(config ? 'dataGone' : 'dataNamed', { name });
  const { number, imageCount: count, classes } = dataset.version;
  return say(config ? 'learnedFrom' : 'measuredOn', { name: dataset.name, number, count, classes: classes.length });
}

function split(
  { hyperparameters: { seed } }: NonNullable<ModelVersion['config']>,
  { perClass }: NonNullable<ModelVersion['result']>,
  total: number,
  say: Say,
): string {
  const validation = perClass.reduce((sum, { support }) => sum + support, 0);
  return say('split', { train: total - validation, validation, share: percent(validation / total), seed });
}

function balance(classes: Classes, say: Say): string[] {
  const empty = classes.filter(({ imageCount }) => imageCount === 0).map(({ name }) => name);
  const sorted = classes.filter(({ imageCount }) => imageCount > 0).toSorted((a, b) => a.imageCount - b.imageCount);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const isTold = least && most && least !== most;
  const times = isTold ? most.imageCount / least.imageCount : 1;
  const values = { least: least?.name ?? '', most: most?.name ?? '', times: Number(times.toPrecision(2)) };
  return [
    ...(isTold ? [say(times < UNBALANCED ? 'balanced' : 'unbalanced', values)] : []),
    ...(empty.length > 0 ? [say('emptyClass', { names: empty.join(', ') })] : []),
  ];
}
