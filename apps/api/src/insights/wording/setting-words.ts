import type { AnswerSentence, AnswerSource, Augmentation, TrainingConfig } from '@mallo/contracts';
import type { z } from 'zod';
import { setting, whole } from './figures.js';
import { type Both, linked, plain } from './sentence.js';

type Values = TrainingConfig['hyperparameters'];

/** Settings in the order in which a person would look at them. */
export const SETTING_NAMES: Record<keyof Values, { ko: string; en: string }> = {
  epochs: { ko: '에폭', en: 'epochs' },
  batchSize: { ko: '배치 크기', en: 'batch size' },
  learningRate: { ko: '학습률', en: 'learning rate' },
  optimizer: { ko: '옵티마이저', en: 'optimizer' },
  scheduler: { ko: '스케줄러', en: 'scheduler' },
  warmupEpochs: { ko: '워밍업 에폭', en: 'warm-up epochs' },
  imageSize: { ko: '이미지 크기', en: 'image size' },
  augmentation: { ko: '데이터 증강', en: 'augmentation' },
  pretrained: { ko: '사전학습 가중치', en: 'pretrained weights' },
  freezeBackbone: { ko: '백본 고정', en: 'frozen backbone' },
  weightDecay: { ko: '가중치 감쇠', en: 'weight decay' },
  momentum: { ko: '모멘텀', en: 'momentum' },
  dropout: { ko: '드롭아웃', en: 'dropout' },
  labelSmoothing: { ko: '라벨 스무딩', en: 'label smoothing' },
  earlyStoppingPatience: { ko: '조기 종료까지 기다릴 에폭', en: 'early stopping patience' },
  validationSplit: { ko: '검증 비율', en: 'validation share' },
  precision: { ko: '정밀도', en: 'precision' },
  seed: { ko: '시드', en: 'seed' },
};

export const SETTING_KEYS = Object.keys(SETTING_NAMES) as (keyof Values)[];

export const AUGMENTATION_NAMES: Record<z.infer<typeof Augmentation>, { ko: string; en: string }> = {
  none: { ko: '없음', en: 'none' },
  light: { ko: '약하게', en: 'light' },
  medium: { ko: '보통', en: 'medium' },
  heavy: { ko: '강하게', en: 'heavy' },
};
const YES = { ko: '사용', en: 'yes' };
const NO = { ko: '사용 안 함', en: 'no' };

const inBoth = (piece: AnswerSentence): Both => ({ ko: piece, en: piece });
const words = ({ ko, en }: { ko: string; en: string }): Both => ({ ko: plain(ko), en: plain(en) });

/** A setting's value as it is said. */
export function settingValue(values: Values, key: keyof Values, source: AnswerSource): Both {
  const value = values[key];
  if (value === null) return words({ ko: '끔', en: 'off' });
  if (typeof value === 'boolean') return words(value ? YES : NO);
  if (key === 'augmentation') return words(AUGMENTATION_NAMES[values.augmentation]);
  if (typeof value === 'string') return inBoth(linked(value, source));
  if (key === 'validationSplit') return inBoth(linked(`${setting(value * 100, source).text}%`, source));
  return inBoth(Number.isInteger(value) && key !== 'seed' ? whole(value, source) : setting(value, source));
}
