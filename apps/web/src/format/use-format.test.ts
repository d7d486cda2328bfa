import { expect, test } from 'vitest';
import { createFormat } from './use-format';

const en = createFormat('en');
const ko = createFormat('ko');

test('says durations in at most two parts', () => {
  expect(en.duration(0)).toBe('0 sec');
  expect(en.duration(59.6)).toBe('1 min');
  expect(en.duration(125)).toBe('2 min 5 sec');
  expect(en.duration(3661)).toBe('1 hr 1 min');
  expect(en.duration(90_000)).toBe('1 day 1 hr');
  expect(ko.duration(125)).toBe('2분 5초');
});

test('says sizes in the unit that suits them', () => {
  expect(en.bytes(0)).toBe('0 B');
  expect(en.bytes(999)).toBe('999 B');
  expect(en.bytes(44_700_000)).toBe('44.7 MB');
});

test('says shares in percent, and very small numbers by their power', () => {
  expect(en.percent(0.9563)).toBe('95.6%');
  expect(en.small(0.00001)).toBe('1e-5');
  expect(en.small(0.001)).toBe('0.001');
});

test('says how long ago', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');
  expect(en.ago('2026-01-02T03:01:05Z', now)).toBe('3 minutes ago');
  expect(ko.ago('2026-01-01T03:04:05Z', now)).toBe('어제');
  expect([en.ago('2026-01-02T03:04:00Z', now), ko.ago('2026-01-02T03:04:00Z', now)]).toEqual(['now', '지금']);
});
