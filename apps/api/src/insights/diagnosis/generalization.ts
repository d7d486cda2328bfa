import { measure, percent, points, whole } from '../wording/figures.js';
import { linked, said } from '../wording/sentence.js';
import { type Case, noise, ofRun, pointOf } from './case.js';
import { at, lowest } from './curves.js';
import type { Finding } from './finding.js';
import {
  biggerModel,
  checkLabels,
  decayRate,
  freeze,
  lessAugmentation,
  moreAugmentation,
  moreImages,
  pretrained,
  unfreeze,
} from './suggestions.js';

/**
 * A validation loss this far above its lowest is overfitting (Prechelt 1998, “Early stopping – but when?”,
 * generalization loss GL with α = 5 %).
 */
const GENERALIZATION_LOSS = 0.05;
/** Meanwhile the training loss must have gone on falling by this share: else both are only noisy. */
const STILL_LEARNING = 0.05;
/** Accuracy on what was learned from, above that on what was not. Augmentation makes the first look worse, never better. */
const GAP = 0.1;
/** Under this a model has not even learned its own training images. */
const FITTED = 0.9;
/** An accuracy within a point of the best is a standstill. */
const STANDSTILL = 0.01;
/** The share of the epochs that must have brought nothing better. */
const PLATEAU = 0.3;
const PLATEAU_EPOCHS = 3;
/** Test sets of the field hold 3.3 % wrong labels on average (Northcutt et al. 2021): above this, look at them first. */
const CEILING = 0.967;
const LABEL_ERRORS = {
  kind: 'page',
  url: 'https://arxiv.org/abs/2103.14749',
  title: 'Northcutt et al. 2021, Pervasive Label Errors in Test Sets',
} as const;

/** The validation loss grows while the training loss falls. */
export function overfitting(training: Case): Finding | null {
  const { trainLoss, valLoss } = training.curves;
  const [low, last] = [lowest(valLoss), valLoss.at(-1)];
  if (!low || !last || last.value <= low.value * (1 + GENERALIZATION_LOSS)) return null;
  const [trainThen, trainLast] = [at(trainLoss, low.step), trainLoss.at(-1)];
  if (!trainThen || !trainLast || trainLast.value > trainThen.value * (1 - STILL_LEARNING)) return null;
  const val = (step: number) => pointOf(training, 'val_loss', step);
  const train = (step: number) => pointOf(training, 'train_loss', step);
  const epoch = whole(low.step, val(low.step));
  const [valFrom, valTo] = [measure(low.value, val(low.step)), measure(last.value, val(last.step))];
  const [trainFrom, trainTo] = [
    measure(trainThen.value, train(trainThen.step)),
    measure(trainLast.value, train(trainLast.step)),
  ];
  return {
    code: 'overfitting',
    tries: [moreAugmentation(training), pretrained(training), freeze(training), moreImages],
    says: {
      ko: said`과적합이에요. ${epoch}번째 에폭 뒤로 학습 손실은 ${trainFrom}에서 ${trainTo}(으)로 줄었는데 검증 손실은 ${valFrom}에서 ${valTo}(으)로 늘었어요.`,
      en: said`It overfits: after epoch ${epoch} the training loss fell from ${trainFrom} to ${trainTo} while the validation loss rose from ${valFrom} to ${valTo}.`,
    },
  };
}

/** The model knows its training images much better than others. */
export function gap(training: Case): Finding | null {
  const { trainAccuracy } = training.curves;
  const { last, valImages } = training;
  const learned = last && at(trainAccuracy, last.step);
  if (!last || !learned) return null;
  const difference = learned.value - last.value;
  if (difference < Math.max(GAP, noise(last.value, valImages))) return null;
  const epoch = whole(last.step, pointOf(training, 'val_accuracy', last.step));
  const train = percent(learned.value, pointOf(training, 'train_accuracy', last.step));
  const val = percent(last.value, pointOf(training, 'val_accuracy', last.step));
  const between = points(difference, pointOf(training, 'val_accuracy', last.step));
  return {
    code: 'gap',
    tries: [moreAugmentation(training), pretrained(training), moreImages],
    says: {
      ko: said`${epoch}번째 에폭에서 학습 이미지는 ${train}을(를) 맞히는데 처음 보는 검증 이미지는 ${val}만 맞혀요. ${between}%p 차이는 외우고 있다는 뜻이에요.`,
      en: said`In epoch ${epoch} it is right on ${train} of the training images but only ${val} of the validation images; ${between} points between them mean that it memorizes.`,
    },
  };
}

/** Not even the training images are learned: the model, its view or its frozen layers are too small for them. */
export function underfitting(training: Case): Finding | null {
  const { trainAccuracy } = training.curves;
  const { last, values } = training;
  const learned = last && at(trainAccuracy, last.step);
  if (!last || !learned || learned.value >= FITTED || learned.value - last.value >= GAP / 2) return null;
  const train = percent(learned.value, pointOf(training, 'train_accuracy', last.step));
  const epoch = whole(last.step, pointOf(training, 'train_accuracy', last.step));
  if (values.freezeBackbone) {
    return {
      code: 'frozen_backbone',
      tries: [unfreeze],
      says: {
        ko: said`백본을 고정해 마지막 층만 배우고 있어서, ${epoch}번째 에폭에 학습 이미지조차 ${train}만 맞혀요.`,
        en: said`The backbone is frozen, so the last layer alone learns: in epoch ${epoch} even the training images are right in only ${train} of cases.`,
      },
    };
  }
  return {
    code: 'underfitting',
    tries: [lessAugmentation(training), biggerModel(training)],
    says: {
      ko: said`${epoch}번째 에폭에 학습 이미지조차 ${train}만 맞히니, 외우는 것이 아니라 덜 배운 상태예요.`,
      en: said`In epoch ${epoch} even the training images are right in only ${train} of cases: it has learned too little rather than too much by heart.`,
    },
  };
}

/** For long nothing became better. */
export function plateau(training: Case): Finding | null {
  const { best, last, curves } = training;
  if (!best || !last || last.value < best.value - STANDSTILL) return null;
  const since = last.step - best.step;
  if (since < Math.max(PLATEAU_EPOCHS, curves.valAccuracy.length * PLATEAU)) return null;
  const source = pointOf(training, 'val_accuracy', best.step);
  const epochs = whole(since, pointOf(training, 'val_accuracy', last.step));
  return {
    code: 'plateau',
    // A larger model would only learn more by heart.
    tries: [decayRate(training), gap(training) ? null : biggerModel(training)],
    says: {
      ko: said`${whole(best.step, source)}번째 에폭에 ${percent(best.value, source)}에 이른 뒤 ${epochs} 에폭이 지나도록 더 오르지 않았어요. 에폭을 늘려도 나아지지 않을 거예요.`,
      en: said`After reaching ${percent(best.value, source)} in epoch ${whole(best.step, source)} it did not rise for ${epochs} epochs; more epochs would not help.`,
    },
  };
}

/** There is little left to gain, and what is left may be wrong labels. */
export function nearCeiling(training: Case): Finding | null {
  const { best, valImages } = training;
  if (!best || best.value < CEILING) return null;
  const accuracy = percent(best.value, pointOf(training, 'val_accuracy', best.step));
  const usual = linked('3.3%', LABEL_ERRORS);
  const wrong = valImages ? whole(Math.round((1 - best.value) * valImages), ofRun(training)) : null;
  const all = valImages ? whole(valImages, ofRun(training)) : null;
  const both =
    wrong && all
      ? {
          ko: said`이미 ${accuracy}(이)에요. 검증 이미지 ${all}장 중 틀린 것은 ${wrong}장뿐이라 더 오를 자리가 거의 없어요.`,
          en: said`It is at ${accuracy} already: of ${all} validation images only ${wrong} are wrong, so there is little left to gain.`,
        }
      : {
          ko: said`이미 ${accuracy}(이)에요. 더 오를 자리가 거의 없어요. 널리 쓰이는 시험 데이터도 평균 ${usual}는 라벨이 틀려 있어요.`,
          en: said`It is at ${accuracy} already, so there is little left to gain; well-known test sets have ${usual} wrong labels on average.`,
        };
  return { code: 'near_ceiling', tries: [checkLabels], says: both };
}
