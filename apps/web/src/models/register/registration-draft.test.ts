import { describe, expect, test } from 'vitest';
import { type Draft, EMPTY_DRAFT, readDraft, readMetrics } from './registration-draft';

const GOOD: Draft = { ...EMPTY_DRAFT, name: 'pets', framework: 'pytorch', architecture: 'resnet18' };
const described = (change: Partial<Draft>) => readDraft({ ...GOOD, ...change });
const problems = (change: Partial<Draft>) => {
  const read = described(change);
  return 'problems' in read ? read.problems : {};
};

test('takes what is needed, and leaves out what is not given', () => {
  expect(described({})).toEqual({
    described: {
      name: 'pets',
      bump: 'minor',
      framework: 'pytorch',
      architecture: 'resnet18',
      taskType: 'classification',
      inputShape: null,
      classNames: undefined,
      datasetName: undefined,
      datasetVersion: undefined,
      metrics: {},
      memo: '',
    },
  });
});

test('says of every field that is needed that it is empty', () => {
  expect(readDraft(EMPTY_DRAFT)).toEqual({
    problems: { name: { key: 'required' }, framework: { key: 'required' }, architecture: { key: 'required' } },
  });
});

test.each(['a/../b', '..', 'x'.repeat(201), 'two\nlines'])('refuses the name %j', (name) => {
  expect(problems({ name })).toEqual({ name: { key: 'name' } });
});

test.each(['말랑 고양이', 'org/name', 'v1..2'])('takes the name %j', (name) => {
  expect(problems({ name })).toEqual({});
});

describe('an input shape', () => {
  test.each(['1, 3, 224, 224', '[1,3,224,224]', '1x3x224x224', '1 × 3 × 224 × 224', ' 1 3 224 224 '])(
    'is read from %j',
    (inputShape) => expect(described({ inputShape })).toMatchObject({ described: { inputShape: [1, 3, 224, 224] } }),
  );

  test('may be open in a size', () => {
    expect(described({ inputShape: '-1, 3, 32, 32' })).toMatchObject({ described: { inputShape: [-1, 3, 32, 32] } });
  });

  test.each(['0, 3, 224', '1.5, 3', 'big', '1,,3', '1,2,3,4,5,6,7,8,9'])('is not %j', (inputShape) => {
    expect(problems({ inputShape })).toEqual({ inputShape: { key: 'inputShape' } });
  });
});

describe('class names', () => {
  test('are one a line, blank lines left out', () => {
    expect(described({ classNames: ' cat\n\n개 \n' })).toMatchObject({ described: { classNames: ['cat', '개'] } });
  });

  test('are two at least, and each is said that is too long', () => {
    expect(problems({ classNames: 'cat' })).toEqual({ classNames: { key: 'classNames' } });
    expect(problems({ classNames: `cat\n${'x'.repeat(201)}` })).toEqual({
      classNames: { key: 'className', about: '2' },
    });
  });
});

describe('metrics', () => {
  test('are a JSON object of numbers, or nothing', () => {
    expect(readMetrics('{"val_accuracy": 0.9, "손실": -1e-3}')).toEqual({
      metrics: { val_accuracy: 0.9, 손실: -0.001 },
    });
    expect(readMetrics(' ')).toEqual({ metrics: {} });
  });

  test.each([
    ['{"a": NaN}', { key: 'metricsNaN', about: 'a' }],
    ['{"a": -Infinity}', { key: 'metricsNaN', about: 'a' }],
    ['{"a": 1e999}', { key: 'metricsNaN', about: 'a' }],
    ['{"a": 1,', { key: 'metricsSyntax' }],
    ['{"NaN": ', { key: 'metricsSyntax' }],
    ['NaN', { key: 'metricsObject' }],
    ['[0.9]', { key: 'metricsObject' }],
    ['0.9', { key: 'metricsObject' }],
    ['null', { key: 'metricsObject' }],
    ['{"a": "0.9"}', { key: 'metricNumber', about: 'a' }],
    ['{"a": {"b": 1}}', { key: 'metricNumber', about: 'a' }],
  ])('are not %s', (text, problem) => {
    expect(readMetrics(text)).toEqual({ problem });
    expect(problems({ metrics: text })).toEqual({ metrics: problem });
  });

  test('have names that can be kept', () => {
    expect(problems({ metrics: '{"": 1}' })).toMatchObject({ metrics: { key: 'metricName' } });
  });
});
