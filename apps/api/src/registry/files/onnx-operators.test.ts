import { expect, it } from 'vitest';
import { ONNX_OPERATORS } from './onnx-operators.js';

it('are those of ONNX and of onnxruntime, by their names', () => {
  const names = Object.values(ONNX_OPERATORS).flatMap((text) => text.trim().split(/\s+/));
  expect(names).toEqual(expect.arrayContaining(['Conv', 'LSTM', 'TreeEnsembleClassifier', 'FusedMatMul']));
  for (const name of names) expect(name).toMatch(/^[A-Za-z]\w*$/);
});
