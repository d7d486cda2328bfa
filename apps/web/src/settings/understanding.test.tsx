import { type EngineState, systemRoutes } from '@mallo/contracts';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { Understanding } from './understanding';

const GRAMMAR: EngineState = { engine: 'rules', model: null, tokensToday: 0, dailyTokens: null, costTodayUsd: null };

function show(state: EngineState | Refusal) {
  fakeApi([[systemRoutes.understanding, () => state]]);
  renderPage(<Understanding />);
}

test('the grammar needs no figures, and the way to a language model is told', async () => {
  show(GRAMMAR);
  await screen.findByText('Grammar');
  expect(screen.queryByRole('progressbar')).toBeNull();
  expect(screen.getByText('ANTHROPIC_API_KEY')).toBeTruthy();
  expect(screen.queryByRole('textbox')).toBeNull();
});

test('a language model shows its name, the tokens of today of their cap, and the cost', async () => {
  show({
    engine: 'llm',
    model: 'claude-haiku-4-5',
    tokensToday: 250_000,
    dailyTokens: 1_000_000,
    costTodayUsd: 0.3127,
  });
  await screen.findByText('claude-haiku-4-5');
  expect(screen.getByText('250,000 of 1,000,000')).toBeTruthy();
  expect(screen.getByRole('progressbar', { name: 'Tokens today' }).getAttribute('aria-valuenow')).toBe('250000');
  expect(screen.getByText('$0.31')).toBeTruthy();
});

test('says when the tokens of a day are spent, and when a price is not known', async () => {
  show({ engine: 'llm', model: 'local', tokensToday: 1200, dailyTokens: 1000, costTodayUsd: null });
  await screen.findByText(/^The tokens of today are spent/);
  expect(screen.getByText('No price known')).toBeTruthy();
});

test('says when it cannot be known', async () => {
  show(new Refusal(503, 'server.unavailable'));
  expect(await screen.findByRole('alert')).toBeTruthy();
});
