import { expect, test } from 'vitest';
import { mainFigure } from './main-figure';

test.each([
  ['classification', { val_loss: 0.1, val_accuracy: 0.97 }, 'val_accuracy'],
  ['classification', { accuracy: 0.99, val_accuracy: 0.97 }, 'val_accuracy'],
  ['segmentation', { val_loss: 0.0663, val_accuracy: 0.99, val_miou: 0.91 }, 'val_miou'],
  [
    'detection',
    { 'metrics/precision(B)': 0.9, 'metrics/mAP50(B)': 0.8, 'metrics/mAP50-95(B)': 0.5 },
    'metrics/mAP50-95(B)',
  ],
  ['detection', { val_map: 0.4, val_map50: 0.6 }, 'val_map'],
  ['anomaly_detection', { f1: 0.8, image_AUROC: 0.98 }, 'image_AUROC'],
  ['segmentation', { val_loss: 0.1, pq: 0.4 }, 'pq'],
  [null, { loss: 1, accuracy: 0.5 }, 'accuracy'],
  [null, { val_loss: 1 }, undefined],
] as const)('the figure of %s among %j is %s', (task, metrics, name) => {
  expect(mainFigure(task, metrics)?.name).toBe(name);
});

test('a figure above 1 is no share', () => {
  expect(mainFigure('detection', { mAP: 43.2 })).toEqual({ name: 'mAP', label: 'mAP', value: 43.2, isShare: false });
});
