import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '@/test-page';
import { EngineLine } from './engine-line';

const text = () => screen.getByTestId('engine').textContent;

test('says that the grammar understood', () => {
  renderPage(<EngineLine part={{ type: 'engine', engine: 'rules', note: null, usage: null }} />);
  expect(text()).toBe('Understood by: Grammar engine');
});

test('names the language model, its tokens and what they cost', () => {
  const usage = { inputTokens: 1234, outputTokens: 56, costUsd: 0.00149, model: 'claude-haiku-4-5' };
  renderPage(<EngineLine part={{ type: 'engine', engine: 'llm', note: null, usage }} />);
  expect(text()).toBe('Understood by: claude-haiku-4-5 · 1,234 tokens in, 56 out · $0.0015');
});

test('says nothing of a price that is not known', () => {
  const usage = { inputTokens: 10, outputTokens: 5, costUsd: null, model: 'gpt-4.1-mini' };
  renderPage(<EngineLine part={{ type: 'engine', engine: 'llm', note: null, usage }} />);
  expect(text()).toBe('Understood by: gpt-4.1-mini · 10 tokens in, 5 out');
});

test('says why the grammar answered in place of the language model', () => {
  const note = { code: 'timeout' as const, ko: '언어 모델이 늦었습니다.', en: 'The language model took too long.' };
  renderPage(<EngineLine part={{ type: 'engine', engine: 'rules', note, usage: null }} />);
  expect(screen.getByText('The language model took too long.')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});
