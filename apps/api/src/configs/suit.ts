import type { CardOrigins, Dataset, Locale, TrainingConfig } from '@mallo/contracts';
import type { ZooEntry } from '@mallo/zoo';

/** Most networks halve an image five times, so its sides should be a multiple of 2⁵. */
const STEP = 32;
/** On so few pixels the position and the side are the meaning, as of digits and icons. */
const TINY = 32;
/** What suits Adam and its kin when there is nothing learned to be spoilt. */
const RATE_FROM_SCRATCH = 0.001;

const REASONS = {
  noWeights: {
    ko: '이 컴퓨터에서 사전학습 가중치를 받을 수 없어 처음부터 학습해요',
    en: 'Pretrained weights cannot be reached from this machine, so training begins from scratch',
  },
  rateFromScratch: {
    ko: '처음부터 학습할 때 흔히 쓰는 값이에요',
    en: 'The usual rate when training from scratch',
  },
  tinyImages: {
    ko: '아주 작은 이미지는 뒤집거나 자르면 다른 것이 될 수 있어요',
    en: 'A tiny image that is flipped or cropped may become another thing',
  },
} as const;

/** What the parser, which sees only the words, cannot know. */
export type Surroundings = { dataset: Dataset; model: ZooEntry; weightsAreLikely: boolean; locale: Locale };

/** Lets the values that nobody named suit the dataset and this machine, and says so in their origins. */
export function suit(config: TrainingConfig, origin: CardOrigins, surroundings: Surroundings): void {
  const { dataset, model, weightsAreLikely, locale } = surroundings;
  const values = config.hyperparameters;
  const isOpen = (name: keyof typeof values) => origin[`hyperparameters.${name}`]?.kind === 'default';
  const because = (name: keyof typeof values, reason: keyof typeof REASONS) => {
    origin[`hyperparameters.${name}`] = { kind: 'default', reason: REASONS[reason][locale] };
  };
  const side = Math.max(dataset.version.medianWidth, dataset.version.medianHeight);

  if (isOpen('imageSize') && !model.fixedInputSize) {
    // Small images are not blown up: it would cost much time and add no detail.
    const size = Math.max(STEP, Math.ceil(side / STEP) * STEP);
    if (size < values.imageSize) {
      values.imageSize = size;
      origin['hyperparameters.imageSize'] = { kind: 'dataset' };
    }
  }
  if (isOpen('augmentation') && side <= TINY && values.augmentation !== 'none') {
    values.augmentation = 'none';
    because('augmentation', 'tinyImages');
  }
  if (isOpen('pretrained') && values.pretrained && !weightsAreLikely) {
    values.pretrained = false;
    because('pretrained', 'noWeights');
    if (isOpen('learningRate') && values.optimizer.startsWith('adam') && values.learningRate < RATE_FROM_SCRATCH) {
      values.learningRate = RATE_FROM_SCRATCH;
      because('learningRate', 'rateFromScratch');
    }
  }
}
