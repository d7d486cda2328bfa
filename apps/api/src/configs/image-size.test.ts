import type { CardOrigins, Dataset } from '@mallo/contracts';
import { lookup, type ZooEntry } from '@mallo/zoo';
import { expect, test } from 'vitest';
import { trainingConfig } from '../testing/rows.js';
import { fitImageSize } from './image-size.js';

const DEFAULT: CardOrigins = { 'hyperparameters.imageSize': { kind: 'default', reason: 'usual' } };

function fitted(modelName: string, side: number, origin = DEFAULT): number {
  const config = trainingConfig();
  config.hyperparameters.imageSize = 224;
  const dataset = { version: { medianWidth: side, medianHeight: side - 1 } } as Dataset;
  fitImageSize(config, { ...origin }, dataset, lookup(modelName) as ZooEntry);
  return config.hyperparameters.imageSize;
}

test.each([
  [8, 32],
  [32, 32],
  [33, 64],
  [150, 160],
  [500, 224],
])('images %d pixels wide are trained at %d', (side, size) => {
  expect(fitted('resnet18', side)).toBe(size);
});

test('a model that takes one size only keeps it', () => {
  expect(fitted('vit_base_patch16_224', 32)).toBe(224);
});

test('a size that somebody named stays', () => {
  expect(fitted('resnet18', 32, { 'hyperparameters.imageSize': { kind: 'message', span: [0, 3] } })).toBe(224);
});
