import type { ModelVersion, RegisteredModel, Run, RunSummary } from '@mallo/contracts';
import { catalogue } from '@mallo/zoo';
import { curvesOf } from '../insights/diagnosis/curves.js';
import type { TrainingEvidence } from '../insights/evidence.service.js';
import { runResult, trainingConfig } from './rows.js';
import { snapshotOf, someTraining } from './trainings.js';

export function versionOf(change: Partial<ModelVersion> & { onnxBytes?: number | null }): ModelVersion {
  const { onnxBytes = 44_800_000, ...rest } = change;
  return {
    id: 'ver_1',
    modelId: 'mdl_1',
    modelName: 'pets-resnet18',
    projectId: 'prj_1',
    version: '1.0.0',
    number: 1,
    logged: null,
    createdAt: '2026-11-21T09:05:00.000Z',
    runId: 'run_1',
    valAccuracy: 0.956,
    architecture: 'resnet18',
    config: trainingConfig({ dataset: { id: 'dst_1', versionId: 'dsv_1', name: 'pets' } }),
    configHash: '',
    datasetVersionSha256: '',
    recipe: '',
    result: runResult(),
    transcript: null,
    artifacts: onnxBytes === null ? [] : [{ name: 'model.onnx', sizeBytes: onnxBytes, sha256: '' }],
    metrics: {},
    sizeBytes: 0,
    deprecation: null,
    framework: 'pytorch',
    inputShape: null,
    classNames: null,
    datasetName: null,
    memo: '',
    tags: {},
    taskType: 'classification',
    madeFrom: null,
    children: [],
    notes: null,
    ...rest,
  };
}

export const RISING = {
  train_loss: [0.7, 0.5, 0.4, 0.3],
  train_accuracy: [0.5, 0.7, 0.8, 0.9],
  val_loss: [0.7, 0.55, 0.45, 0.4],
  val_accuracy: [0.5, 0.7, 0.8, 0.83],
};
export const done = someTraining({
  values: { epochs: 4 },
  curves: RISING,
  run: { model: { modelId: 'mdl_1', name: 'pets-resnet18', version: '1.0.0' } },
});
export const second = someTraining({
  curves: RISING,
  run: { id: 'run_2', name: 'pets-resnet18-2', valAccuracy: 0.79 },
  values: { learningRate: 0.00005, epochs: 4, pretrained: true, earlyStoppingPatience: 5 },
  result: { durationSeconds: 4000 },
});
export const other = someTraining({
  curves: RISING,
  run: {
    id: 'run_3',
    name: 'digits-vit_tiny_patch16_224',
    valAccuracy: 0.99,
    config: trainingConfig({
      classNames: ['0', '1', '2'],
      dataset: { id: 'dst_2', versionId: 'dsv_2', name: 'digits' },
    }),
    datasetName: 'digits',
    modelName: 'vit_tiny_patch16_224',
  },
  result: {
    perClass: [
      { name: '0', precision: 0.9, recall: 0.9, f1: 0.9, support: 20 },
      { name: '1', precision: 0.9, recall: 0.625, f1: 0.9, support: 8 },
      { name: '2', precision: 0.9, recall: 1, f1: 0.9, support: 20 },
    ],
    confusionMatrix: [
      [18, 0, 2],
      [3, 5, 0],
      [0, 0, 20],
    ],
  },
});
export const declined = someTraining({
  values: { epochs: 4 },
  curves: { ...RISING, val_loss: [0.7, 0.5, 0.6, 0.7], val_accuracy: [0.5, 0.8, 0.78, 0.77] },
  run: { model: { modelId: 'mdl_1', name: 'pets-resnet18', version: '1.0.0' } },
});
export function inState(status: Run['status'], change: Partial<Run> = {}): TrainingEvidence {
  return someTraining({ run: { status, result: null, endedAt: null, ...change } });
}
export function running(): TrainingEvidence {
  const snapshot = snapshotOf({ ...RISING, loss: Array.from({ length: 85 }, (_, index) => 0.7 - index / 200) }, 4, 12);
  return { ...inState('running'), snapshot, curves: curvesOf(snapshot) };
}
export const diverged = inState('failed', {
  problem: {
    code: 'training.diverged',
    message: { ko: '손실값이 발산했습니다.', en: 'The loss stopped being a number.' },
  },
  endedAt: '2026-11-21T09:01:00.000Z',
});
export const broken = someTraining({
  curves: { loss: [0.7, 3, 'NaN'] },
  run: {
    status: 'failed',
    steps: [{ name: 'run_training', status: 'failed', attempt: 2, startedAt: null, endedAt: null }],
    problem: {
      code: 'training.failed',
      message: {
        ko: '학습이 오류로 멈췄습니다: CUDA error 700.',
        en: 'The training stopped with an error: CUDA error 700.',
      },
    },
  },
});
export const runs: RunSummary[] = [done.run, second.run, other.run];
export const small = {
  modelId: 'mdl_2',
  modelName: 'pets-mobilenetv3_small_050',
  architecture: 'mobilenetv3_small_050',
};
export const versions = [
  versionOf({}),
  versionOf({ ...small, valAccuracy: 0.941, onnxBytes: 6_300_000 }),
  versionOf({
    ...small,
    version: '1.1.0',
    valAccuracy: 0.8,
    onnxBytes: 2_100_000,
    createdAt: '2026-11-21T09:01:00.000Z',
  }),
  versionOf({
    modelId: 'mdl_3',
    modelName: 'digits',
    config: trainingConfig({ dataset: { id: 'dst_2', versionId: 'dsv_2', name: 'digits' } }),
    createdAt: '2026-11-20T09:05:00.000Z',
  }),
];
export const models: RegisteredModel[] = [
  {
    id: 'mdl_1',
    projectId: 'prj_1',
    name: 'pets-resnet18',
    description: '',
    taskType: 'classification',
    createdAt: '',
    aliases: {},
    tags: {},
    stages: { Staging: [], Production: [], Archived: [] },
    gates: [],
    versions: [versionOf({})],
  },
];
export const zoo = ['resnet50', 'efficientnet_b0', 'yolo11n'].flatMap(
  (name) => catalogue.find((model) => model.name === name) ?? [],
);
