import { expect, test } from 'vitest';
import { ownMetrics } from './own-metrics';

test('what a training is judged by comes first, and nothing of the machine', () => {
  const logged = ['epoch', 'images_per_second', 'lr-Adam', 'system/cpu', 'train_loss', 'val/acc', 'val_loss', 'value'];
  expect(ownMetrics(logged)).toEqual([
    'val/acc',
    'val_loss',
    'train_loss',
    'value',
    'epoch',
    'images_per_second',
    'lr-Adam',
  ]);
});
