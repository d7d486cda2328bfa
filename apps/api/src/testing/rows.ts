import { newId } from '@mallo/backend';
import type { ModelVersion, RunResult, RunStatus, TrainingConfig } from '@mallo/contracts';
import type { RegistryService } from '../registry/registry.service.js';
import type { AddedModel } from '../zoo/added/added-model.js';
import type { TestApi } from './api.js';

/** A config as a finished card has it; of two classes unless said otherwise. */
export function trainingConfig(change: Partial<TrainingConfig> = {}): TrainingConfig {
  return {
    taskType: 'classification',
    model: { source: 'timm', name: 'resnet18' },
    dataset: { id: newId('dst'), versionId: newId('dsv'), name: 'pets' },
    classNames: ['cat', 'dog'],
    hyperparameters: {
      epochs: 3,
      batchSize: 64,
      learningRate: 0.001,
      imageSize: 32,
      optimizer: 'adamw',
      scheduler: 'cosine',
      weightDecay: 0.05,
      momentum: 0.9,
      dropout: 0,
      labelSmoothing: 0,
      pretrained: false,
      freezeBackbone: false,
      augmentation: 'light',
      seed: 42,
      earlyStoppingPatience: null,
      precision: 'fp32',
      warmupEpochs: 0,
      validationSplit: 0.2,
    },
    resources: {},
    ...change,
  };
}

/** A Python file that somebody added to the zoo, which holds one class. */
export function addedModel(change: Partial<AddedModel> = {}): AddedModel {
  return {
    ...{ name: 'crust_net', source: 'own', family: 'Net', taskType: 'classification', inputSize: 32 },
    ...{ fixedInputSize: false, paramsM: 0.0016, gflops: 0.001, activationsM: 0.01, license: null },
    ...{ pretrained: [], published: [], publishedTrainingMemoryGb: null },
    added: { kind: 'python', code: '# Net', sha256: 'a'.repeat(64), entry: 'Net' },
    ...change,
  };
}

/** A Docker image that somebody added to the zoo. */
export function addedImage(): AddedModel {
  const added = { kind: 'docker' as const, image: 'lab/net:1', command: 'docker run lab/net:1' };
  return addedModel({ name: 'lab_net', family: 'docker', paramsM: null, gflops: null, activationsM: null, added });
}

/** What a training reports of a model that is right in 95.6 % of cases. */
export function runResult(valAccuracy = 0.956): RunResult {
  return {
    metrics: { val_accuracy: valAccuracy, val_loss: 0.12 },
    bestEpoch: 2,
    epochsDone: 3,
    perClass: [
      { name: 'cat', precision: 0.95, recall: 0.96, f1: 0.955, support: 50 },
      { name: 'dog', precision: 0.96, recall: 0.95, f1: 0.955, support: 50 },
    ],
    confusionMatrix: [
      [48, 2],
      [2, 48],
    ],
    onnxMaxDifference: 1e-6,
    durationSeconds: 12.5,
    device: 'cpu',
    weightsSource: 'none',
  };
}

type Registration = Parameters<RegistryService['registerRun']>[0];

/** What a training that has ended registers: a model of two classes without files. */
export async function registration(
  api: TestApi,
  name: string,
  change: Partial<Registration> = {},
): Promise<Registration> {
  return {
    runId: await addRun(api),
    projectId: api.projectId,
    name,
    taskType: 'classification',
    architecture: 'resnet18',
    config: trainingConfig(),
    configHash: 'a'.repeat(64),
    datasetVersionSha256: 'b'.repeat(64),
    recipe: 'timm_classification.py',
    result: runResult(),
    transcript: null,
    artifacts: [],
    ...change,
  };
}

/** Rows of a run with all that it refers to, as they are in the database after a start. */
export async function addRun(
  api: TestApi,
  { status = 'running', datasetVersionId }: { status?: RunStatus; datasetVersionId?: string } = {},
): Promise<string> {
  const { database, projectId } = api;
  const conversation = await database.conversation.create({ data: { id: newId('cnv'), projectId, title: 'Cats' } });
  const config = trainingConfig();
  const card = await database.trainingConfig.create({
    data: {
      id: newId('cfg'),
      conversationId: conversation.id,
      messageId: newId('msg'),
      config,
      origin: {},
      hash: newId('hash'),
    },
  });
  const run = await database.run.create({
    data: {
      id: newId('run'),
      projectId,
      conversationId: conversation.id,
      configId: card.id,
      datasetVersionId: datasetVersionId ?? (await addDatasetVersion(api)),
      name: 'pets-resnet18',
      status,
      config,
      configHash: card.hash,
      locale: 'en',
    },
  });
  return run.id;
}

/** A version of a dataset of the project's, without its images. @returns its id */
export async function addDatasetVersion(
  { database, projectId: own }: TestApi,
  {
    projectId = own,
    name = 'pets',
    sha256 = '0'.repeat(64),
  }: { projectId?: string; name?: string; sha256?: string } = {},
): Promise<string> {
  const empty = { classes: [], problems: [], problemCounts: {}, medianWidth: 8, medianHeight: 8 };
  const version = { id: newId('dsv'), number: 1, imageCount: 0, sizeBytes: 0, sha256, ...empty };
  await database.dataset.create({
    data: {
      id: newId('dst'),
      projectId,
      name,
      takenName: newId('name'),
      taskType: 'classification',
      versions: { create: version },
    },
  });
  return version.id;
}

/** A version as the registry answers it, of a model that was trained here. */
export function modelVersion(change: Partial<ModelVersion> = {}): ModelVersion {
  const file = (name: string) => ({ name, sizeBytes: 1, sha256: 'f'.repeat(64) });
  const result = runResult();
  return {
    id: 'ver_1',
    modelId: 'mdl_1',
    modelName: 'pets',
    projectId: 'prj_1',
    version: '1.2.0',
    number: 3,
    logged: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    runId: 'run_1',
    valAccuracy: 0.956,
    metrics: result.metrics,
    architecture: 'resnet18',
    framework: 'pytorch',
    sizeBytes: 3,
    deprecation: null,
    tags: {},
    taskType: 'classification',
    madeFrom: null,
    children: [],
    notes: null,
    inputShape: null,
    classNames: ['cat', 'dog'],
    datasetName: 'pets',
    memo: '',
    config: trainingConfig(),
    configHash: 'a'.repeat(64),
    datasetVersionSha256: 'b'.repeat(64),
    recipe: 'timm_classification.py',
    result,
    transcript: null,
    artifacts: ['model.onnx', 'model.safetensors', 'preprocessing.json'].map(file),
    ...change,
  };
}

/** What is null of a version that was not trained here. */
export const NOT_TRAINED = {
  ...{ config: null, configHash: null, datasetVersionSha256: null, recipe: null, result: null, runId: null },
  transcript: null,
};
