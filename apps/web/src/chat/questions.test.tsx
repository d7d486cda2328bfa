import type { Question } from '@mallo/contracts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderPage } from '@/test-page';
import { Questions } from './questions';

const DATASET: Question = { field: 'dataset', question: 'Which dataset?', options: ['cats', 'digits'] };
const EPOCHS: Question = {
  field: 'hyperparameters.epochs',
  question: 'What should the number of epochs be?',
  options: ['10', '30'],
};

function renderQuestions(questions: Question[], isOpen = true) {
  const answers: string[] = [];
  renderPage(<Questions questions={questions} isOpen={isOpen} onAnswer={(text) => answers.push(text)} />);
  return answers;
}
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));

test('a single question is answered by a click', async () => {
  const answers = renderQuestions([DATASET]);
  await press('digits');
  expect(answers).toEqual(['digits']);
});

test('several questions are answered by one message, a number with the name of what it is', async () => {
  const answers = renderQuestions([DATASET, EPOCHS]);
  await press('digits');
  await press('30');
  expect(answers).toEqual([]);
  expect(screen.getByRole('button', { name: 'digits' }).getAttribute('aria-pressed')).toBe('true');
  await press('Send answers (2/2)');
  expect(answers).toEqual(['digits, Epochs 30']);
});

test('an answer can be changed, taken back, or written', async () => {
  const answers = renderQuestions([DATASET, EPOCHS]);
  await press('cats');
  await press('digits');
  await press('digits');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Send answers/ }).disabled).toBe(true);
  await userEvent.type(
    screen.getByRole('textbox', { name: 'Your own answer to: What should the number of epochs be?' }),
    '50{Enter}',
  );
  expect(answers).toEqual(['Epochs 50']);
});

test('what was answered before takes no more answers', () => {
  renderQuestions([DATASET, EPOCHS], false);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'cats' }).disabled).toBe(true);
  expect(screen.queryByRole('textbox')).toBeNull();
  expect(screen.queryByRole('button', { name: /^Send answers/ })).toBeNull();
});
