import { expect, test } from 'vitest';
import { controlOf, readNumber } from './field-value';

test('enters each value as its schema says', () => {
  expect(controlOf('epochs')).toEqual({ type: 'number' });
  expect(controlOf('pretrained')).toEqual({ type: 'switch' });
  expect(controlOf('optimizer')).toEqual({ type: 'choice', options: ['adam', 'adamw', 'sgd', 'rmsprop'] });
});

test('reads numbers as people type them', () => {
  expect(readNumber('epochs', ' 30 ')).toEqual({ value: 30 });
  expect(readNumber('learningRate', '1e-4')).toEqual({ value: 0.0001 });
});

test('says why something cannot be the value', () => {
  expect(readNumber('epochs', '0')).toEqual({ invalid: { reason: 'tooSmall', limit: 1 } });
  expect(readNumber('epochs', '1000000000')).toEqual({ invalid: { reason: 'tooBig', limit: 100_000 } });
  expect(readNumber('epochs', '2.5')).toEqual({ invalid: { reason: 'whole' } });
  expect(readNumber('epochs', 'many')).toEqual({ invalid: { reason: 'number' } });
  expect(readNumber('epochs', '')).toEqual({ invalid: { reason: 'number' } });
  expect(readNumber('learningRate', '0')).toEqual({ invalid: { reason: 'above', limit: 0 } });
  expect(readNumber('validationSplit', '1')).toEqual({ invalid: { reason: 'below', limit: 1 } });
});

test('takes an empty patience as none', () => {
  expect(readNumber('earlyStoppingPatience', '')).toEqual({ value: null });
});
