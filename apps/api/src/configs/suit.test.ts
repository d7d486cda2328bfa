import type { CardOrigins, Dataset, TrainingConfig } from '@mallo/contracts';
import { lookup, type ZooEntry } from '@mallo/zoo';
import { describe, expect, test } from 'vitest';
import { trainingConfig } from '../testing/rows.js';
import { suit } from './suit.js';

type Case = { model?: string; side?: number; weightsAreLikely?: boolean; named?: string[] };

/** The config of a parser that named nothing but `named`. */
function suited({ model = 'resnet18', side = 300, weightsAreLikely = true, named = [] }: Case): {
  values: TrainingConfig['hyperparameters'];
  origin: CardOrigins;
} {
  const config = trainingConfig();
  const defaults = { imageSize: 224, augmentation: 'medium', pretrained: true, learningRate: 0.0003 } as const;
  Object.assign(config.hyperparameters, defaults);
  const origin: CardOrigins = {};
  for (const name of Object.keys(config.hyperparameters)) {
    origin[`hyperparameters.${name}`] = named.includes(name)
      ? { kind: 'message', span: [0, 1] }
      : { kind: 'default', reason: 'usual' };
  }
  const dataset = { version: { medianWidth: side, medianHeight: side - 1 } } as Dataset;
  suit(config, origin, { dataset, model: lookup(model) as ZooEntry, weightsAreLikely, locale: 'en' });
  return { values: config.hyperparameters, origin };
}

describe('the image size', () => {
  test.each([
    [8, 32],
    [32, 32],
    [33, 64],
    [150, 160],
    [500, 224],
  ])('of images %d pixels wide is %d', (side, size) => {
    expect(suited({ side }).values.imageSize).toBe(size);
  });

  test('of a model that takes one size only stays', () => {
    expect(suited({ model: 'vit_base_patch16_224', side: 32 }).values.imageSize).toBe(224);
  });

  test('that somebody named stays', () => {
    expect(suited({ side: 32, named: ['imageSize'] }).values.imageSize).toBe(224);
  });
});

test('tiny images are not varied, unless somebody wants it', () => {
  expect(suited({ side: 28 }).values.augmentation).toBe('none');
  expect(suited({ side: 200 }).values.augmentation).toBe('medium');
  expect(suited({ side: 28, named: ['augmentation'] }).values.augmentation).toBe('medium');
});

test('without weights to be had, training begins from scratch, at a rate for that, and says why', () => {
  const { values, origin } = suited({ weightsAreLikely: false });
  expect(values).toMatchObject({ pretrained: false, learningRate: 0.001 });
  expect(origin['hyperparameters.pretrained']).toMatchObject({ reason: expect.stringContaining('cannot be reached') });
});

test('weights that somebody asked for are not given up beforehand', () => {
  const { values } = suited({ weightsAreLikely: false, named: ['pretrained'] });
  expect(values).toMatchObject({ pretrained: true, learningRate: 0.0003 });
});
