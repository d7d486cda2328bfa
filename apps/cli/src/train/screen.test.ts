import type { RunView } from '@mallo/client';
import type { ConfigCard, Run, StepName } from '@mallo/contracts';
import { expect, test } from 'vitest';
import { configTable } from './config-table.js';
import { epochLines, screenOf } from './screen.js';
import { cutTo, padTo, widthOf } from './text-width.js';
import { durationOf } from './words.js';

const makeRun = (running: StepName): Run =>
  ({
    status: 'running',
    steps: [{ name: running, status: 'running', attempt: 1, startedAt: null, endedAt: null }],
  }) as unknown as Run;

/** A training of 10 batches an epoch, 100 ms each, in the middle of its second epoch of three. */
function makeView(change: Partial<RunView> = {}): RunView {
  return {
    seq: 40,
    curves: {
      loss: Array.from({ length: 15 }, (_, batch) => [batch + 1, 2 / (batch + 1), 1000 + batch * 100]),
      train_loss: [[1, 0.8123, 2000]],
      val_loss: [[1, 0.7001, 2000]],
      val_accuracy: [[1, 0.9123, 2000]],
    },
    logs: [],
    progress: {
      type: 'progress',
      timeMs: 2400,
      epoch: 2,
      epochs: 3,
      batch: 5,
      batches: 10,
      step: 15,
      imagesPerSecond: 300,
    },
    notices: [],
    ...change,
  };
}

test('shows where the training is, how well it does, and how long it takes still', () => {
  const lines = screenOf(makeView(), makeRun('run_training'), true, 'en', 100);
  expect(lines.at(-2)).toBe(`${'█'.repeat(12)}${'░'.repeat(12)} 50%`);
  expect(lines.at(-1)).toMatch(/^Epoch 2\/3 · batch 5\/10 · loss 0\.133 · validation accuracy 91\.2% · \d+ s left$/);
  expect(lines[0]).toBe('loss');
  expect(lines[1]).toMatch(/^ {3}2\.000 ┼╮/);
});

test('names the step while there is no training yet, and says when the connection is lost', () => {
  const view = makeView({ progress: null, curves: {} });
  expect(screenOf(view, makeRun('validate_dataset'), true, 'ko', 80)).toEqual(['데이터셋 확인 …']);
  expect(screenOf(null, makeRun('prepare_model'), false, 'en', 80)).toEqual([
    'Preparing the model … · reconnecting; the training goes on',
  ]);
});

test('keeps within the terminal, where Hangul takes two columns', () => {
  const lines = screenOf(makeView(), makeRun('run_training'), true, 'ko', 40);
  expect(Math.max(...lines.map(widthOf))).toBeLessThan(40);
  expect(cutTo('에폭 2/3', 5)).toBe('에폭 ');
  expect(widthOf(padTo('학습률', 10))).toBe(10);
});

test('tells of each epoch once, for a log', () => {
  const view = makeView();
  expect(epochLines(view, 0, 'ko')).toEqual([
    { epoch: 1, line: '에폭 1/3  손실 0.8123  검증 손실 0.7001  검증 정확도 91.2%' },
  ]);
  expect(epochLines(view, 1, 'ko')).toEqual([]);
});

test.each([
  [0, '0초', '0 s'],
  [59.6, '1분', '1 min'],
  [80, '1분 20초', '1 min 20 s'],
  [3600, '1시간', '1 h'],
  [3725, '1시간 2분', '1 h 2 min'],
])('says %d seconds as a person would', (seconds, korean, english) => {
  expect(durationOf(seconds, 'ko')).toBe(korean);
  expect(durationOf(seconds, 'en')).toBe(english);
});

test('shows each value of a config with the words, or the reason, it came from', () => {
  const message = 'train resnet18 on digits, 3 epochs';
  const card = {
    config: {
      model: { source: 'timm', name: 'resnet18' },
      dataset: { name: 'digits' },
      classNames: ['0', '1'],
      hyperparameters: { epochs: 3, pretrained: true, earlyStoppingPatience: null, batchSize: 32 },
    },
    origin: {
      'model.name': { kind: 'message', span: [6, 14] },
      'hyperparameters.epochs': { kind: 'message', span: [26, 34] },
      'hyperparameters.batchSize': { kind: 'default', reason: 'fits most machines' },
      dataset: { kind: 'edited' },
    },
    estimate: {
      seconds: 75,
      basis: 'past_runs',
      pastError: { median: 0.124, runs: 5 },
      memory: { neededBytes: 1.5 * 2 ** 30, availableBytes: 16 * 2 ** 30, device: 'cpu', basis: 'model' },
      cost: { amount: 0.025, currency: 'USD' },
    },
    warnings: [{ code: 'few_images', message: { ko: '이미지가 적어요.', en: 'There are few images.' }, fix: null }],
  } as unknown as ConfigCard;
  expect(configTable(card, message, 'en').map((line) => line.replace(/\s{2,}/g, ' | '))).toEqual([
    ' | Model | resnet18 (timm) | your words: “resnet18”',
    ' | Dataset | digits (2 classes) | edited',
    ' | Epochs | 3 | your words: “3 epochs”',
    ' | Pretrained | yes',
    ' | Early stopping after | –',
    ' | Batch size | 32 | default: fits most machines',
    ' | Estimated time | 1 min 15 s | past estimates were off by 12 % (5 trainings)',
    ' | Estimated memory | 1.5 of 16.0 GB',
    ' | Estimated cost | 0.03 USD',
    ' | ! There are few images.',
  ]);
});
