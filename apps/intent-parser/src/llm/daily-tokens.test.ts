import { expect, it } from 'vitest';
import { DailyTokens } from './daily-tokens.js';

it('begins anew with every UTC day', () => {
  let now = new Date('2026-03-01T23:59:59Z');
  const tokens = new DailyTokens(100, () => now);
  tokens.add(60);
  expect(tokens.spent).toBe(false);
  tokens.add(40);
  expect(tokens.spent).toBe(true);
  now = new Date('2026-03-02T00:00:00Z');
  expect(tokens).toMatchObject({ used: 0, spent: false });
});

it('allows nothing where the limit is nothing', () => expect(new DailyTokens(0).spent).toBe(true));
