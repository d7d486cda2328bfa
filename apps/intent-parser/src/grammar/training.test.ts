import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { bakery } from './project.fixture.js';

const intentOf = (message: string) => parse(message, bakery).intent;
const valuesOf = (message: string) => parse(`${message} resnet18 bread-types`, bakery).intent?.hyperparameters;
const askedOf = (message: string) => parse(message, bakery).questions.map((question) => question.field);

describe('what is corrected within a sentence', () => {
  it.each([
    ['use trays, no wait, use bread-types. resnet18.', { modelName: 'resnet18', dataset: { id: 'ds_bread' } }],
    ['resnet50으로 빵 분류 아 아니다 resnet34로', { modelName: 'resnet34' }],
    ['start a segmentation... hmm no, classification of bread-types', { taskType: 'classification' }],
    ['bread-types resnet18 학습률 0.1로, 아 너무 크다 0.01로', { hyperparameters: { learningRate: 0.01 } }],
  ])('is what was said last: "%s"', (message, expected) => {
    expect(parse(message, bakery)).toMatchObject({ status: 'complete', intent: expected });
  });
});

describe('graphics cards', () => {
  it.each([
    ['on a 4090', { gpuType: 'RTX 4090' }],
    ['one A10G', { gpuCount: 1, gpuType: 'A10G' }],
    ['on a single 24 GB card', { gpuCount: 1, memoryGb: 24 }],
    ['그래픽카드 24기가짜리 하나', { gpuCount: 1, memoryGb: 24 }],
    ['A6000 두 대로', { gpuCount: 2, gpuType: 'A6000' }],
  ])('"%s"', (words, resources) => {
    expect(parse(`train resnet18 on bread-types, ${words}`, bakery).intent?.resources).toMatchObject(resources);
  });
});

describe('numbers', () => {
  it.each([
    ['30 epochs', 30],
    ['에폭 30', 30],
    ['30에폭', 30],
    ['삼십 에폭', 30],
    ['서른 에폭', 30],
    ['thirty epochs', 30],
    ['epochs=30', 30],
    ['에폭은 30으로', 30],
    ['1,000 epochs', 1000],
    ['백이십오 에폭', 125],
    ['one hundred and five epochs', 105],
    ['2k epochs', 2000],
    ['1만 에폭', 10_000],
  ])('reads "%s" as %d epochs', (words, epochs) => expect(valuesOf(words)?.epochs).toBe(epochs));

  it.each([
    ['lr 1e-3', 0.001],
    ['학습률 0.001', 0.001],
    ['학습률 천분의 일', 0.001],
    ['learning rate one thousandth', 0.001],
    ['lr 10^-3', 0.001],
    ['학습률 10의 마이너스 3승', 0.001],
    ['lr: 3×10^-4', 0.0003],
    ['lr 1/1000', 0.001],
    ['학습률 영점영일', 0.01],
    ['lr 0,001', 0.001],
    ['.05 lr', 0.05],
  ])('reads "%s" as a rate of %d', (words, rate) => expect(valuesOf(words)?.learningRate).toBeCloseTo(rate, 12));

  it('gives each number to its quantity whatever the order', () => {
    expect(valuesOf('배치 64 에폭 30')).toMatchObject({ batchSize: 64, epochs: 30 });
    expect(valuesOf('에폭 30 배치 64')).toMatchObject({ batchSize: 64, epochs: 30 });
    expect(valuesOf('64 batch 30 epochs 0.1 lr')).toMatchObject({ batchSize: 64, epochs: 30, learningRate: 0.1 });
    expect(valuesOf('30 epochs, batch 64, lr 0.1')).toMatchObject({ batchSize: 64, epochs: 30, learningRate: 0.1 });
  });

  it('takes a span of patience for patience, not for the length of the training', () => {
    expect(valuesOf('50 epochs, early stopping after 4 epochs')).toMatchObject({
      epochs: 50,
      earlyStoppingPatience: 4,
    });
    expect(valuesOf('4에폭 동안 개선 없으면 멈추고 총 50에폭')).toMatchObject({ epochs: 50, earlyStoppingPatience: 4 });
  });

  it('reads resources in their units', () => {
    expect(intentOf('A100 80GB 두 장으로 90분 안에 bread-types 분류')?.resources).toEqual({
      gpuType: 'A100',
      gpuCount: 2,
      memoryGb: 80,
      maxHours: 1.5,
    });
  });
});

describe('denials', () => {
  it.each([
    ['without pretrained weights', { pretrained: false }],
    ['not pretrained', { pretrained: false }],
    ['사전학습 없이', { pretrained: false }],
    ['전이학습은 쓰지 말고', { pretrained: false }],
    ['from scratch', { pretrained: false }],
    ['처음부터', { pretrained: false }],
    ['no augmentation', { augmentation: 'none' }],
    ['증강은 빼고', { augmentation: 'none' }],
    ["don't freeze the backbone", { freezeBackbone: false }],
    ['백본은 고정하지 말고', { freezeBackbone: false }],
    ['백본 얼리고', { freezeBackbone: true }],
    ['adam 말고 sgd로', { optimizer: 'sgd' }],
    ['lr은 0.01 말고 0.005', { learningRate: 0.005 }],
    ['학습률 0.01 말고 0.005로', { learningRate: 0.005 }],
    ['에폭 50 말고 80', { epochs: 80 }],
    ['50에폭 말고 80에폭', { epochs: 80 }],
    ['학습률 0.01 말고 64 배치로', { batchSize: 64 }],
    ['instead of training for 10 epochs do 25', { epochs: 25 }],
    ['half of the data for validation', { validationSplit: 0.5 }],
    ['절반만 검증에 쓰고', { validationSplit: 0.5 }],
  ])('understands "%s"', (words, expected) => expect(valuesOf(words)).toMatchObject(expected));

  it.each([
    'instead of 10 epochs use batch 64',
    'rather than 10 epochs use a batch size of 64',
    'instead of 10 epochs use 64 as batch size',
  ])('says nothing of what is only given up in "%s"', (words) => {
    expect(valuesOf(words)).toMatchObject({ batchSize: 64, epochs: valuesOf('')?.epochs });
  });

  it('takes the model that is wanted, not the one that is not', () => {
    expect(intentOf('resnet34 말고 resnet50으로 bread-types 학습')?.modelName).toBe('resnet50');
    expect(intentOf('bread-types with resnet50 instead of resnet34')?.modelName).toBe('resnet50');
  });
});

describe('model names', () => {
  it.each([
    ['레즈넷50', 'resnet50'],
    ['레스넷 오십', 'resnet50'],
    ['ResNet-50', 'resnet50'],
    ['resnet5O', 'resnet50'],
    ['efficentnet b0', 'efficientnet_b0'],
    ['이피션트넷 비쓰리', 'efficientnet_b3'],
    ['ViT-B/16', 'vit_base_patch16_224'],
    ['비트 스몰', 'vit_small_patch16_224'],
    ['작은 비트', 'vit_small_patch16_224'],
    ['모바일넷 v3 라지', 'mobilenetv3_large_100'],
    ['swin tiny', 'swin_tiny_patch4_window7_224'],
    ['google/vit-base-patch16-224', 'google/vit-base-patch16-224'],
    ['허깅페이스 비트', 'ViTForImageClassification'],
    ['resnext50', 'resnext50_32x4d'],
  ])('grounds "%s" in the catalogue', (words, name) => {
    expect(intentOf(`${words}로 bread-types 분류`)?.modelName).toBe(name);
  });

  it.each([
    ['욜로v8 나노', 'yolov8n'],
    ['yolo 11 medium', 'yolo11m'],
    ['large YOLO', 'yolo11l'],
    ['패스터 알씨엔엔', 'faster-rcnn_r50_fpn_1x_coco'],
    ['detectron2 faster r-cnn', 'COCO-Detection/faster_rcnn_R_50_FPN_3x'],
  ])('grounds "%s" for detection', (words, name) => {
    expect(intentOf(`${words} trays 탐지`)?.modelName).toBe(name);
  });

  it.each([
    ['욜로v8 엑스라지 말고 라지로 trays 탐지', 'yolov8l'],
    ['yolov8 not nano but small on trays', 'yolov8s'],
    ['vit 라지 말고 베이스로 bread-types 분류', 'vit_base_patch16_224'],
    ['컨브넥스트 베이스 말고 타이니로 빵 분류', 'convnext_tiny'],
  ])('keeps the family where only its size is another: "%s"', (message, modelName) => {
    expect(parse(message, bakery)).toMatchObject({ status: 'complete', intent: { modelName } });
  });

  it.each([
    "segment dough, as accurate as possible, I don't care how long it takes",
    '반죽 분할, 시간은 상관없어',
    '반죽 분할 정확하게, 얼마나 걸리든 괜찮아',
    'no matter how long it takes, train dough segmentation',
  ])('takes no limit for a question: "%s"', (message) => {
    const { status, intent } = parse(message, bakery);
    expect({ status, intent }).toMatchObject({ status: 'complete', intent: { dataset: { id: 'ds_dough' } } });
    expect(intent?.resources?.maxHours).toBeUndefined();
  });

  it('takes the YOLO of the task', () => {
    expect(intentOf('yolov8s로 bread-types 분류')?.modelName).toBe('yolov8s-cls');
    expect(intentOf('yolo11n으로 dough 분할')?.modelName).toBe('yolo11n-seg');
  });

  it('reads "resnet 50 epochs" as fifty epochs', () => {
    expect(intentOf('resnet 50 epochs on bread-types')).toMatchObject({ hyperparameters: { epochs: 50 } });
  });

  it('asks about a name that no catalogue has, with three near ones', () => {
    const answer = parse('resnet57로 bread-types 분류', bakery);
    expect(answer.status).toBe('needs_clarification');
    expect(answer.intent?.modelName).toBeUndefined();
    expect(answer.questions[0]).toMatchObject({ field: 'modelName', options: expect.arrayContaining(['resnet50']) });
    expect(answer.questions[0]?.options).toHaveLength(3);
  });
});

describe('datasets', () => {
  it('finds them by their words in either language', () => {
    expect(intentOf('빵 종류 분류')?.dataset?.id).toBe('ds_bread');
    expect(intentOf('classify bread')?.dataset?.id).toBe('ds_bread');
  });

  it('finds them by their classes', () => {
    expect(intentOf('baguette, ciabatta, brioche 구분')?.dataset?.id).toBe('ds_bread');
  });

  it('takes the only one that fits the task, and says so', () => {
    const answer = parse('이상 탐지 모델 학습해줘', bakery);
    expect(answer.intent?.dataset?.id).toBe('ds_mold');
    expect(answer.origin.dataset).toMatchObject({ kind: 'default' });
  });

  it('asks where nothing fits what is named, rather than taking another', () => {
    expect(askedOf('강아지 분류')).toContain('dataset');
    expect(askedOf('classify mushrooms')).toContain('dataset');
  });

  it('asks where two are named equally well', () => {
    const two = {
      datasets: [
        { id: 'a', name: 'cars-2023' },
        { id: 'b', name: 'cars-2024' },
      ],
    };
    const answer = parse('detect cars', two);
    expect(answer.questions[0]).toMatchObject({ field: 'dataset', options: ['cars-2023', 'cars-2024'] });
  });

  it('asks for a sample that does not exist yet', () => {
    expect(parse('digits를 resnet18로 학습해줘', {}).questions.map((question) => question.field)).toContain('dataset');
  });
});

describe('contradictions', () => {
  it('asks which number of classes is right, with both as options', () => {
    expect(parse('빵 5종류 분류', bakery).questions[0]).toMatchObject({ field: 'numClasses', options: ['5', '3'] });
  });

  it('asks about a dataset of another task', () => {
    expect(askedOf('bread-types에서 객체 탐지')).toContain('dataset');
    expect(askedOf('yolov8n on bread-types')).toContain('dataset');
  });

  it('asks about classes that the dataset does not have', () => {
    expect(askedOf('bread-types로 baguette, croissant 구분')).toContain('classNames');
  });

  it.each([
    ['0 epochs', 'hyperparameters.epochs'],
    ['10억 에폭', 'hyperparameters.epochs'],
    ['2.5 epochs', 'hyperparameters.epochs'],
    ['learning rate 5000', 'hyperparameters.learningRate'],
    ['배치 -4', 'hyperparameters.batchSize'],
    ['드롭아웃 1.5', 'hyperparameters.dropout'],
    ['이미지 크기 640x480', 'hyperparameters.imageSize'],
  ])('asks about %s instead of using it', (words, field) => {
    const answer = parse(`resnet18 bread-types ${words}`, bakery);
    expect(answer.status).toBe('needs_clarification');
    expect(answer.questions).toEqual([expect.objectContaining({ field })]);
    const name = field.split('.')[1] as 'epochs';
    expect(answer.intent?.hyperparameters?.[name]).toBeUndefined();
  });
});

it.each([
  ['이미지 380', 380],
  ['image 299', 299],
  ['이미지 256', 256],
])('reads "%s" as a size that models are made for', (words, imageSize) => {
  expect(intentOf(`resnet18 bread-types ${words}`)?.hyperparameters?.imageSize).toBe(imageSize);
});

describe('a complete answer', () => {
  it('fills all that a training needs and says where each value came from', () => {
    const { status, intent, origin } = parse('ResNet50으로 빵 3종류 분류', bakery);
    expect(status).toBe('complete');
    expect(intent).toMatchObject({
      taskType: 'classification',
      modelName: 'resnet50',
      modelSource: 'timm',
      numClasses: 3,
      classNames: ['baguette', 'ciabatta', 'brioche'],
      hyperparameters: { pretrained: true, imageSize: 224 },
    });
    expect(origin.modelName).toEqual({ kind: 'message', span: [0, 8] });
    expect(origin.numClasses).toEqual({ kind: 'message', span: [13, 16] });
    expect(origin.classNames).toEqual({ kind: 'dataset' });
    expect(origin['hyperparameters.epochs']).toMatchObject({
      kind: 'default',
      reason: expect.stringMatching(/[가-힣]/),
    });
  });

  it("gives its reasons in the message's language", () => {
    const { origin } = parse('train on bread-types', bakery);
    expect(origin.modelName).toMatchObject({ kind: 'default', reason: expect.stringMatching(/^[\x20-\x7e]+$/) });
  });

  it('keeps to the image size that a model is fixed to', () => {
    expect(intentOf('swin tiny로 빵 분류')?.hyperparameters?.imageSize).toBe(224);
  });

  it('asks at most three questions at once', () => {
    const { questions } = parse('resnet57로 드론 5종류, 0 에폭, 학습률 5000, 배치 0', bakery);
    expect(questions.length).toBeGreaterThan(1);
    expect(questions.length).toBeLessThanOrEqual(3);
  });
});

describe('a denial', () => {
  it.each([
    ['resnet18 bread-types, 사전학습 없이', 'pretrained', '사전학습 없이'],
    ['resnet18 on bread-types without augmentation', 'augmentation', 'without augmentation'],
    ['resnet18 on bread-types, dropout off', 'dropout', 'dropout off'],
  ])('of "%s" is quoted together with what it denies', (text, name, words) => {
    const from = parse(text, bakery).origin[`hyperparameters.${name}`];
    if (from?.kind !== 'message') throw new Error(`${name} was said in the message`);
    expect(text.slice(...from.span)).toBe(words);
  });
});

describe('classes without a separator', () => {
  it.each(['고양이 강아지 햄스터 분류', 'cats dogs hamsters classifier'])('are told apart in "%s"', (text) =>
    expect(parse(text, {}).intent?.numClasses).toBe(3),
  );

  it('are not made of one thing with two words', () =>
    expect(parse('tomato leaf classifier', {}).intent?.numClasses).toBeUndefined());
});

it.each(['GPU는 쓰지 말고', 'GPU 없이', 'without a gpu', 'CPU로만', 'no GPU'])('needs no GPU: %s', (words) => {
  expect(intentOf(`bread-types를 resnet50으로 학습, ${words}`)?.resources).toEqual({ gpuCount: 0 });
});
