import type { Origins, TrainingIntent } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import type { Surroundings } from '../configs/surroundings.js';
import { trainingConfig } from './rows.js';

type Around = {
  model?: string;
  /** Images of each class. */
  images?: number[];
  side?: number;
  weightsAreLikely?: boolean;
  machine?: Partial<Surroundings['machine']>;
};

/** A dataset of photographs and a machine of 16 GB without a GPU, unless said otherwise; the model is a real one. */
export function surroundings(around: Around = {}): Surroundings {
  const { model = 'resnet18', images = [600, 600], side = 300, weightsAreLikely = true, machine } = around;
  const entry = lookup(model);
  if (!entry) throw new Error(`no model ${model}`);
  return {
    model: { ...entry, hasWeights: entry.pretrained.length > 0 },
    dataset: {
      id: 'dst_pets',
      versionId: 'dsv_pets',
      name: 'pets',
      classes: images.map((imageCount, index) => ({ name: `class ${index}`, imageCount })),
      medianSide: side,
    },
    machine: { device: 'cpu', memoryBytes: 16e9, bf16: false, ...machine },
    weightsAreLikely,
    memoryRatio: null,
  };
}

/** What a parser says of a wish in which nothing was named but the model, the dataset and `named`. */
export function understood(named: TrainingIntent['hyperparameters'] = {}, model = 'resnet18') {
  const { earlyStoppingPatience: _, ...defaults } = trainingConfig().hyperparameters;
  const intent: TrainingIntent = {
    taskType: 'classification',
    modelName: model,
    modelSource: 'timm',
    dataset: { id: 'dst_pets', name: 'pets' },
    hyperparameters: { ...defaults, ...named },
  };
  const origin: Origins = { modelName: { kind: 'message', span: [0, 8] }, dataset: { kind: 'message', span: [9, 13] } };
  for (const name of Object.keys(intent.hyperparameters ?? {})) {
    origin[`hyperparameters.${name}`] =
      name in named ? { kind: 'message', span: [14, 15] } : { kind: 'default', reason: 'usual' };
  }
  return { intent, origin };
}
