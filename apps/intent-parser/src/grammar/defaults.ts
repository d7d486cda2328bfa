import type { FieldOrigin, Hyperparameters, TaskType } from '@mallo/contracts';
import type { ZooEntry } from '@mallo/zoo';
import { type Language, say } from './wording.js';

export type Default = {
  name: keyof Hyperparameters;
  value: number | string | boolean;
  reason: FieldOrigin & { kind: 'default' };
};

type Situation = {
  entry: ZooEntry | undefined;
  taskType: TaskType;
  /** The values that are known already. */
  known: Partial<Hyperparameters>;
  language: Language;
};

type Row = [name: keyof Hyperparameters, value: Default['value'], ko: string, en: string];

const PIXELS: Record<TaskType, number> = {
  classification: 224,
  detection: 640,
  segmentation: 640,
  anomaly_detection: 256,
};
const EPOCHS: Record<TaskType, number> = {
  classification: 20,
  detection: 100,
  segmentation: 50,
  anomaly_detection: 10,
};

/**
 * The values nobody said, so that an intent is complete by itself: common ones of timm's, torchvision's and the
 * Ultralytics' recipes, each with its reason. Who knows the data and the machine chooses anew where that says more.
 */
export function defaultsFor({ entry, taskType, known, language }: Situation): Default[] {
  const isClassifier = taskType === 'classification';
  const isYolo = entry?.source === 'ultralytics' && !isClassifier;
  const sgd = (known.optimizer ?? (isYolo ? 'sgd' : 'adamw')) === 'sgd';
  const rows: Row[] = [
    [
      'pretrained',
      true,
      '미리 학습된 가중치는 적은 데이터로도 빨리 배워요',
      'Pretrained weights learn faster from little data',
    ],
    [
      'imageSize',
      entry?.inputSize ?? PIXELS[taskType],
      '이 모델에 흔히 쓰는 입력 크기예요',
      'The usual input size of this model',
    ],
    ['epochs', EPOCHS[taskType], '이런 학습에 흔히 쓰는 길이예요', 'The usual length of such a training'],
    ['batchSize', isClassifier ? 32 : 16, '대부분의 컴퓨터 메모리에 들어가요', 'Fits the memory of most machines'],
    isYolo
      ? ['optimizer', 'sgd', 'YOLO는 보통 SGD로 학습해요', 'YOLO models are usually trained with SGD']
      : ['optimizer', 'adamw', '조정이 적어도 잘 수렴해요', 'It converges well with little tuning'],
    [
      'learningRate',
      sgd ? 0.01 : 0.0003,
      '이 옵티마이저에 흔히 쓰는 학습률이에요',
      'The usual rate with this optimizer',
    ],
    ['scheduler', 'cosine', '끝으로 갈수록 학습률을 부드럽게 줄여요', 'Lowers the rate smoothly towards the end'],
    ['weightDecay', sgd ? 0.0005 : 0.01, '과적합을 줄이는 흔한 값이에요', 'A common value against overfitting'],
    [
      'momentum',
      0.9,
      'SGD에 흔히 쓰는 값이고 Adam 계열은 쓰지 않아요',
      'The usual value with SGD; Adam does not use it',
    ],
    ['dropout', 0, '모델이 정한 그대로 두었어요', 'Left as the model defines it'],
    ['labelSmoothing', isClassifier ? 0.1 : 0, '지나친 확신을 줄여요', 'Keeps the model from being over-confident'],
    ['freezeBackbone', false, '모든 층을 함께 학습하면 더 정확해요', 'Training all layers reaches a higher accuracy'],
    taskType === 'anomaly_detection'
      ? ['augmentation', 'none', '정상의 모습이 바뀌면 안 돼요', 'What normal looks like must not change']
      : ['augmentation', 'medium', '데이터를 다양하게 해 과적합을 줄여요', 'Varies the images against overfitting'],
    ['seed', 42, '다시 돌려도 같은 결과가 나오도록 고정해요', 'Fixed, so that the same training can be repeated'],
    ['precision', 'fp32', '어느 컴퓨터에서나 같은 결과를 내요', 'Gives the same result on every machine'],
    ['warmupEpochs', 0, '미세 조정에는 보통 필요 없어요', 'Fine-tuning seldom needs it'],
    ['validationSplit', 0.2, '다섯 장 중 한 장으로 검증해요', 'One image in five checks what was learned'],
  ];
  return rows
    .filter(([name]) => known[name] === undefined)
    .map(([name, value, ko, en]) => ({ name, value, reason: { kind: 'default', reason: say({ ko, en }, language) } }));
}
