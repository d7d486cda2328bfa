import type { ConfigWarning, Estimate, TrainingIntent } from '@mallo/contracts';
import { describe, expect, test } from 'vitest';
import { surroundings, understood } from '../testing/surroundings.js';
import { configOf } from './config-of.js';
import { warningsOf } from './warnings.js';

type Around = Parameters<typeof surroundings>[0];
type Wish = {
  around?: Around;
  named?: TrainingIntent['hyperparameters'];
  resources?: TrainingIntent['resources'];
  seconds?: number;
};

function warned({ around = {}, named = {}, resources = {}, seconds = 60 }: Wish): ConfigWarning[] {
  const { intent, origin } = understood(named, around.model);
  const seen = surroundings(around);
  const { config } = configOf({ ...intent, resources }, origin, seen, 'ko');
  const estimate: Estimate = { seconds, basis: 'machine_speed', pastError: null, memory: null, cost: null };
  return warningsOf(config, seen, estimate);
}

function codes(wish: Wish): string[] {
  return warned(wish).map((warning) => warning.code);
}

const only = (warnings: ConfigWarning[], code: ConfigWarning['code']) => warnings.find((row) => row.code === code);

test('there is nothing to warn of in a usual training', () => {
  expect(warned({})).toEqual([]);
  expect(warned({ around: { weightsAreLikely: false } })).toEqual([]);
});

test('every warning is in both languages', () => {
  const wish = {
    around: { images: [1, 30], weightsAreLikely: false, machine: { memoryBytes: 1e9 } },
    named: { pretrained: true, learningRate: 0.5, imageSize: 512, batchSize: 32 },
    resources: { maxHours: 1 },
    seconds: 100 * 3600,
  };
  const warnings = warned(wish);
  expect(warnings).toHaveLength(7);
  for (const { message, fix } of warnings) {
    for (const words of [message, ...(fix ? [fix.label] : [])]) {
      expect(words.ko).toMatch(/\p{Script=Hangul}/u);
      expect(words.en).not.toMatch(/\p{Script=Hangul}/u);
    }
  }
});

describe('few images', () => {
  test('are said, with the backbone to be frozen where there is something learned in it', () => {
    const warning = only(warned({ around: { images: [12, 12, 12] } }), 'few_images');
    expect(warning?.message.ko).toBe('클래스당 이미지가 12장이라 과적합되기 쉬워요. 백본을 고정할까요?');
    expect(warning?.fix?.edit).toEqual({ hyperparameters: { freezeBackbone: true } });
  });

  test('without weights have no such way out', () => {
    expect(only(warned({ around: { images: [12, 12], weightsAreLikely: false } }), 'few_images')?.fix).toBeNull();
    const asked = warned({ around: { images: [12, 12], weightsAreLikely: false }, named: { pretrained: true } });
    expect(only(asked, 'few_images')?.fix).toBeNull();
  });

  test('are more when all is learned from scratch, and fewer when the backbone is frozen', () => {
    expect(codes({ around: { images: [60, 60] } })).toEqual([]);
    expect(codes({ around: { images: [60, 60], weightsAreLikely: false } })).toEqual(['few_images']);
    expect(codes({ around: { images: [8, 8] } })).toEqual([]);
  });
});

test('classes of very different size are named', () => {
  const warning = only(warned({ around: { images: [1000, 100] } }), 'imbalanced_classes');
  expect(warning?.message.en).toContain('“class 0” has 1000 images and “class 1” only 100');
  expect(codes({ around: { images: [999, 100] } })).toEqual([]);
});

test('a class without an image to validate with is named', () => {
  expect(only(warned({ around: { images: [300, 1] } }), 'missing_validation')?.message.ko).toContain('“class 1”');
});

test('too little memory is said before it is found out, with the largest batch that fits', () => {
  const wish = { around: { model: 'efficientnet_b0', machine: { memoryBytes: 4e9 } }, named: { batchSize: 64 } };
  const batchSize = only(warned(wish), 'memory_short')?.fix?.edit.hyperparameters?.batchSize ?? 0;
  expect(batchSize).toBeGreaterThan(1);
  expect(codes({ ...wish, named: { batchSize } })).toEqual([]);
});

describe('a learning rate', () => {
  test.each([
    [{ optimizer: 'sgd', learningRate: 0.0001 }, 'low'],
    [{ optimizer: 'adamw', learningRate: 0.1 }, 'high'],
  ] as const)('of %o is said to be %s, with a usual one', (named, word) => {
    const warning = only(warned({ named }), 'rate_unusual');
    expect(warning?.message.en).toContain(word);
    const learningRate = warning?.fix?.edit.hyperparameters?.learningRate ?? 0;
    expect(codes({ named: { ...named, learningRate } })).toEqual([]);
  });

  test.each([
    { optimizer: 'sgd', learningRate: 0.01 },
    { optimizer: 'adamw', learningRate: 0.001 },
    { optimizer: 'adam', learningRate: 0.00005 },
  ] as const)('of %o is as usual', (named) => expect(codes({ named })).toEqual([]));
});

test('weights that somebody wants and that cannot be had are said', () => {
  const warning = only(
    warned({ around: { weightsAreLikely: false }, named: { pretrained: true } }),
    'pretrained_unavailable',
  );
  expect(warning?.fix?.edit).toEqual({ hyperparameters: { pretrained: false } });
});

describe('the time', () => {
  test('is said when it is longer than a night', () => {
    expect(codes({ seconds: 11 * 3600 })).toEqual(['takes_long']);
    expect(codes({ seconds: 9 * 3600 })).toEqual([]);
  });

  test('is said when it is longer than somebody allowed, with the epochs that fit', () => {
    const warnings = warned({ resources: { maxHours: 2 }, named: { epochs: 30 }, seconds: 3 * 3600 });
    expect(warnings.map((warning) => warning.code)).toEqual(['hours_exceeded']);
    expect(warnings[0]?.fix?.edit).toEqual({ hyperparameters: { epochs: 20 } });
    expect(codes({ resources: { maxHours: 20 }, seconds: 11 * 3600 })).toEqual([]);
  });
});
