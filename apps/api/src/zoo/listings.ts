import type { MalloError, PublishedFigure, TaskType, ZooListing, ZooMetric } from '@mallo/contracts';
import { catalogue, trainingMemory, type ZooEntry } from '@mallo/zoo';
import type { ModelAdapter } from './adapters/adapter.js';
import { adapters } from './adapters/adapters.js';
import { OwnAdapter } from './adapters/own.js';
import type { AddedModel } from './added/added-model.js';

/** All that a list shows of a model but what the trainer here has installed, which may change. */
export type Row = {
  entry: ZooEntry;
  listing: Omit<ZooListing, 'extra'>;
  extra: string;
  /** Why no training of it can be started. */
  missing: MalloError | null;
};

/** The figures by which models of a task are compared, the usual one first. */
const METRICS: Record<TaskType, ZooMetric[]> = {
  classification: ['top1'],
  detection: ['box_ap'],
  segmentation: ['miou', 'mask_ap', 'pq'],
  anomaly_detection: [],
};
const BATCH = 32;

export function keyOf({ source, name }: Pick<ZooEntry, 'source' | 'name'>): string {
  return `${source}/${name}`;
}

function bestFigure({ taskType, published }: ZooEntry): PublishedFigure | null {
  for (const metric of METRICS[taskType]) {
    const figures = published.filter((figure) => figure.metric === metric);
    const best = figures.toSorted((a, b) => b.value - a.value)[0];
    if (best) return best;
  }
  return null;
}

function trainingMemoryBytes(entry: ZooEntry): number | null {
  if (entry.inputSize === null) return null;
  const values = { imageSize: entry.inputSize, batchSize: BATCH, optimizer: 'adamw', precision: 'fp32' } as const;
  const bytes = trainingMemory(entry, { ...values, pretrained: false, freezeBackbone: false }, 'gpu');
  return bytes === null ? null : Math.round(bytes);
}

function rowOf(entry: ZooEntry, adapter: ModelAdapter = adapters[entry.source]): Row {
  const { name, source, family, paramsM, gflops, inputSize, taskType, license } = entry;
  const { extra, missing } = adapter.describe(name);
  return {
    entry,
    extra,
    missing,
    listing: {
      ...{ name, source, family, paramsM, gflops, inputSize, taskType, license },
      key: keyOf(entry),
      accuracy: bestFigure(entry),
      hasPretrained: entry.pretrained.length > 0,
      trainingMemoryBytes: trainingMemoryBytes(entry),
      trainable: missing === null,
    },
  };
}

/** Every model of the catalogue, in its order. */
export const rows: readonly Row[] = catalogue.map((entry) => rowOf(entry));

export const rowsByKey: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row.listing.key, row]));

export const rowOfEntry: ReadonlyMap<ZooEntry, Row> = new Map(rows.map((row) => [row.entry, row]));

export function rowsOf(added: readonly AddedModel[]): Row[] {
  const adapter = new OwnAdapter(added);
  return added.map((model) => rowOf(model, adapter));
}
