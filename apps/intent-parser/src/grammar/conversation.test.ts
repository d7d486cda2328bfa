import type { ParseContext, TrainingIntent } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { bakery } from './project.fixture.js';

const started: TrainingIntent = {
  taskType: 'classification',
  modelName: 'resnet34',
  modelSource: 'timm',
  dataset: { id: 'ds_bread', name: 'bread-types' },
  hyperparameters: { epochs: 20, batchSize: 32 },
};
const later = (message: string) => parse(message, { ...bakery, intent: started });

/** The answer to a question of the turn before. */
function answer(
  question: string,
  message: string,
  intent: TrainingIntent = { taskType: 'classification', modelName: 'resnet18', modelSource: 'timm' },
) {
  const context: ParseContext = {
    ...bakery,
    datasets: [
      ...(bakery.datasets ?? []),
      { id: 'ds_cake', name: 'cakes', taskType: 'classification', classNames: ['a', 'b'] },
    ],
    history: [
      { role: 'user', content: 'resnet18' },
      { role: 'assistant', content: question },
    ],
    intent,
  };
  return parse(message, context);
}

describe('a correction', () => {
  it.each([
    ['에폭만 30으로', { epochs: 30, batchSize: 32 }],
    ['make it 30 epochs instead', { epochs: 30, batchSize: 32 }],
    ['아니 배치 16으로 바꿔줘', { epochs: 20, batchSize: 16 }],
    ['배치를 두 배로', { epochs: 20, batchSize: 64 }],
    ['halve the batch size', { epochs: 20, batchSize: 16 }],
    ['에폭만 두 배로 늘려줘', { epochs: 40, batchSize: 32 }],
    ['방금 거랑 같은데 배치만 세 배로', { epochs: 20, batchSize: 96 }],
    ['에폭은 그대로 두고 배치만 두 배', { epochs: 20, batchSize: 64 }],
    ['배치만 반으로 줄여줘', { epochs: 20, batchSize: 16 }],
    ['배치를 반의 반으로', { epochs: 20, batchSize: 8 }],
    ['에폭 십분의 일로', { epochs: 2, batchSize: 32 }],
    ['cut the epochs to a tenth', { epochs: 2, batchSize: 32 }],
    ['에폭 두 배, 배치 반', { epochs: 40, batchSize: 16 }],
    ['에폭이랑 배치를 두 배로', { epochs: 40, batchSize: 64 }],
    ['double both epochs and batch size', { epochs: 40, batchSize: 64 }],
    ['배치 네 배 줄여줘', { epochs: 20, batchSize: 8 }],
    ['에폭은 두 배 말고 세 배로', { epochs: 60, batchSize: 32 }],
    ['에폭 30% 늘려줘', { epochs: 26, batchSize: 32 }],
    ['increase the epochs by half', { epochs: 30, batchSize: 32 }],
    ["I don't care how long it takes", { epochs: 20, batchSize: 32 }],
    ['quarter the batch size', { epochs: 20, batchSize: 8 }],
    ['다시 생각해 보니 배치는 16이 낫겠어', { epochs: 20, batchSize: 16 }],
    ['On reflection, drop the batch size to 16 and leave everything else as it was', { epochs: 20, batchSize: 16 }],
    ['come to think of it, 30 epochs', { epochs: 30, batchSize: 32 }],
    ['에폭 다섯 배', { epochs: 100, batchSize: 32 }],
    ['에폭 10 더', { epochs: 30, batchSize: 32 }],
    ['10 more epochs', { epochs: 30, batchSize: 32 }],
    ['에폭 5 줄여', { epochs: 15, batchSize: 32 }],
    ['배치 32는 너무 커 16으로 낮춰', { epochs: 20, batchSize: 16 }],
    ['oops I meant batch 16', { epochs: 20, batchSize: 16 }],
  ])('"%s" changes that and keeps the rest', (message, expected) => {
    const { status, intent } = later(message);
    expect(status).toBe('complete');
    expect(intent?.hyperparameters).toMatchObject(expected);
    expect(intent).toMatchObject({ modelName: 'resnet34', dataset: { id: 'ds_bread' } });
  });

  it('to a part of what nobody set takes the part as the value', () => {
    const { intent } = parse('bread-types resnet18 학습률 십분의 일로 학습', bakery);
    expect(intent?.hyperparameters?.learningRate).toBe(0.1);
  });

  it.each([
    ['더 가벼운 모델로', 'resnet18'],
    ['something more accurate please, change the model', 'resnet50'],
    ['resnet34 말고 50으로', 'resnet50'],
    ['ResNet34 말고 DenseNet121로 가자', 'densenet121'],
  ])('"%s" changes the model', (message, modelName) => {
    const answer = later(message);
    expect(answer).toMatchObject({ status: 'complete', intent: { modelName, dataset: { id: 'ds_bread' } } });
    expect(answer.origin['hyperparameters.epochs']?.kind).not.toBe('message');
  });

  it('of which it is not known what it is of is asked about', () => {
    expect(later('make it 50 instead').questions[0]).toMatchObject({
      options: expect.arrayContaining(['number of epochs']),
    });
  });

  it('says which values are new and which were there', () => {
    const { origin } = later('배치 16으로');
    expect(origin['hyperparameters.batchSize']).toMatchObject({ kind: 'message' });
    expect(origin['hyperparameters.epochs']).toEqual({ kind: 'intent' });
    expect(origin.modelName).toEqual({ kind: 'intent' });
  });

  it.each(['조기 종료는 없이', 'drop the early stopping'])('keeps that "%s" wants no value', (message) => {
    const path = 'hyperparameters.earlyStoppingPatience';
    const waiting = { ...started, hyperparameters: { ...started.hyperparameters, earlyStoppingPatience: 5 } };
    const dropped = parse(message, { ...bakery, intent: waiting });
    expect(dropped.intent?.hyperparameters).not.toHaveProperty('earlyStoppingPatience');
    expect(dropped.origin[path]).toMatchObject({ kind: 'message' });

    const history: ParseContext['history'] = [{ role: 'user', content: message }];
    expect(parse('배치 16으로', { ...bakery, intent: started, history }).origin[path]).toEqual({ kind: 'history' });
    const again = parse('patience 7', { ...bakery, intent: started, history });
    expect(again.intent?.hyperparameters?.earlyStoppingPatience).toBe(7);
  });

  it('asks where it leaves open to what', () => {
    expect(later('학습률 좀 낮춰줘').questions).toEqual([
      expect.objectContaining({ field: 'hyperparameters.learningRate' }),
    ]);
  });

  it('is checked like a first sentence', () => {
    expect(later('에폭 0으로').status).toBe('needs_clarification');
  });
});

describe('agreement', () => {
  it.each(['그걸로 시작해', 'yes, go ahead', '네 좋아요', 'ok'])('"%s" keeps what was worked out', (message) => {
    expect(later(message)).toMatchObject({
      status: 'complete',
      intent: { modelName: 'resnet34', hyperparameters: { epochs: 20 } },
    });
  });

  it('something unrelated is out of scope in the middle of a conversation too', () => {
    expect(later('what is the capital of France?').status).toBe('out_of_scope');
  });
});

describe('an answer', () => {
  it.each(['the second one', '두 번째 거', '2번', '2', 'cakes', 'cakes로 해줘', 'the last one'])(
    '"%s" picks from what was offered',
    (message) => {
      expect(answer('Which dataset? 1) bread-types 2) cakes', message)).toMatchObject({
        status: 'complete',
        intent: { modelName: 'resnet18', dataset: { id: 'ds_cake' } },
      });
    },
  );

  it.each([
    ['옵티마이저는 무엇으로 할까요? 1) adam 2) adamw 3) sgd', '세 번째 걸로', { optimizer: 'sgd' }],
    ['Which optimizer: adam, adamw or sgd?', 'the second one', { optimizer: 'adamw' }],
    ['스케줄러는 cosine, step, linear 중 무엇으로 할까요?', '마지막 거', { scheduler: 'linear' }],
    ['How many epochs? 1. 10 2. 20 3. 50', 'the third', { epochs: 50 }],
    ['배치 크기는요? ① 16 ② 32', '두 번째요', { batchSize: 32 }],
  ])('to "%s" may be a place: "%s"', (question, message, hyperparameters) => {
    const known: TrainingIntent = { ...started, hyperparameters: {} };
    const { status, intent, origin } = answer(question, message, known);
    expect({ status, intent }).toMatchObject({
      status: 'complete',
      intent: { modelName: 'resnet34', hyperparameters },
    });
    const [name] = Object.keys(hyperparameters);
    expect(origin[`hyperparameters.${name}`]).toMatchObject({ kind: 'message' });
  });

  it('that is beyond what was offered picks nothing', () => {
    expect(answer('Which dataset? 1) bread-types 2) cakes', '5').intent?.dataset).toBeUndefined();
  });

  it('fills the value that was asked for', () => {
    const known: TrainingIntent = { ...started, hyperparameters: {} };
    expect(
      answer('에폭 수 0(으)로는 학습할 수 없어요. 얼마로 할까요?', '15', known).intent?.hyperparameters?.epochs,
    ).toBe(15);
    expect(answer('What should the learning rate be?', '0.002', known).intent?.hyperparameters?.learningRate).toBe(
      0.002,
    );
  });
});

describe('history without an intent', () => {
  it('is read again for what it settled', () => {
    const { intent, origin } = parse('and 7 epochs', {
      ...bakery,
      history: [
        { role: 'user', content: 'train resnet34 on bread-types with batch 8' },
        { role: 'assistant', content: 'Here is the config.' },
      ],
    });
    expect(intent).toMatchObject({
      modelName: 'resnet34',
      dataset: { id: 'ds_bread' },
      hyperparameters: { epochs: 7, batchSize: 8 },
    });
    expect(origin.modelName).toEqual({ kind: 'history' });
  });
});
