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
  /** The values that are known already; defaults fit themselves to them. */
  known: Partial<Hyperparameters>;
  classNames: readonly string[];
  language: Language;
};

const TRANSFORMERS =
  /^(vit|vision_transformer|deit|beit|eva|swin|cait|xcit|volo|maxxvit|mvitv2|levit|pit|coat|crossvit|davit|gcvit|hiera|flexivit|twins|tnt|nest|convit|naflexvit|dinov2|segformer|mask2former|maskformer|detr|yolos)/;

/** Digits are small pictures; enlarging them to 224 pixels makes a training fifty times longer and no better. */
function areSingleDigits(classNames: readonly string[]): boolean {
  return classNames.length === 10 && [...classNames].sort().join('') === '0123456789';
}

/**
 * The values nobody said, as a practitioner would set them for this model and task, each with its reason.
 * Sources: timm's and torchvision's fine-tuning recipes (AdamW, small rate for pretrained weights), the
 * Ultralytics defaults (640 px, batch 16, SGD 0.01), the linear warmup of Goyal et al. 2017.
 */
export function defaultsFor({ entry, taskType, known, classNames, language }: Situation): Default[] {
  const defaults: Default[] = [];
  const settled: Partial<Hyperparameters> = { ...known };
  const put = <K extends keyof Hyperparameters>(name: K, value: Hyperparameters[K], ko: string, en: string) => {
    if (settled[name] !== undefined) return;
    settled[name] = value;
    defaults.push({ name, value, reason: { kind: 'default', reason: say({ ko, en }, language) } });
  };
  const isYolo = entry?.source === 'ultralytics';
  const isTransformer = entry !== undefined && TRANSFORMERS.test(entry.family);
  const isLarge = (entry?.paramsM ?? 25) > 80;

  put(
    'pretrained',
    true,
    '미리 학습된 가중치로 시작하면 적은 데이터로도 빨리 배워요',
    'Pretrained weights learn faster from little data',
  );
  const pretrained = settled.pretrained === true;

  if (entry?.fixedInputSize && entry.inputSize) {
    put(
      'imageSize',
      entry.inputSize,
      `${entry.name}의 입력 크기는 ${entry.inputSize}로 정해져 있어요`,
      `${entry.name} takes images of ${entry.inputSize} pixels only`,
    );
  } else if (taskType === 'classification' && areSingleDigits(classNames)) {
    put(
      'imageSize',
      32,
      '숫자 한 글자 이미지는 작아서 32픽셀이면 충분해요',
      'Images of single digits are small; 32 pixels hold all there is',
    );
  } else if (taskType === 'classification') {
    const size = Math.min(entry?.inputSize ?? 224, 288);
    put('imageSize', size, `분류 모델에 흔히 쓰는 입력 크기예요`, 'The usual input size of this classifier');
  } else if (taskType === 'anomaly_detection') {
    put(
      'imageSize',
      entry?.inputSize ?? 256,
      '이상 탐지에 흔히 쓰는 입력 크기예요',
      'The usual input size for anomaly detection',
    );
  } else {
    put(
      'imageSize',
      entry?.inputSize ?? 640,
      '작은 물체도 보이도록 넉넉한 입력 크기예요',
      'Large enough for small objects to stay visible',
    );
  }

  const yoloEpochs = isYolo && taskType !== 'classification';
  if (taskType === 'anomaly_detection')
    put(
      'epochs',
      10,
      '정상 이미지의 특징만 모으므로 적은 에폭으로 충분해요',
      'It only gathers what normal images look like, so few epochs do',
    );
  else if (yoloEpochs)
    put('epochs', 100, 'YOLO를 미세 조정할 때 흔히 쓰는 값이에요', 'The usual length of fine-tuning a YOLO');
  else if (taskType !== 'classification')
    put(
      'epochs',
      50,
      '탐지·분할 모델을 미세 조정할 때 흔히 쓰는 값이에요',
      'The usual length of fine-tuning for this task',
    );
  else if (pretrained)
    put(
      'epochs',
      20,
      '미리 학습된 모델은 20 에폭 안에 대부분 수렴해요',
      'Pretrained classifiers mostly converge within 20 epochs',
    );
  else put('epochs', 100, '처음부터 학습하면 오래 걸려요', 'Training from scratch takes long');

  const pixels = settled.imageSize ?? 224;
  if (isLarge || pixels > 320 || taskType !== 'classification')
    put(
      'batchSize',
      isLarge ? 8 : 16,
      '모델과 이미지가 커서 메모리에 맞춘 값이에요',
      'Sized to fit the memory for this model and image size',
    );
  else
    put(
      'batchSize',
      32,
      '대부분의 컴퓨터 메모리에 들어가고 안정적으로 학습돼요',
      'Fits the memory of most machines and trains steadily',
    );

  if (yoloEpochs) put('optimizer', 'sgd', 'YOLO는 보통 SGD로 학습해요', 'YOLO models are usually trained with SGD');
  else put('optimizer', 'adamw', '조정이 적어도 잘 수렴하는 옵티마이저예요', 'It converges well with little tuning');

  const sgd = settled.optimizer === 'sgd';
  if (sgd) put('learningRate', 0.01, 'SGD에 흔히 쓰는 학습률이에요', 'The usual rate with SGD');
  else if (settled.freezeBackbone)
    put(
      'learningRate',
      0.001,
      '백본을 고정하면 더 큰 학습률로 배울 수 있어요',
      'With a frozen backbone the head can learn at a higher rate',
    );
  else if (isTransformer)
    put('learningRate', 0.0001, '트랜스포머는 작은 학습률이 안정적이에요', 'Transformers are steadier at a small rate');
  else if (pretrained)
    put(
      'learningRate',
      0.0003,
      '미리 학습된 가중치를 해치지 않는 작은 학습률이에요',
      'Small enough not to destroy the pretrained weights',
    );
  else put('learningRate', 0.001, '처음부터 학습할 때 흔히 쓰는 값이에요', 'The usual rate when training from scratch');

  put('scheduler', 'cosine', '끝으로 갈수록 학습률을 부드럽게 줄여요', 'Lowers the rate smoothly towards the end');
  put(
    'weightDecay',
    sgd ? 0.0005 : isTransformer ? 0.05 : 0.01,
    '과적합을 줄이는 흔한 값이에요',
    'A common value against overfitting',
  );
  put(
    'momentum',
    0.9,
    'SGD에 흔히 쓰는 값이고 Adam 계열은 쓰지 않아요',
    'The usual value with SGD; Adam does not use it',
  );
  put('dropout', 0, '모델이 정한 그대로 두었어요', 'Left as the model defines it');
  put(
    'labelSmoothing',
    taskType === 'classification' ? 0.1 : 0,
    '지나친 확신을 줄여요',
    'Keeps the model from being over-confident',
  );
  put(
    'freezeBackbone',
    false,
    '모든 층을 함께 학습하면 정확도가 더 높아요',
    'Training all layers reaches a higher accuracy',
  );
  if (areSingleDigits(classNames))
    put(
      'augmentation',
      'light',
      '숫자는 뒤집거나 크게 돌리면 다른 글자가 돼요',
      'A digit that is flipped or turned far is another digit',
    );
  else if (taskType === 'anomaly_detection')
    put(
      'augmentation',
      'none',
      '정상의 모습이 바뀌면 안 되므로 증강하지 않아요',
      'What normal looks like must not change',
    );
  else
    put('augmentation', 'medium', '데이터를 다양하게 만들어 과적합을 줄여요', 'Varies the images against overfitting');
  put('seed', 42, '다시 돌려도 같은 결과가 나오도록 고정해요', 'Fixed, so that the same training can be repeated');
  put('precision', 'fp32', '어느 컴퓨터에서나 같은 결과를 내요', 'Gives the same result on every machine');
  const epochs = settled.epochs ?? 20;
  put(
    'warmupEpochs',
    epochs >= 10 && (isTransformer || !pretrained) ? Math.min(5, Math.floor(epochs / 10)) : 0,
    '짧거나 미세 조정인 학습에는 필요 없고, 길면 처음에만 천천히 올려요',
    'Needed only at the start of long trainings',
  );
  put('validationSplit', 0.2, '다섯 장 중 한 장으로 검증해요', 'One image in five checks what was learned');
  return defaults;
}
