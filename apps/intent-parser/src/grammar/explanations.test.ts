import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { bakery } from './project.fixture.js';

describe('a question about the own runs and models', () => {
  it.each([
    ['왜 정확도가 안 올라?', { topic: 'why_not_improving' }],
    ['손실이 왜 안 줄어들지?', { topic: 'why_not_improving' }],
    ['내 모델 과적합인가?', { topic: 'why_not_improving' }],
    ['why did bread-convnext fail?', { topic: 'why_failed', run: 'run_29' }],
    ['bread-convnext 왜 터졌어?', { topic: 'why_failed', run: 'run_29' }],
    ['what went wrong with the last run?', { topic: 'why_failed' }],
    ['which of my models is best for the edge?', { topic: 'best_model', criterion: 'edge' }],
    ['내 모델 중에 제일 가벼운 게 뭐야?', { topic: 'best_model', criterion: 'size' }],
    ['which run did best?', { topic: 'best_run' }],
    ['어떤 클래스를 제일 못 맞춰?', { topic: 'weak_classes' }],
    ['which classes does bread-resnet18 confuse the most?', { topic: 'weak_classes', run: 'run_30' }],
    ['이번 학습 얼마나 걸렸어?', { topic: 'duration' }],
    ['how long did bread-resnet18 take?', { topic: 'duration', run: 'run_30' }],
    ['what learning rate did the last run use?', { topic: 'run_settings', concept: 'learning rate' }],
    ['bread-resnet18 배치 몇으로 돌렸어?', { topic: 'run_settings', run: 'run_30', concept: 'batch size' }],
    ['다음에 뭘 해보면 좋을까?', { topic: 'what_next' }],
    ['정확도 더 올리려면 어떻게 해?', { topic: 'what_next' }],
  ])('"%s"', (message, args) => {
    expect(parse(message, bakery)).toMatchObject({ status: 'command', command: { kind: 'explain', ...args } });
  });
});

describe('a question about a word of the field', () => {
  it.each([
    ['러닝레이트가 뭐야?', 'learning rate'],
    ['what is overfitting?', 'overfitting'],
    ['배치 정규화가 뭐하는 거야', 'batch normalization'],
    ['학습률이 너무 크면 어떻게 돼?', 'learning rate'],
    ['IoU 설명 좀', 'iou'],
    ['에폭이 뭔데?', 'epoch'],
  ])('names it in English: "%s"', (message, concept) => {
    expect(parse(message, bakery).command).toMatchObject({ kind: 'explain', topic: 'concept', concept });
  });
});

it('a question that lists values to try is a sweep', () => {
  expect(parse('which batch size is best for bread-types with resnet18: 8, 16 or 32?', bakery).command?.kind).toBe(
    'sweep',
  );
});

it.each([
  'bread-resnet18이 왜 이 사진을 바게트라고 판단했는지 설명해줘',
  'why did bread-resnet18 call this picture a baguette?',
])('the reason of a prediction is explained, not predicted: "%s"', (message) => {
  expect(parse(message, bakery).command).toMatchObject({ kind: 'explain', run: 'run_30' });
});

it('a picture is shown to a model also by who does not know why', () => {
  expect(parse('왜 그런지 모르겠지만 이 사진 bread-resnet18로 예측해봐', bakery).command).toMatchObject({
    kind: 'predict',
    model: 'bread-resnet18',
  });
});
