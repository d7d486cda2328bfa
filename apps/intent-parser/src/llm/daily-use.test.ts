import { expect, it } from 'vitest';
import { DailyUse } from './daily-use.js';

it('begins anew with every UTC day', () => {
  let now = new Date('2026-03-01T23:59:59Z');
  const use = new DailyUse('a-model', 100, { input: 1, output: 5 }, () => now);
  use.add({ inputTokens: 50, outputTokens: 10 });
  expect(use.spent).toBe(false);
  use.add({ inputTokens: 40, outputTokens: 0 });
  expect(use.spent).toBe(true);
  now = new Date('2026-03-02T00:00:00Z');
  expect(use).toMatchObject({ tokens: 0, spent: false, costUsd: 0 });
});

it('allows nothing where the limit is nothing', () => expect(new DailyUse('a-model', 0).spent).toBe(true));

it('says what tokens cost, in and out by their own price', () => {
  const use = new DailyUse('a-model', 1_000_000, { input: 1, output: 5 });
  expect(use.add({ inputTokens: 700, outputTokens: 60 }).costUsd).toBeCloseTo(0.001, 12);
  use.add({ inputTokens: 0, outputTokens: 200_000 });
  expect(use.costUsd).toBeCloseTo(1.001, 12);
});

it('says no cost where no price is set', () => {
  const use = new DailyUse('a-model', 1000);
  expect(use.add({ inputTokens: 7, outputTokens: 6 })).toEqual({
    inputTokens: 7,
    outputTokens: 6,
    costUsd: null,
    model: 'a-model',
  });
  expect(use.costUsd).toBeNull();
});
