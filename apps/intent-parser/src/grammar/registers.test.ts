import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { bakery } from './project.fixture.js';

const commandIn = (message: string) => parse(message, bakery).command;

describe('the same request in any register', () => {
  it.each([
    '학습 멈춰',
    '학습 멈춰라',
    '학습 좀 멈춰줄래?',
    '학습을 멈춰 주세요',
    '학습을 멈춰주시겠어요?',
    '학습을 멈춰 주시기 바랍니다',
    '학습 멈춰야겠어',
    '학습 멈췄으면 해',
    '학습 멈춥시다',
    '학습 멈추고 싶어',
    '학습 그만두자',
    '학습 꺼버려',
    '학습을 중단하십시오',
    '학습 중지 부탁드립니다',
    '학습 세워주이소',
    '학습멈춰줘',
  ])('stops the run: "%s"', (message) => {
    expect(commandIn(message)).toEqual({ kind: 'stop', run: 'run_31' });
  });

  it.each([
    '빵 종류 분류해',
    '빵 종류 분류해 줘',
    '빵 종류를 분류하고 싶습니다',
    '빵 종류 분류하려고요',
    '빵 종류를 분류해주십시오',
    '빵 종류 분류하는 모델 하나 뽑아줄래',
    '빵종류분류모델만들어줘',
    '빵 종류 구별해 주이소',
    '빵 종류 맞히는 모델',
  ])('trains on bread: "%s"', (message) => {
    expect(parse(message, bakery)).toMatchObject({
      status: 'complete',
      intent: { taskType: 'classification', dataset: { id: 'ds_bread' } },
    });
  });
});

describe('a verb that describes', () => {
  it.each([
    ['멈췄던 학습 이어서 해줘', 'resume'],
    ['학습 멈췄어?', undefined],
    ['승격된 모델 보여줘', undefined],
  ])('asks for nothing itself: "%s"', (message, kind) => {
    const command = commandIn(message);
    if (kind) expect(command?.kind).toBe(kind);
    expect(['stop', 'promote']).not.toContain(command?.kind);
  });
});

describe('numbers as they are said', () => {
  it.each([
    ['에폭은 한 스물다섯 번 정도', { epochs: 25 }],
    ['배치는 예순넷', { batchSize: 64 }],
    ['배치 써티투', { batchSize: 32 }],
    ['학습률 공점공공일', { learningRate: 0.001 }],
    ['학습률은 십의 마이너스 사승', { learningRate: 0.0001 }],
    ['학습률 만분의 삼', { learningRate: 0.0003 }],
    ['learning rate one in a thousand', { learningRate: 0.001 }],
    ['입력 960, 배치 8', { imageSize: 960, batchSize: 8 }],
    ['배치 32, 640', { batchSize: 32, imageSize: 640 }],
    ['20 epochs, sorry, 25', { epochs: 25 }],
    ['bs=16, do=0.2', { batchSize: 16, dropout: 0.2 }],
    ['1) dataset: trays 2) epochs: 20 3) batch: 64', { epochs: 20, batchSize: 64 }],
  ])('"%s"', (words, expected) => {
    expect(parse(`trays yolo11n, ${words}`, bakery).intent?.hyperparameters).toMatchObject(expected);
  });
});
