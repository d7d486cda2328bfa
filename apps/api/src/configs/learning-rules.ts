import { type Rule, withCommas } from './rule.js';
import { OPTIMIZER_NAMES, suitableRate } from './situation.js';
import {
  BIG_TRANSFER,
  DECOUPLED_DECAY,
  EARLY_STOPPING,
  FROM_SCRATCH,
  HOW_TO_TRAIN_VIT,
  LINEAR_SCALING,
  ROOT_SCALING,
} from './sources.js';

/** On so few pixels the position and the side are the meaning, as of digits and icons. */
const TINY_SIDE = 32;
/** Epochs by training images: so that few images are seen often enough and many not for days. */
const EPOCHS: { below: number; fineTuning: number; scratch: number }[] = [
  { below: 200, fineTuning: 50, scratch: 100 },
  { below: 1_000, fineTuning: 30, scratch: 100 },
  { below: 10_000, fineTuning: 20, scratch: 100 },
  { below: 100_000, fineTuning: 10, scratch: 60 },
  { below: Number.POSITIVE_INFINITY, fineTuning: 5, scratch: 30 },
];

/** What an expert would let a classifier learn with; each looks only at those before it, and at what it is fed with. */
export const LEARNING_RULES: readonly Rule[] = [
  {
    name: 'epochs',
    choose: ({ start, trainImages }) => {
      const row = EPOCHS.find(({ below }) => trainImages < below);
      const value = (start === 'scratch' ? row?.scratch : row?.fineTuning) ?? 20;
      if (start === 'scratch')
        return {
          value,
          ko: `처음부터 학습하면 오래 걸려서, 학습 이미지 ${withCommas(trainImages)}장을 ${value}번 봐요`,
          en: `Training from scratch takes long: ${withCommas(trainImages)} training images are seen ${value} times`,
          source: FROM_SCRATCH,
        };
      return {
        value,
        ko: `학습 이미지가 ${withCommas(trainImages)}장이면 미세 조정은 ${value} 에폭 안에 대부분 수렴해요`,
        en: `With ${withCommas(trainImages)} training images fine-tuning mostly converges within ${value} epochs`,
        source: BIG_TRANSFER,
      };
    },
  },
  {
    name: 'learningRate',
    choose: (situation) => {
      const { rate: value, base, batch } = suitableRate(situation);
      const sgd = situation.values.optimizer === 'sgd';
      const size = situation.values.batchSize;
      const how = {
        frozen: { ko: '분류기만 학습할 때의', en: 'for training the classifier only' },
        pretrained: { ko: '미리 학습된 가중치를 해치지 않는', en: 'that does not spoil pretrained weights' },
        scratch: { ko: '처음부터 학습할 때의', en: 'for training from scratch' },
      }[situation.start];
      const source = sgd ? LINEAR_SCALING : ROOT_SCALING;
      if (size === batch) return { value, ko: `${how.ko} 흔한 값이에요`, en: `The usual rate ${how.en}`, source };
      return {
        value,
        ko: `${how.ko} 값 ${base}(배치 ${batch})을 배치 ${size}에 맞췄어요`,
        en: `The rate ${how.en}, ${base} at batch ${batch}, scaled to batch ${size}`,
        source,
      };
    },
  },
  {
    name: 'weightDecay',
    choose: ({ values, transformer }) => {
      if (values.optimizer !== 'adamw')
        return {
          value: 0.0001,
          ko: `${OPTIMIZER_NAMES[values.optimizer]}에서는 가중치 감소가 기울기에 더해져서 작게 둬요`,
          en: `With ${OPTIMIZER_NAMES[values.optimizer]} the decay is added to the gradient, so it is kept small`,
          source: LINEAR_SCALING,
        };
      return {
        value: transformer ? 0.05 : 0.01,
        ko: transformer ? '트랜스포머는 과적합하기 쉬워 조금 크게 둬요' : '과적합을 줄이는 AdamW의 흔한 값이에요',
        en: transformer
          ? 'Transformers overfit easily, so it is a little larger'
          : 'The usual value of AdamW against overfitting',
        source: transformer ? HOW_TO_TRAIN_VIT : DECOUPLED_DECAY,
      };
    },
  },
  {
    name: 'warmupEpochs',
    choose: ({ values, start, transformer }) => {
      const useful = values.epochs >= 10 && start !== 'frozen' && (transformer || start === 'scratch');
      return {
        value: useful ? Math.min(5, Math.floor(values.epochs / 10)) : 0,
        ko: useful ? '처음에는 학습률을 천천히 올려야 안정적이에요' : '짧거나 미세 조정인 학습에는 필요 없어요',
        en: useful
          ? 'The rate climbs slowly at first, which keeps the start steady'
          : 'Short trainings and fine-tuning do not need it',
        source: LINEAR_SCALING,
      };
    },
  },
  {
    name: 'augmentation',
    choose: ({ start, trainImages, surroundings: { dataset } }) => {
      if (dataset.medianSide <= TINY_SIDE)
        return {
          value: 'none',
          ko: '아주 작은 이미지는 뒤집거나 자르면 다른 것이 될 수 있어요',
          en: 'A tiny image that is flipped or cropped may become another thing',
        };
      if (dataset.classes.every(({ name }) => /^\d$/.test(name)))
        return {
          value: 'none',
          ko: '숫자는 뒤집거나 돌리면 다른 글자가 돼요',
          en: 'A digit that is flipped or turned is another digit',
        };
      if (start === 'frozen' || trainImages >= 50_000)
        return {
          value: 'light',
          ko:
            start === 'frozen' ? '분류기만 학습할 때는 조금만 바꿔도 충분해요' : '이미지가 많아 조금만 바꿔도 충분해요',
          en: start === 'frozen' ? 'A little is enough for a classifier' : 'Of so many images a little is enough',
          source: HOW_TO_TRAIN_VIT,
        };
      return {
        value: 'medium',
        ko: '데이터를 다양하게 만들어 과적합을 줄여요',
        en: 'Varies the images against overfitting',
        source: HOW_TO_TRAIN_VIT,
      };
    },
  },
  {
    name: 'earlyStoppingPatience',
    choose: ({ values }) => {
      if (values.epochs < 30)
        return {
          value: null,
          ko: '짧은 학습이라 끝까지 해요',
          en: 'A short training goes on to its end',
          source: EARLY_STOPPING,
        };
      const value = Math.max(5, Math.round(values.epochs / 5));
      return {
        value,
        ko: `긴 학습이라, ${value} 에폭 동안 나아지지 않으면 일찍 끝내요`,
        en: `A long training ends early when ${value} epochs bring nothing better`,
        source: EARLY_STOPPING,
      };
    },
  },
];
