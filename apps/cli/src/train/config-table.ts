import type { ConfigCard, Estimate, Locale } from '@mallo/contracts';
import { padTo } from './text-width.js';
import { durationOf, words } from './words.js';

const LABELS: Record<string, Record<Locale, string>> = {
  'model.name': { en: 'Model', ko: '모델' },
  dataset: { en: 'Dataset', ko: '데이터셋' },
  'hyperparameters.epochs': { en: 'Epochs', ko: '에폭' },
  'hyperparameters.batchSize': { en: 'Batch size', ko: '배치 크기' },
  'hyperparameters.learningRate': { en: 'Learning rate', ko: '학습률' },
  'hyperparameters.imageSize': { en: 'Image size', ko: '이미지 크기' },
  'hyperparameters.optimizer': { en: 'Optimizer', ko: '옵티마이저' },
  'hyperparameters.scheduler': { en: 'Schedule', ko: '스케줄러' },
  'hyperparameters.weightDecay': { en: 'Weight decay', ko: '가중치 감쇠' },
  'hyperparameters.momentum': { en: 'Momentum', ko: '모멘텀' },
  'hyperparameters.dropout': { en: 'Dropout', ko: '드롭아웃' },
  'hyperparameters.labelSmoothing': { en: 'Label smoothing', ko: '라벨 스무딩' },
  'hyperparameters.pretrained': { en: 'Pretrained', ko: '사전학습 가중치' },
  'hyperparameters.freezeBackbone': { en: 'Freeze backbone', ko: '백본 고정' },
  'hyperparameters.augmentation': { en: 'Augmentation', ko: '데이터 증강' },
  'hyperparameters.seed': { en: 'Seed', ko: '시드' },
  'hyperparameters.earlyStoppingPatience': { en: 'Early stopping after', ko: '조기 종료 대기' },
  'hyperparameters.precision': { en: 'Precision', ko: '정밀도' },
  'hyperparameters.warmupEpochs': { en: 'Warm-up epochs', ko: '워밍업 에폭' },
  'hyperparameters.validationSplit': { en: 'Validation split', ko: '검증 비율' },
};

/** The config as lines: what, its value, and where that came from. `message` is the text that was understood. */
export function configTable(card: ConfigCard, message: string, locale: Locale): string[] {
  const { model, dataset, classNames, hyperparameters } = card.config;
  const classes = locale === 'ko' ? `클래스 ${classNames.length}개` : `${classNames.length} classes`;
  const values: [path: string, value: string][] = [
    ['model.name', `${model.name} (${model.source})`],
    ['dataset', `${dataset.name} (${classes})`],
    ...Object.entries(hyperparameters).map(([name, value]): [string, string] => [
      `hyperparameters.${name}`,
      valueText(value, locale),
    ]),
  ];
  const rows = values.map(([path, value]) => [
    LABELS[path]?.[locale] ?? path,
    value,
    originText(card.origin[path], message, locale),
  ]);
  if (card.estimate) rows.push(...estimateRows(card.estimate, locale));
  const lines = rows.map(([label = '', value = '', origin = '']) =>
    `  ${padTo(label, 22)}${padTo(value, 28)}${origin}`.trimEnd(),
  );
  return [...lines, ...card.warnings.map(({ message }) => `  ! ${message[locale]}`)];
}

function estimateRows({ seconds, pastError, memory, cost }: Estimate, locale: Locale): string[][] {
  const error = pastError && words.pastError(`${Math.round(pastError.median * 100)} %`, pastError.runs)[locale];
  const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  const held = memory && words.memoryOf(gigabytes(memory.neededBytes), gigabytes(memory.availableBytes))[locale];
  return [
    ...(seconds === null ? [] : [[words.estimate()[locale], durationOf(seconds, locale), error ?? '']]),
    ...(held ? [[words.memory()[locale], held, '']] : []),
    ...(cost ? [[words.cost()[locale], `${cost.amount.toFixed(2)} ${cost.currency}`, '']] : []),
  ];
}

function valueText(value: unknown, locale: Locale): string {
  if (value === null) return '–';
  if (typeof value !== 'boolean') return String(value);
  if (locale === 'ko') return value ? '예' : '아니요';
  return value ? 'yes' : 'no';
}

function originText(origin: ConfigCard['origin'][string] | undefined, message: string, locale: Locale): string {
  const ko = locale === 'ko';
  switch (origin?.kind) {
    case 'message':
      return `${ko ? '문장' : 'your words'}: “${message.slice(...origin.span)}”`;
    case 'dataset':
      return ko ? '데이터셋에서' : 'from the dataset';
    case 'history':
    case 'intent':
      return ko ? '앞의 대화에서' : 'from the conversation';
    case 'edited':
      return ko ? '직접 고침' : 'edited';
    case 'default':
      return `${ko ? '기본값' : 'default'}: ${origin.reason}`;
    default:
      return '';
  }
}
