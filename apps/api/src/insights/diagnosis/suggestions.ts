import { Augmentation } from '@mallo/contracts';
import { setting, whole } from '../wording/figures.js';
import { linked, plain, said } from '../wording/sentence.js';
import { AUGMENTATION_NAMES } from '../wording/setting-words.js';
import { type Case, ofDataset, ofRun } from './case.js';
import type { Suggestion } from './finding.js';

/** Rates are searched by powers of ten (Smith 2017, “Cyclical learning rates”, LR range test). */
const RATE_STEP = 10;

export function lowerRate(training: Case): Suggestion {
  const { learningRate } = training.values;
  const [now, next] = [setting(learningRate, ofRun(training)), setting(learningRate / RATE_STEP, ofRun(training))];
  return {
    code: 'lower_rate',
    says: {
      ko: said`학습률을 ${now}에서 ${next}(으)로 낮춰 보세요.`,
      en: said`Lower the learning rate from ${now} to ${next}.`,
    },
  };
}

export function raiseRate(training: Case): Suggestion {
  const { learningRate } = training.values;
  const [now, next] = [setting(learningRate, ofRun(training)), setting(learningRate * RATE_STEP, ofRun(training))];
  return {
    code: 'raise_rate',
    says: {
      ko: said`학습률을 ${now}에서 ${next}(으)로 높여 보세요.`,
      en: said`Raise the learning rate from ${now} to ${next}.`,
    },
  };
}

export function warmUp({ values }: Case): Suggestion | null {
  if (values.warmupEpochs > 0) return null;
  return {
    code: 'warm_up',
    says: {
      ko: said`처음 몇 에폭은 워밍업으로 학습률을 천천히 올려 보세요.`,
      en: said`Let the learning rate warm up over the first epochs.`,
    },
  };
}

/** Doubling is the smallest change whose effect is easily told from chance. */
export function moreEpochs(training: Case): Suggestion {
  const { epochs } = training.values;
  const [now, next] = [whole(epochs, ofRun(training)), whole(epochs * 2, ofRun(training))];
  return {
    code: 'more_epochs',
    says: {
      ko: said`에폭을 ${now}에서 ${next}(으)로 늘려 보세요.`,
      en: said`Train for ${next} epochs instead of ${now}.`,
    },
  };
}

export function decayRate({ values }: Case): Suggestion | null {
  if (values.scheduler !== 'constant') return null;
  return {
    code: 'decay_rate',
    says: {
      ko: said`스케줄러를 cosine으로 바꿔 끝으로 갈수록 학습률을 낮춰 보세요.`,
      en: said`Use the cosine scheduler, so that the learning rate falls towards the end.`,
    },
  };
}

/** On so few pixels, as of digits and icons, the position and the side are the meaning: to flip one makes another. */
const TINY_SIDE = 32;

export function moreAugmentation({ values, dataset }: Case): Suggestion | null {
  const side = dataset ? Math.max(dataset.version.medianWidth, dataset.version.medianHeight) : Number.POSITIVE_INFINITY;
  if (values.augmentation === 'none' && side <= TINY_SIDE) return null;
  const next = Augmentation.options[Augmentation.options.indexOf(values.augmentation) + 1];
  if (!next) return null;
  const [before, after] = [AUGMENTATION_NAMES[values.augmentation], AUGMENTATION_NAMES[next]];
  return {
    code: 'more_augmentation',
    says: {
      ko: said`데이터 증강을 ‘${plain(before.ko)}’에서 ‘${plain(after.ko)}’(으)로 높여 보세요.`,
      en: said`Raise the augmentation from ${plain(before.en)} to ${plain(after.en)}.`,
    },
  };
}

export function lessAugmentation({ values }: Case): Suggestion | null {
  if (values.augmentation !== 'heavy') return null;
  return {
    code: 'less_augmentation',
    says: {
      ko: said`데이터 증강을 ‘강하게’에서 ‘보통’으로 낮춰 보세요.`,
      en: said`Lower the augmentation from heavy to medium.`,
    },
  };
}

export function pretrained({ values, run }: Case): Suggestion | null {
  if (values.pretrained && run.result?.weightsSource !== 'none') return null;
  return values.pretrained
    ? {
        code: 'fetch_weights',
        says: {
          ko: said`사전학습 가중치 파일을 구해 그 폴더를 FALLBACK_PATH로 지정하고 다시 학습해 보세요.`,
          en: said`Get a file of pretrained weights, name its folder in FALLBACK_PATH, and train again.`,
        },
      }
    : {
        code: 'pretrained',
        says: {
          ko: said`처음부터 학습하는 대신 사전학습 가중치에서 시작해 보세요.`,
          en: said`Begin from pretrained weights instead of from scratch.`,
        },
      };
}

export function freeze({ values, run }: Case): Suggestion | null {
  const startsFromWeights = values.pretrained && run.result?.weightsSource !== 'none';
  if (!startsFromWeights || values.freezeBackbone) return null;
  return {
    code: 'freeze',
    says: {
      ko: said`백본을 고정하고 마지막 층만 학습해 보세요.`,
      en: said`Freeze the backbone and train the last layer alone.`,
    },
  };
}

export const unfreeze: Suggestion = {
  code: 'unfreeze',
  says: {
    ko: said`백본 고정을 풀고 전체를 낮은 학습률로 학습해 보세요.`,
    en: said`Unfreeze the backbone and train the whole model at a low learning rate.`,
  },
};

export function biggerModel({ run }: Case): Suggestion {
  const name = linked(run.modelName, { kind: 'run', runId: run.id, name: run.name, key: null, step: null });
  return {
    code: 'bigger_model',
    says: {
      ko: said`${name}보다 한 단계 큰 모델을 써 보세요.`,
      en: said`Try a model one size larger than ${name}.`,
    },
  };
}

export function biggerImages(training: Case): Suggestion {
  const { imageSize } = training.values;
  const [now, next] = [whole(imageSize, ofRun(training)), whole(imageSize * 2, ofDataset(training))];
  return {
    code: 'bigger_images',
    says: {
      ko: said`이미지 크기를 ${now}에서 ${next}(으)로 키워 보세요.`,
      en: said`Train on images of ${next} pixels instead of ${now}.`,
    },
  };
}

export const moreImages: Suggestion = {
  code: 'more_images',
  says: {
    ko: said`이미지를 더 모아 보세요. 데이터가 적을 때는 무엇보다 효과가 커요.`,
    en: said`Collect more images: with little data nothing helps as much.`,
  },
};

export const balance: Suggestion = {
  code: 'balance',
  says: {
    ko: said`적은 클래스의 이미지를 더 모으고, 정확도와 함께 클래스별 재현율도 보세요.`,
    en: said`Collect more images of the small classes, and look at the recall of each class beside the accuracy.`,
  },
};

export const checkLabels: Suggestion = {
  code: 'check_labels',
  says: {
    ko: said`라벨이 맞는지, 클래스 폴더가 섞이지 않았는지 확인해 보세요.`,
    en: said`Check that the labels are right and no class folders are mixed up.`,
  },
};
