import type { Origins, TrainingIntent } from '@mallo/contracts';
import { describe, expect, test } from 'vitest';
import { surroundings, understood } from '../testing/surroundings.js';
import { configOf } from './config-of.js';

type Around = Parameters<typeof surroundings>[0];

/** The config of a wish that named nothing but `named`. */
function chosen(around: Around = {}, named: TrainingIntent['hyperparameters'] = {}) {
  const { intent, origin } = understood(named, around.model);
  const { config, origin: placed } = configOf(intent, origin, surroundings(around), 'en');
  return { values: config.hyperparameters, origin: placed };
}

const GPU = { device: 'gpu', memoryBytes: 24e9, bf16: true } as const;
const OFFLINE = { weightsAreLikely: false };

describe('what somebody named', () => {
  test('stays, whatever else would suit', () => {
    const named: TrainingIntent['hyperparameters'] = {
      ...{ epochs: 3, batchSize: 512, learningRate: 0.5, imageSize: 512, pretrained: true, freezeBackbone: false },
      ...{ augmentation: 'heavy', precision: 'fp16', warmupEpochs: 1, validationSplit: 0.5, weightDecay: 0.3 },
      earlyStoppingPatience: 2,
    };
    const { values, origin } = chosen({ ...OFFLINE, images: [3, 3], side: 8 }, named);
    expect(values).toMatchObject(named);
    expect(origin['hyperparameters.learningRate']).toEqual({ kind: 'message', span: [14, 15] });
  });

  test.each(['intent', 'history'] as const)('stays when it is from the %s', (kind) => {
    const { intent, origin } = understood();
    const said: Origins = { ...origin, 'hyperparameters.epochs': { kind } };
    expect(configOf(intent, said, surroundings(), 'en').config.hyperparameters.epochs).toBe(3);
  });

  test('decides what follows from it', () => {
    expect(chosen({}, { batchSize: 128 }).values.learningRate).toBe(0.0006);
    expect(chosen({}, { pretrained: false }).values).toMatchObject({ epochs: 100, learningRate: 0.001 });
    expect(chosen({}, { epochs: 4 }).values).toMatchObject({ warmupEpochs: 0, earlyStoppingPatience: null });
  });

  test('early stopping without a number is a wish', () => {
    const { intent, origin } = understood({ epochs: 10, earlyStoppingPatience: 5 });
    const asked: Origins = { ...origin, 'hyperparameters.earlyStoppingPatience': { kind: 'default', reason: 'usual' } };
    expect(configOf(intent, asked, surroundings(), 'en').config.hyperparameters.earlyStoppingPatience).toBe(5);
  });

  test('no early stopping is a wish too', () => {
    const { intent, origin } = understood({ epochs: 100 });
    const unwanted: Origins = {
      ...origin,
      'hyperparameters.earlyStoppingPatience': { kind: 'message', span: [0, 5] },
    };
    expect(configOf(intent, unwanted, surroundings(), 'en').config.hyperparameters.earlyStoppingPatience).toBeNull();
  });
});

describe('every open value', () => {
  test('has its reason in the language of the message, and its source where there is one', () => {
    const { intent, origin } = understood();
    for (const [locale, letters] of [
      ['ko', /\p{Script=Hangul}/u],
      ['en', /^[^\p{Script=Hangul}]+$/u],
    ] as const) {
      const placed = configOf(intent, origin, surroundings(), locale).origin;
      for (const name of [
        'pretrained',
        'imageSize',
        'batchSize',
        'epochs',
        'learningRate',
        'precision',
        'augmentation',
      ])
        expect(placed[`hyperparameters.${name}`]).toMatchObject({ reason: expect.stringMatching(letters) });
      expect(placed['hyperparameters.learningRate']).toMatchObject({ source: expect.stringMatching(/^https:/) });
    }
  });

  test('is the same in both languages', () => {
    const { intent, origin } = understood();
    const [ko, en] = (['ko', 'en'] as const).map((locale) => configOf(intent, origin, surroundings(), locale).config);
    expect(ko).toEqual(en);
  });
});

describe('the image size', () => {
  test.each([
    ['of thumbnails trained from scratch is their own', { side: 28, ...OFFLINE }, 32],
    ['is a multiple of 32', { side: 33, ...OFFLINE }, 64],
    ['of photographs is the usual one of the model', { side: 500 }, 224],
    ['of thumbnails with pretrained weights is larger', { side: 28 }, 64],
    ['of thumbnails with pretrained weights is larger still on a GPU', { side: 28, machine: GPU }, 128],
    ['of a model made for one size is that', { model: 'vit_base_patch16_224', side: 28 }, 224],
    ['of a model made for large images is bounded', { model: 'efficientnet_b7', side: 2000 }, 288],
  ])('%s', (_, around, size) => expect(chosen(around).values.imageSize).toBe(size));
});

describe('pretrained weights', () => {
  test('are where training begins when they can be had', () => {
    expect(chosen().values).toMatchObject({ pretrained: true, learningRate: 0.0003 });
  });

  test('that cannot be reached are not counted on', () => {
    const { values, origin } = chosen(OFFLINE);
    expect(values).toMatchObject({ pretrained: false, learningRate: 0.001, freezeBackbone: false });
    expect(origin['hyperparameters.pretrained']).toMatchObject({ reason: expect.stringContaining('reached') });
  });

  test('that were never published are not counted on', () => {
    const { values, origin } = chosen({ model: 'vit_giant_patch14_224' });
    expect(values.pretrained).toBe(false);
    expect(origin['hyperparameters.pretrained']).toMatchObject({ reason: expect.stringContaining('published') });
  });
});

describe('tiny data', () => {
  test('trains the classifier only, where there is something learned to keep', () => {
    expect(chosen({ images: [6, 7, 8] }).values).toMatchObject({
      ...{ freezeBackbone: true, learningRate: 0.0005, validationSplit: 0.3, augmentation: 'light', batchSize: 8 },
    });
    expect(chosen({ images: [6, 7, 8], ...OFFLINE }).values.freezeBackbone).toBe(false);
    expect(chosen({ images: [60, 70, 80] }).values.freezeBackbone).toBe(false);
  });

  test('never has a batch larger than its training images', () => {
    for (const each of [2, 3, 5, 9]) {
      const { batchSize, validationSplit } = chosen({ images: [each, each] }).values;
      expect(batchSize).toBeLessThanOrEqual(Math.round(2 * each * (1 - validationSplit)));
    }
  });

  test('of tiny images or digits is not varied', () => {
    expect(chosen({ side: 28 }).values.augmentation).toBe('none');
    const { intent, origin } = understood();
    const digits = surroundings({ side: 64 });
    digits.dataset.classes = [...'0123456789'].map((name) => ({ name, imageCount: 100 }));
    expect(configOf(intent, origin, digits, 'ko').config.hyperparameters.augmentation).toBe('none');
  });
});

describe('more data', () => {
  test('takes fewer epochs, larger batches and a smaller share for validation', () => {
    const [few, some, many] = [
      [40, 40],
      [600, 600],
      [60_000, 60_000],
    ].map((images) => chosen({ images }).values);
    expect([few?.epochs, some?.epochs, many?.epochs]).toEqual([50, 30, 5]);
    expect([few?.batchSize, some?.batchSize, many?.batchSize]).toEqual([8, 32, 32]);
    expect([few?.validationSplit, many?.validationSplit]).toEqual([0.2, 0.1]);
    expect([few?.augmentation, many?.augmentation]).toEqual(['medium', 'light']);
  });

  test('long trainings end early, short ones do not', () => {
    expect(chosen({ ...OFFLINE }).values).toMatchObject({ epochs: 100, earlyStoppingPatience: 20, warmupEpochs: 5 });
    expect(chosen({ images: [20_000, 20_000] }).values).toMatchObject({ epochs: 10, earlyStoppingPatience: null });
  });
});

describe('the learning rate', () => {
  test.each([
    ['AdamW, pretrained', {}, {}, 0.0003],
    ['AdamW, transformer', { model: 'vit_tiny_patch16_224' }, {}, 0.0001],
    ['AdamW by the square root of the batch', {}, { batchSize: 8 }, 0.00015],
    ['SGD in proportion to the batch', OFFLINE, { optimizer: 'sgd', batchSize: 64 }, 0.025],
    ['SGD, pretrained', {}, { optimizer: 'sgd', batchSize: 64 }, 0.0025],
    ['a frozen backbone', {}, { freezeBackbone: true }, 0.001],
  ] as const)('of %s', (_, around, named, rate) => expect(chosen(around, named).values.learningRate).toBe(rate));

  test('brings a weight decay that suits the optimizer', () => {
    expect(chosen({}, { optimizer: 'sgd' }).values.weightDecay).toBe(0.0001);
    expect(chosen().values.weightDecay).toBe(0.01);
    expect(chosen({ model: 'vit_tiny_patch16_224' }).values.weightDecay).toBe(0.05);
  });
});

describe('the machine', () => {
  test('decides the precision', () => {
    expect(chosen().values.precision).toBe('fp32');
    expect(chosen({ machine: GPU }).values.precision).toBe('bf16');
    expect(chosen({ machine: { ...GPU, bf16: false } }).values.precision).toBe('fp16');
  });

  test('decides the batch size by its memory', () => {
    const big = { model: 'convnext_large', images: [5_000, 5_000] };
    expect(chosen({ ...big, machine: { ...GPU, memoryBytes: 80e9 } }).values.batchSize).toBe(64);
    const { values, origin } = chosen({ ...big, machine: { ...GPU, memoryBytes: 12e9 } });
    expect(values.batchSize).toBeLessThan(64);
    expect(origin['hyperparameters.batchSize']).toMatchObject({ reason: expect.stringContaining('memory') });
  });
});
