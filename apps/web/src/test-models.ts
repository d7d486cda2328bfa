import type { ModelCard, ModelSummary, ModelVersion, ModelVersionSummary, RegisteredModel } from '@mallo/contracts';

const AT = '2026-01-02T03:04:05.000Z';

/** A version as lists show it. */
export function versionSummary(change: Partial<ModelVersionSummary> = {}): ModelVersionSummary {
  return {
    id: `ver_${change.version ?? '1.0.0'}`.replaceAll('.', ''),
    version: '1.0.0',
    number: 1,
    createdAt: AT,
    runId: null,
    valAccuracy: 0.97,
    metrics: { val_accuracy: 0.97 },
    framework: 'pytorch',
    architecture: 'resnet18',
    sizeBytes: 7,
    deprecation: null,
    tags: {},
    ...change,
  };
}

/** A version that was made from uploaded files. */
export function modelVersion(change: Partial<ModelVersion> = {}): ModelVersion {
  return {
    ...versionSummary(change),
    modelId: 'mdl_1',
    modelName: 'pets',
    projectId: 'prj_1',
    taskType: 'classification',
    inputShape: null,
    classNames: null,
    datasetName: null,
    memo: '',
    config: null,
    configHash: null,
    datasetVersionSha256: null,
    recipe: null,
    result: null,
    transcript: null,
    logged: null,
    madeFrom: null,
    children: [],
    notes: null,
    artifacts: [],
    ...change,
  };
}

export function registeredModel(change: Partial<RegisteredModel> = {}): RegisteredModel {
  return {
    id: 'mdl_1',
    projectId: 'prj_1',
    name: 'pets',
    description: '',
    taskType: 'classification',
    createdAt: AT,
    tags: {},
    aliases: {},
    stages: { Staging: [], Production: [], Archived: [] },
    gates: [],
    versions: [versionSummary()],
    ...change,
  };
}

export function modelSummary(change: Partial<ModelSummary> = {}): ModelSummary {
  return {
    id: 'mdl_1',
    projectId: 'prj_1',
    name: 'pets',
    taskType: 'classification',
    createdAt: AT,
    changedAt: AT,
    tags: {},
    aliases: {},
    versionCount: 1,
    latest: versionSummary(),
    ...change,
  };
}

/** What is said of a version whose files were uploaded. */
export function modelCard(change: Partial<ModelCard> = {}): ModelCard {
  return {
    purpose: 'Classifies images into 2 classes: cat, dog.',
    origin: 'Registered from uploaded files.',
    license: null,
    limits: [],
    data: null,
    curves: [],
    training: [],
    settings: [],
    runTags: [],
    environment: null,
    snippets: [],
    lineage: {
      nodes: [{ key: 'model 1.0.0', kind: 'model', id: '1.0.0', title: 'pets 1.0.0', detail: null, isThis: true }],
      edges: [],
    },
    ...change,
  };
}
