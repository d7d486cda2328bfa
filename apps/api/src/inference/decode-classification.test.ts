import { expect, it } from 'vitest';
import { classificationDecoder } from './decode-classification.js';

const SHOWN = {
  image: { width: 8, height: 8 },
  input: { width: 8, height: 8 },
  placement: { scaleX: 1, scaleY: 1, left: 0, top: 0 },
};

function decode(values: number[]) {
  const decoder = classificationDecoder(values.map((_, at) => `class ${at}`));
  const said = decoder(
    [{ name: 'logits', type: 'float32', shape: [values.length], data: Float32Array.from(values) }],
    SHOWN,
  );
  return said.task === 'classification' ? said.classes : [];
}

it('tells the ten likeliest of a thousand classes, the likeliest first, equals in their order', () => {
  // Each value seven times over: 0, 1, … 142, in an order of its own.
  const values = Array.from({ length: 1000 }, (_, at) => ((at * 37) % 1000) % 143);
  const expected = values
    .map((value, at) => ({ value, at }))
    .sort((a, b) => b.value - a.value || a.at - b.at)
    .slice(0, 10);
  const classes = decode(values);
  expect(classes.map(({ name }) => name)).toEqual(expected.map(({ at }) => `class ${at}`));
  const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
  for (const [at, { confidence }] of classes.entries()) {
    expect(confidence).toBeCloseTo(Math.exp(expected[at]?.value ?? 0) / total, 10);
  }
});

it('takes probabilities as they are, and fewer classes than ten', () => {
  expect(decode([0.25, 0.75])).toEqual([
    { name: 'class 1', confidence: 0.75 },
    { name: 'class 0', confidence: 0.25 },
  ]);
});

it.each([[Number.NaN], [Number.POSITIVE_INFINITY]])('refuses %d', (value) => {
  expect(() => decode([1, value, 3])).toThrow(expect.objectContaining({ code: 'model.broken' }));
});
