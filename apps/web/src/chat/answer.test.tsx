import type { AnswerSentence, AnswerSource } from '@mallo/contracts';
import { createEvent, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { RunPoint } from '@/runs/run-point';
import { renderPage } from '@/test-page';
import { Answer, piecesOf } from './answer';

const RUN: AnswerSource = { kind: 'run', runId: 'run_7', name: 'resnet18-digits-1', key: 'val_accuracy', step: 5 };
const MODEL: AnswerSource = { kind: 'model', modelId: 'mdl_1', name: 'digits', version: '1.0.0' };

function sentence(text: string, links: [words: string, source: AnswerSource][] = []): AnswerSentence {
  return {
    text,
    links: links.map(([words, source]) => {
      const from = text.indexOf(words);
      return { span: [from, from + words.length], source };
    }),
  };
}

function renderAnswer(sentences: AnswerSentence[]) {
  const shown: [string, RunPoint | undefined][] = [];
  const page = renderPage(<Answer sentences={sentences} onShowRun={(runId, point) => shown.push([runId, point])} />);
  return { ...page, shown };
}

test('a figure of a run leads to its point', async () => {
  const { shown } = renderAnswer([sentence('It reached 95.3% after 5 epochs.', [['95.3%', RUN]])]);
  const link = screen.getByRole('link', { name: '95.3%' });
  expect(link.getAttribute('href')).toBe('?run=run_7&key=val_accuracy&step=5');
  await userEvent.click(link);
  expect(shown).toEqual([['run_7', { key: 'val_accuracy', step: 5 }]]);
});

test('a run as a whole is shown without a point', async () => {
  const { shown } = renderAnswer([sentence('It took 2 min.', [['2 min', { ...RUN, key: null, step: null }]])]);
  await userEvent.click(screen.getByRole('link', { name: '2 min' }));
  expect(shown).toEqual([['run_7', undefined]]);
});

test('a click that asks for another tab is left to the browser', () => {
  const { shown } = renderAnswer([sentence('95.3%', [['95.3%', RUN]])]);
  const link = screen.getByRole('link', { name: '95.3%' });
  // jsdom goes nowhere, so what it would do is taken from it once our own handler had its say.
  link.addEventListener('click', (event) => event.stopPropagation());
  const click = createEvent.click(link, { ctrlKey: true });
  fireEvent(link, click);
  expect(shown).toEqual([]);
});

test('models, datasets and pages are linked where they are', () => {
  renderAnswer([
    sentence('digits 1.0.0 knows 1,797 images; see the paper.', [
      ['1.0.0', MODEL],
      ['1,797', { kind: 'dataset', datasetId: 'dst_1', name: 'digits' }],
      ['paper', { kind: 'page', url: 'https://arxiv.org/abs/1711.05101', title: 'AdamW' }],
    ]),
  ]);
  const href = (name: string) => screen.getByRole('link', { name }).getAttribute('href');
  expect(href('1.0.0')).toBe('/models/mdl_1?version=1.0.0');
  expect(href('1,797')).toBe('/datasets/dst_1');
  expect(href('paper')).toBe('https://arxiv.org/abs/1711.05101');
  expect(screen.queryByText('No source')).toBeNull();
});

test('says on focus where a figure comes from', async () => {
  renderAnswer([sentence('It reached 95.3%.', [['95.3%', RUN]])]);
  await userEvent.tab();
  const tip = await screen.findByRole('tooltip');
  expect(tip.textContent).toBe('resnet18-digits-1: validation accuracy at epoch 5');
});

test('an answer without any source says so', () => {
  renderAnswer([sentence('Augmentation changes the images a little.')]);
  expect(screen.getByText('No source')).toBeTruthy();
  expect(screen.queryByRole('link')).toBeNull();
});

test('one source anywhere is a source', () => {
  renderAnswer([sentence('Yes.'), sentence('It reached 95.3%.', [['95.3%', RUN]])]);
  expect(screen.queryByText('No source')).toBeNull();
});

test('keeps every word of a sentence, whatever its links', () => {
  const text = '정확도 95.3%, 손실 0.2';
  const joined = (links: AnswerSentence['links']) =>
    piecesOf({ text, links })
      .map((piece) => piece.text)
      .join('');
  expect(joined([])).toBe(text);
  expect(joined([{ span: [4, 9], source: RUN }])).toBe(text);
  // Out of order, overlapping, empty, beyond the end.
  const spans: [number, number][] = [
    [14, 17],
    [4, 9],
    [6, 12],
    [2, 2],
    [16, 99],
  ];
  const broken = spans.map((span) => ({ span, source: RUN }));
  expect(joined(broken)).toBe(text);
  expect(piecesOf({ text, links: broken }).filter(({ source }) => source)).toHaveLength(2);
});
