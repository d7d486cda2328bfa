import type { ParseContext, TrainingIntent } from '@mallo/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { bakery } from './project.fixture.js';

const trained = (
  modelName: string,
  dataset: string,
  hyperparameters: TrainingIntent['hyperparameters'],
): TrainingIntent => ({
  taskType: 'classification',
  modelName,
  modelSource: 'timm',
  dataset: { id: dataset, name: 'bread-types' },
  hyperparameters,
});
const project: ParseContext = {
  ...bakery,
  datasets: [
    ...(bakery.datasets ?? []),
    { id: 'ds_cake', name: 'cakes', taskType: 'classification', classNames: ['a', 'b'] },
  ],
  runs: [
    { id: 'run_31', name: 'trays-yolo11n', status: 'running' },
    {
      id: 'run_30',
      name: 'bread-resnet18',
      status: 'completed',
      intent: trained('resnet18', 'ds_bread', { epochs: 10, batchSize: 32, learningRate: 0.002 }),
    },
    {
      id: 'run_29',
      name: 'bread-convnext',
      status: 'failed',
      intent: trained('convnext_tiny', 'ds_bread', { epochs: 40 }),
    },
  ],
};

describe('"the same as" an earlier run', () => {
  it.each([
    ['same as last time but with batch 64', { epochs: 10, batchSize: 64 }],
    ['지난번이랑 똑같은데 에폭만 50', { epochs: 50, batchSize: 32 }],
    ['방금 거에서 lr만 절반', { learningRate: 0.001 }],
    ['repeat last training with twice the epochs', { epochs: 20 }],
    ['저번 학습 그대로 한 번 더 돌려줘', { epochs: 10, batchSize: 32 }],
  ])('takes the newest one as the base: "%s"', (message, hyperparameters) => {
    expect(parse(message, project)).toMatchObject({
      status: 'complete',
      intent: { modelName: 'resnet18', hyperparameters },
    });
  });

  it('takes the one that is named, for another dataset', () => {
    const { status, intent, origin } = parse('bread-convnext랑 같은 설정으로 cakes 학습', project);
    expect(status).toBe('complete');
    expect(intent).toMatchObject({
      modelName: 'convnext_tiny',
      dataset: { id: 'ds_cake' },
      hyperparameters: { epochs: 40 },
    });
    expect(origin.modelName).toEqual({ kind: 'history' });
    expect(origin.dataset).toMatchObject({ kind: 'message' });
  });

  it.each(['bread-resnet99랑 같은 설정으로 학습해줘', '빵 학습이랑 똑같은 설정으로 에폭 10'])(
    'asks where it is not known which: "%s"',
    (message) => {
      const { status, questions } = parse(message, project);
      expect(status).toBe('needs_clarification');
      expect(questions[0]).toMatchObject({ field: 'run', options: expect.arrayContaining(['bread-resnet18']) });
    },
  );

  it('asks for the dataset where the one that is named is not there', () => {
    expect(parse('bread-resnet18이랑 같은 설정으로 dogs 학습', project).questions[0]).toMatchObject({
      field: 'dataset',
    });
  });
});

const pending: ParseContext = {
  ...bakery,
  history: [
    { role: 'user', content: 'resnet34로 bread-types 분류, 배치 64' },
    { role: 'assistant', content: '설정을 만들었어요.' },
    { role: 'user', content: '배치 32로 바꿔' },
    { role: 'assistant', content: '바꿨어요.' },
  ],
  intent: trained('resnet34', 'ds_bread', { batchSize: 32 }),
};

describe('taking a change back', () => {
  it.each(['원래대로', '배치는 원래대로', 'put the batch back', 'undo that', '되돌려줘', 'revert the batch size'])(
    '"%s" gives the value before',
    (message) => {
      expect(parse(message, pending)).toMatchObject({
        status: 'complete',
        intent: { modelName: 'resnet34', hyperparameters: { batchSize: 64 } },
      });
    },
  );

  it('is no rollback of a model, and a rollback is none of these', () => {
    expect(parse('bread-resnet18 되돌려줘', pending).command).toEqual({ kind: 'rollback', model: 'bread-resnet18' });
  });
});

describe('an answer to a question about a command', () => {
  const runs = [
    { id: 'run_a', name: 'alpha', status: 'running' },
    { id: 'run_b', name: 'beta', status: 'running' },
  ];
  const asked: ParseContext = {
    runs,
    history: [
      { role: 'user', content: '학습 멈춰줘' },
      { role: 'assistant', content: '어떤 실행을 말씀하시나요? alpha, beta' },
    ],
  };
  it.each(['beta', 'beta요', '두 번째'])('"%s" completes it', (message) => {
    expect(parse(message, asked)).toMatchObject({ status: 'command', command: { kind: 'stop', run: 'run_b' } });
  });

  it.each(['stop it', '그거 중단해줘'])('"%s" is about the run spoken of before', (message) => {
    const history = [
      { role: 'user' as const, content: 'how is beta doing?' },
      { role: 'assistant' as const, content: 'beta is at epoch 12.' },
    ];
    expect(parse(message, { runs, history }).command).toEqual({ kind: 'stop', run: 'run_b' });
  });
});

describe('a name that is nearly one of the project', () => {
  it.each([
    ['stop trays-yolo12', 'run', 'trays-yolo11n'],
    ['promote bread-resnet19', 'model', 'bread-resnet18'],
    ['bread-resnet18 v9 챔피언으로', 'version', '1.10.0'],
    ['train resnet18 on bread-types-b', 'dataset', 'bread-types'],
  ])('is asked about: "%s"', (message, field, option) => {
    const { status, questions } = parse(message, bakery);
    expect(status).toBe('needs_clarification');
    expect(questions[0]).toMatchObject({ field, options: expect.arrayContaining([option]) });
  });
});
