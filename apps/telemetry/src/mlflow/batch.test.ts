import { normalPath } from '@mallo/backend';
import { expect, test } from 'vitest';
import { readBatch } from './batch.js';

const point = (change: Record<string, unknown> = {}) => ({ key: 'loss', value: 1, timestamp: 5, step: 2, ...change });
const log = (metric: Record<string, unknown>) => () => readBatch({ metrics: [metric] });

test('reads NaN, infinities and numbers as text', () => {
  const values = [1.5, '2.5', 'NaN', 'Infinity', '-Infinity', 0, -1e300, 'nan', '-inf', ' 1e3 '];
  const { points } = readBatch({ metrics: values.map((value) => point({ value })) });
  expect(points.map(({ value }) => value)).toEqual([
    ...[1.5, 2.5, Number.NaN, Infinity, -Infinity, 0, -1e300, Number.NaN, -Infinity, 1000],
  ]);
});

test('a step that is not said is 0, and integers may be text', () => {
  const { points } = readBatch({ metrics: [point({ step: undefined, timestamp: '1700000000000' })] });
  expect(points[0]).toMatchObject({ step: 0, timeMs: 1_700_000_000_000 });
});

test.each([
  [point({ key: undefined }), "Missing value for required parameter 'metrics[0].key'"],
  [point({ value: null }), "Missing value for required parameter 'metrics[0].value'"],
  [point({ timestamp: undefined }), "Missing value for required parameter 'metrics[0].timestamp'"],
  [point({ value: 'much' }), `Invalid value "much" for parameter 'metrics[0].value'`],
  [point({ value: true }), `Invalid value true for parameter 'metrics[0].value'`],
  [point({ timestamp: -1 }), "metric 'loss' (value=1.0). Timestamp must be a nonnegative long"],
  [point({ step: 1.5 }), `Invalid value 1.5 for parameter 'metrics[0].step'`],
  [point({ key: 'a?b' }), 'Names may only contain alphanumerics'],
  [point({ key: 'a//b' }), "This name would resolve to 'a/b'"],
  [point({ key: '../a' }), "This name would resolve to '../a'"],
  [point({ key: 'k'.repeat(251) }), "'Metric name' exceeds the maximum length of 250 characters"],
])('refuses %j', (metric, message) => {
  expect(log(metric)).toThrow(message);
});

test.each([
  [{ metrics: Array.from({ length: 1001 }, () => point()) }, 'at most 1000 metrics. Got 1001 metrics'],
  [{ params: Array.from({ length: 101 }, (_, n) => ({ key: `k${n}`, value: '' })) }, 'at most 100 params'],
  [{ tags: Array.from({ length: 101 }, (_, n) => ({ key: `k${n}`, value: '' })) }, 'at most 100 tags'],
  [
    { metrics: Array.from({ length: 1000 }, () => point()), tags: [{ key: 'a', value: '' }] },
    'at most 1000 metrics, params, and tags. Got 1001',
  ],
  [
    {
      params: [
        { key: 'a', value: '1' },
        { key: 'a', value: '1' },
      ],
    },
    "Duplicate parameter keys have been submitted: ['a']",
  ],
  [{ metrics: 'many' }, 'Invalid value "many" for parameter \'metrics\''],
])('refuses a batch that is too large or unclear: %#', (form, message) => {
  expect(() => readBatch(form)).toThrow(message);
});

test('cuts values of params and tags that are longer than MLflow keeps', () => {
  const { params, tags } = readBatch({
    params: [{ key: 'a', value: '가'.repeat(6001) }],
    tags: [{ key: 'a', value: 'b'.repeat(8001) }],
  });
  expect([params[0]?.value.length, tags[0]?.value.length]).toEqual([6000, 8000]);
});

test.each([
  ['', '.'],
  ['a/b', 'a/b'],
  ['a/', 'a'],
  ['./a/../../b', '../b'],
  ['/../a', '/a'],
  ['//a', '//a'],
  ['///a', '/a'],
  ['..', '..'],
])('the normal path of %j is %j', (path, normal) => {
  expect(normalPath(path)).toBe(normal);
});
