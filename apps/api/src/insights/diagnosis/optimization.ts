import { measure, percent, setting, whole } from '../wording/figures.js';
import { type Both, said } from '../wording/sentence.js';
import { type Case, isUnderWay, noise, ofDataset, ofRun, pointOf } from './case.js';
import { lowest, type Point } from './curves.js';
import type { Finding } from './finding.js';
import { checkLabels, decayRate, lowerRate, moreEpochs, raiseRate, unfreeze, warmUp } from './suggestions.js';

/**
 * The usual rates of each kind of optimizer, 0.001 for Adam and its kin (Kingma & Ba 2015) and 0.1 for SGD (He et al.
 * 2016), and those ten times above, with which a training hardly ever works, and a hundred times below.
 */
const RATES = {
  adaptive: { high: 0.01, usual: 0.001, low: 0.00001 },
  sgd: { high: 1, usual: 0.1, low: 0.001 },
};
/** A training loss that has fallen by less than this share of its beginning has not moved. */
const MOVED = 0.05;
/** Batches whose loss is taken together. */
const BATCH_STRETCH = 10;
/** A loss that doubled from its lowest point is no longer noise of single batches, as it is a mean over an epoch. */
const DIVERGED_TIMES = 2;
/** The share of the last epochs in which a trend is looked for, and how many there must be at least. */
const TAIL = 0.25;
const TAIL_EPOCHS = 2;

function ratesOf({ values }: Case) {
  return values.optimizer === 'sgd' ? RATES.sgd : RATES.adaptive;
}

/** The loss of guessing: with C equally frequent classes, cross-entropy is ln C (Karpathy 2019, “verify loss @ init”). */
function guessingLoss({ classCount }: Case): number {
  return Math.log(classCount);
}

/** The loss stopped being a number. */
export function diverged(training: Case): Finding | null {
  const { curves, run, name, values } = training;
  const rate = setting(values.learningRate, ofRun(training));
  const tries = [lowerRate(training), warmUp(training)];
  if (curves.broken) {
    const { key, step } = curves.broken;
    const where = whole(step, pointOf(training, key, step));
    const [unitKo, unitEn] = key === 'loss' ? [said`번째 스텝`, said`step`] : [said`번째 에폭`, said`epoch`];
    return {
      code: 'diverged',
      tries,
      says: {
        ko: said`${name}의 손실이 ${where}${unitKo}에서 숫자가 아니게 됐어요. 이렇게 발산하는 것은 대개 학습률이 너무 커서예요. 지금은 ${rate}(이)에요.`,
        en: said`The loss of ${name} stopped being a number at ${unitEn} ${where}. Such a divergence mostly comes of too high a learning rate; here it is ${rate}.`,
      },
    };
  }
  if (run.problem?.code !== 'training.diverged') return null;
  const last = curves.batchLoss.at(-1);
  if (!last) {
    return {
      code: 'diverged',
      tries,
      says: {
        ko: said`${name}의 손실이 발산해 학습이 멈췄어요. 대개 학습률이 너무 커서인데, 지금은 ${rate}(이)에요.`,
        en: said`${name} stopped as its loss diverged, mostly a matter of too high a learning rate; here it is ${rate}.`,
      },
    };
  }
  const step = whole(last.step, pointOf(training, 'loss', last.step));
  const loss = measure(last.value, pointOf(training, 'loss', last.step));
  return {
    code: 'diverged',
    tries,
    says: {
      ko: said`${name}의 손실이 ${step}번째 스텝(${loss}) 뒤에 발산해 학습이 멈췄어요. 대개 학습률이 너무 커서인데, 지금은 ${rate}(이)에요.`,
      en: said`The loss of ${name} was ${loss} at step ${step} and diverged after it, which ended the training. That mostly comes of too high a learning rate; here it is ${rate}.`,
    },
  };
}

/** The training loss grew until the model was worse than guessing. */
export function worseThanGuessing(training: Case): Finding | null {
  const { trainLoss } = training.curves;
  const [low, last] = [lowest(trainLoss), trainLoss.at(-1)];
  if (!low || !last || last.value < DIVERGED_TIMES * low.value || last.value < guessingLoss(training)) return null;
  const source = (step: number) => pointOf(training, 'train_loss', step);
  const [from, to] = [measure(low.value, source(low.step)), measure(last.value, source(last.step))];
  const [fromEpoch, toEpoch] = [whole(low.step, source(low.step)), whole(last.step, source(last.step))];
  const guessing = measure(guessingLoss(training), ofRun(training));
  return {
    code: 'worse_than_guessing',
    tries: [lowerRate(training), warmUp(training), decayRate(training)],
    says: {
      ko: said`학습 손실이 ${fromEpoch}번째 에폭의 ${from}에서 ${toEpoch}번째 에폭의 ${to}까지 커졌어요. 찍을 때의 손실 ${guessing}보다도 나빠요. 대개 학습률이 너무 클 때 이래요.`,
      en: said`The training loss grew from ${from} in epoch ${fromEpoch} to ${to} in epoch ${toEpoch}, worse than the ${guessing} of guessing. That mostly comes of too high a learning rate.`,
    },
  };
}

/** The accuracy cannot be told from that of always answering the most frequent class. */
export function atChance(training: Case): Finding | null {
  const { best, chance, valImages, values } = training;
  if (!best || best.value > chance + noise(chance, valImages)) return null;
  const accuracy = percent(best.value, pointOf(training, 'val_accuracy', best.step));
  const guessed = percent(chance, ofDataset(training));
  const { high, low } = ratesOf(training);
  const rate =
    values.learningRate >= high ? lowerRate(training) : values.learningRate <= low ? raiseRate(training) : null;
  return {
    code: 'at_chance',
    tries: [rate, rate === null ? checkLabels : null, rate === null ? lowerRate(training) : checkLabels],
    says: {
      ko: said`검증 정확도가 가장 높을 때도 ${accuracy}(이)에요. 가장 많은 클래스만 찍어도 ${guessed}이니, 처음 보는 이미지에서는 찍는 것보다 나을 것이 없어요.`,
      en: said`Even at its best the validation accuracy is ${accuracy}. Always answering the most frequent class gives ${guessed}, so on new images it is no better than guessing.`,
    },
  };
}

/** The training loss has hardly changed, and there is much left to learn. */
export function barelyMoving(training: Case): Finding | null {
  const { curves, values } = training;
  const moved = movement(curves);
  if (!moved) return null;
  const { key, first, last } = moved;
  if (last.value < guessingLoss(training) / 2 || Math.abs(first.value - last.value) >= MOVED * first.value) return null;
  const source = (step: number) => pointOf(training, key, step);
  const [from, to] = [measure(first.value, source(first.step)), measure(last.value, source(last.step))];
  const [fromStep, toStep] = [whole(first.step, source(first.step)), whole(last.step, source(last.step))];
  const [unitKo, unitEn] = key === 'loss' ? [said`번째 스텝`, said`step`] : [said`번째 에폭`, said`epoch`];
  const still: Both = {
    ko: said`학습 손실이 ${fromStep}${unitKo}의 ${from}에서 ${toStep}${unitKo}의 ${to}(으)로 거의 그대로예요.`,
    en: said`The training loss hardly moved, from ${from} at ${unitEn} ${fromStep} to ${to} at ${unitEn} ${toStep}.`,
  };
  const { high, usual } = ratesOf(training);
  const rate = setting(values.learningRate, ofRun(training));
  const frozen = values.freezeBackbone ? unfreeze : null;
  if (values.learningRate >= high) {
    return {
      code: 'barely_moving',
      tries: [lowerRate(training), frozen],
      says: {
        ko: said`${still.ko} 학습률 ${rate}이(가) 커서 배우지 못하고 튀는 것으로 보여요.`,
        en: said`${still.en} A learning rate of ${rate} is high, so it seems to jump about.`,
      },
    };
  }
  if (values.learningRate < usual) {
    return {
      code: 'barely_moving',
      tries: [raiseRate(training), frozen],
      says: {
        ko: said`${still.ko} 학습률 ${rate}이(가) 너무 작아 보여요.`,
        en: said`${still.en} A learning rate of ${rate} seems too low.`,
      },
    };
  }
  return { code: 'barely_moving', tries: [checkLabels, frozen, lowerRate(training)], says: still };
}

/** From where to where the training loss went, by epochs, or by the batches of the first one; null where too few are there. */
function movement({ trainLoss, batchLoss }: Case['curves']): { key: string; first: Point; last: Point } | null {
  const [key, curve] = trainLoss.length > 1 ? ['train_loss', trainLoss] : ['loss', batchLoss];
  // Single batches are noisy: a stretch of them is taken together.
  const stretch = key === 'loss' ? BATCH_STRETCH : 1;
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last || curve.length < 2 * stretch) return null;
  const mean = (points: readonly Point[]) => points.reduce((sum, { value }) => sum + value, 0) / points.length;
  return {
    key: key ?? 'loss',
    first: { step: first.step, value: mean(curve.slice(0, stretch)) },
    last: { step: last.step, value: mean(curve.slice(-stretch)) },
  };
}

/** The validation accuracy was still growing when the training ended, and its loss still falling. */
export function stillRising(training: Case): Finding | null {
  const { valAccuracy, valLoss } = training.curves;
  const { best, last, valImages } = training;
  const tail = Math.max(TAIL_EPOCHS, Math.ceil(valAccuracy.length * TAIL));
  const before = valAccuracy.at(-1 - tail);
  const lowestLoss = lowest(valLoss);
  if (!best || !last || !before || !lowestLoss) return null;
  // A gain of less than one image is none.
  const gained = last.value - before.value > (valImages ? 1 / valImages : 0.005);
  const atTheEnd = best.step > last.step - tail && lowestLoss.step > last.step - tail;
  if (!gained || !atTheEnd) return null;
  const source = (step: number) => pointOf(training, 'val_accuracy', step);
  const [from, to] = [percent(before.value, source(before.step)), percent(last.value, source(last.step))];
  const [fromEpoch, toEpoch] = [whole(before.step, source(before.step)), whole(last.step, source(last.step))];
  const rise: Both = {
    ko: said`검증 정확도가 ${fromEpoch}번째 에폭의 ${from}에서 ${toEpoch}번째 에폭의 ${to}(으)로`,
    en: said`the validation accuracy went from ${from} in epoch ${fromEpoch} to ${to} in epoch ${toEpoch}`,
  };
  if (isUnderWay(training)) {
    return {
      code: 'still_rising',
      tries: [],
      says: {
        ko: said`${rise.ko} 지금도 오르고 있으니, 끝날 때까지 두고 보세요.`,
        en: said`It is still rising: ${rise.en}. Let it run to its end.`,
      },
    };
  }
  return {
    code: 'still_rising',
    tries: [moreEpochs(training)],
    says: {
      ko: said`끝날 때까지 오르고 있었어요. ${rise.ko} 올랐으니, 더 오래 학습할 여지가 있어요.`,
      en: said`It was still rising at the end: ${rise.en}, so there is room for a longer training.`,
    },
  };
}

/** Too few epochs for any trend. */
export function tooShort(training: Case): Finding | null {
  const { last, curves } = training;
  if (!last || curves.valAccuracy.length > TAIL_EPOCHS) return null;
  const epochs = whole(curves.valAccuracy.length, pointOf(training, 'val_accuracy', last.step));
  return {
    code: 'too_short',
    tries: isUnderWay(training) ? [] : [moreEpochs(training)],
    says: {
      ko: said`끝난 에폭이 ${epochs}개뿐이라 오르는 중인지 멈춘 것인지 아직 알 수 없어요.`,
      en: said`Too few epochs are done (${epochs}) to tell a rise from a standstill.`,
    },
  };
}
