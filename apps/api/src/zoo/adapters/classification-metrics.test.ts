import { expect, test } from 'vitest';
import { readClassificationMetrics } from './classification-metrics.js';

const METRICS = {
  ...{ best_epoch: 2, val_accuracy: 0.9, val_loss: 0.3, macro_f1: 0.88, per_class: [], confusion_matrix: [] },
  ...{
    onnx_max_difference: 1e-6,
    history: [{}, {}, {}],
    seconds: 12.5,
    device: 'cpu',
    precision: 'fp32',
    weights: 'none',
  },
};

function read(change: object) {
  return readClassificationMetrics(JSON.stringify({ ...METRICS, ...change })).result;
}

test('keeps what a training held at most, where it could be told', () => {
  expect(read({ peak_memory_bytes: 1_400_946_688 })).toMatchObject({ peakMemoryBytes: 1_400_946_688, epochsDone: 3 });
  expect(read({ peak_memory_bytes: null })).not.toHaveProperty('peakMemoryBytes');
  expect(read({})).not.toHaveProperty('peakMemoryBytes');
});

test('refuses metrics of another form', () => {
  expect(() => readClassificationMetrics('{"seconds": 3}')).toThrow();
});
