import { MalloError, type TrainingIntent } from '@mallo/contracts';
import { expect, test } from 'vitest';
import { surroundings, understood } from '../testing/surroundings.js';
import { configOf } from './config-of.js';
import { mustBeAbleToRun } from './requirements.js';

type Around = Parameters<typeof surroundings>[0];

function refusal(around: Around, named: TrainingIntent['hyperparameters'] = {}): string | null {
  const { intent, origin } = understood(named, around?.model);
  const seen = surroundings(around);
  try {
    mustBeAbleToRun(configOf(intent, origin, seen, 'en').config, seen);
    return null;
  } catch (error) {
    return error instanceof MalloError ? error.code : String(error);
  }
}

test('an image size that the model cannot read is refused', () => {
  expect(refusal({ model: 'crossvit_9_240' }, { imageSize: 224 })).toBe('config.image_size_unsupported');
  expect(refusal({ model: 'crossvit_9_240' }, { imageSize: 240 })).toBeNull();
  expect(refusal({ model: 'maxvit_tiny_rw_224' }, { imageSize: 200 })).toBe('config.image_size_unsupported');
  expect(refusal({ model: 'maxvit_tiny_rw_224' }, { imageSize: 192 })).toBeNull();
  expect(refusal({ model: 'vit_tiny_patch16_224' }, { imageSize: 200 })).toBeNull();
  expect(refusal({ model: 'resnet18' }, { imageSize: 217 })).toBeNull();
});

test('a batch larger than the training images is refused', () => {
  expect(refusal({ images: [20, 20] }, { batchSize: 33 })).toBe('config.batch_too_large');
  expect(refusal({ images: [20, 20] }, { batchSize: 32 })).toBeNull();
});

test('what needs twice the memory there is refused; what may just not fit is only warned of', () => {
  const named = { batchSize: 128, imageSize: 224 };
  expect(refusal({ model: 'efficientnet_b0', machine: { memoryBytes: 4e9 } }, named)).toBe('config.too_large');
  expect(refusal({ model: 'efficientnet_b0', machine: { memoryBytes: 10e9 } }, named)).toBeNull();
});

test.each([
  ['resnet50', [2, 2]],
  ['vit_base_patch16_224', [3, 40]],
  ['efficientnet_b7', [2000, 2000]],
  ['convnext_xxlarge', [200, 200]],
])('what nobody named never stands in the way of %s', (model, images) => {
  expect(refusal({ model, images })).toBeNull();
  expect(refusal({ model, images, weightsAreLikely: false })).toBeNull();
});
