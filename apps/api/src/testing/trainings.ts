import type { Dataset, LiveSnapshot, MetricValue, Run, RunResult, TrainingConfig } from '@mallo/contracts';
import { curvesOf } from '../insights/diagnosis/curves.js';
import type { TrainingEvidence } from '../insights/evidence.service.js';
import { runResult, trainingConfig } from './rows.js';

const BEGUN_MS = Date.parse('2026-11-21T09:00:00Z');
const EPOCH_MS = 30_000;
export const BATCHES_PER_EPOCH = 20;

/** Curves by key: of whole epochs from epoch 1, `loss` of batches from step 1. */
export type SomeCurves = Partial<
  Record<'train_loss' | 'train_accuracy' | 'val_loss' | 'val_accuracy' | 'loss', MetricValue[]>
>;

export function snapshotOf(curves: SomeCurves, epochsDone = 0, epochs = 0): LiveSnapshot {
  return {
    seq: 1,
    curves: Object.entries(curves).map(([key, values]) => ({
      key,
      points: values.map((value, index): [number, MetricValue, number] => [
        index + 1,
        value,
        BEGUN_MS + (index + 1) * (key === 'loss' ? EPOCH_MS / BATCHES_PER_EPOCH : EPOCH_MS),
      ]),
    })),
    logs: [],
    progress:
      epochs > 0
        ? {
            type: 'progress',
            timeMs: BEGUN_MS,
            epoch: epochsDone + 1,
            epochs,
            batch: 5,
            batches: BATCHES_PER_EPOCH,
            step: epochsDone * BATCHES_PER_EPOCH + 5,
            imagesPerSecond: 100,
          }
        : null,
    notices: [],
  };
}

type Some = {
  curves?: SomeCurves;
  run?: Partial<Run>;
  values?: Partial<TrainingConfig['hyperparameters']>;
  result?: Partial<RunResult> | null;
  /** Images by class; null: the dataset was deleted. */
  images?: Record<string, number> | null;
  imageSide?: number;
};

function datasetOf(
  images: Record<string, number>,
  side: number,
  { id, versionId, name }: TrainingConfig['dataset'],
): Dataset {
  const classes = Object.entries(images).map(([name, imageCount]) => ({ name, imageCount }));
  return {
    id,
    projectId: 'prj_1',
    name,
    taskType: 'classification',
    createdAt: new Date(BEGUN_MS).toISOString(),
    version: {
      id: versionId,
      number: 1,
      createdAt: new Date(BEGUN_MS).toISOString(),
      imageCount: classes.reduce((sum, { imageCount }) => sum + imageCount, 0),
      sizeBytes: 1000,
      sha256: '0'.repeat(64),
      classes,
      problems: [],
      problemCounts: {},
      medianWidth: side,
      medianHeight: side,
    },
  };
}

/** A finished training of two classes with 2,000 images each, unless said otherwise. */
export function someTraining({
  curves = {},
  run = {},
  values = {},
  result = {},
  images,
  imageSide = 32,
}: Some = {}): TrainingEvidence {
  const base = trainingConfig();
  const config = { ...base, hyperparameters: { ...base.hyperparameters, ...values }, ...(run.config ?? {}) };
  const snapshot = snapshotOf(curves);
  const dataset = images === null ? null : datasetOf(images ?? { cat: 2000, dog: 2000 }, imageSide, config.dataset);
  const scored = curves.val_accuracy?.filter((value) => typeof value === 'number') ?? [];
  const best = scored.length > 0 ? Math.max(...scored) : null;
  const done = scored.length;
  return {
    run: {
      id: 'run_1',
      name: 'pets-resnet18',
      projectId: 'prj_1',
      conversationId: null,
      configId: 'cfg_1',
      status: 'completed',
      modelName: config.model.name,
      datasetName: config.dataset.name,
      valAccuracy: best,
      createdAt: new Date(BEGUN_MS).toISOString(),
      startedAt: new Date(BEGUN_MS).toISOString(),
      endedAt: new Date(BEGUN_MS + 125_000).toISOString(),
      config,
      configHash: 'a'.repeat(64),
      steps: [],
      notices: [],
      problem: null,
      result: result && best !== null ? { ...runResult(best), epochsDone: done, ...result } : null,
      model: null,
      ...run,
    },
    snapshot,
    curves: curvesOf(snapshot),
    dataset,
  };
}
