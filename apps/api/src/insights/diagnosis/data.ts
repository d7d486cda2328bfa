import { percent, whole } from '../wording/figures.js';
import { linked, said } from '../wording/sentence.js';
import { type Case, ofDataset, ofRun } from './case.js';
import type { Finding } from './finding.js';
import { balance, biggerImages, moreAugmentation, moreImages, pretrained } from './suggestions.js';

/**
 * Images a class below which training from scratch has little to learn from. A rule of thumb speaks of 5,000 for
 * acceptable results (Goodfellow, Bengio & Courville 2016, 1.2.3); a fifth of that is little by any measure.
 */
const FEW_FROM_SCRATCH = 1000;
/** With pretrained weights far fewer do (Kornblith et al. 2019); under this, even the accuracy is mostly luck. */
const FEW_WITH_WEIGHTS = 50;
/** Four to one is where imbalance is called moderate: a minority under 20 % of two classes (Google, ML crash course). */
const IMBALANCE = 4;
/** Images that were shrunk by more than this lost what a person would look at. */
const SHRUNK = 2;

function startsFromScratch({ run, values }: Case): boolean {
  return !values.pretrained || run.result?.weightsSource === 'none';
}

/** The training began from random weights with little to learn from. */
export function fromScratch(training: Case): Finding | null {
  const { trainImages, classCount, run } = training;
  if (!startsFromScratch(training) || trainImages === null || trainImages / classCount >= FEW_FROM_SCRATCH) return null;
  const each = whole(trainImages / classCount, ofDataset(training));
  const model = linked(run.modelName, ofRun(training));
  return {
    code: 'from_scratch',
    tries: [pretrained(training), moreImages],
    says: training.values.pretrained
      ? {
          ko: said`사전학습 가중치를 받지 못해 ${model}을(를) 처음부터 학습했고, 학습 이미지는 클래스마다 평균 ${each}장뿐이에요.`,
          en: said`The pretrained weights could not be had, so ${model} began from scratch, with only ${each} training images a class.`,
        }
      : {
          ko: said`사전학습 없이 ${model}을(를) 처음부터 학습하는데, 학습 이미지는 클래스마다 평균 ${each}장이에요. 처음부터 배우기에는 적어요.`,
          en: said`${model} was trained from scratch on ${each} images a class on average, which is little to begin from nothing.`,
        },
  };
}

/** So few images of a class that neither learning nor measuring works. */
export function fewImages(training: Case): Finding | null {
  const { dataset, classCount, trainImages } = training;
  if (!dataset || trainImages === null || trainImages / classCount >= FEW_WITH_WEIGHTS) return null;
  const smallest = dataset.version.classes.toSorted((a, b) => a.imageCount - b.imageCount)[0];
  if (!smallest) return null;
  const source = ofDataset(training);
  const [name, count] = [linked(smallest.name, source), whole(smallest.imageCount, source)];
  const each = whole(trainImages / classCount, source);
  return {
    code: 'few_images',
    tries: [moreImages, moreAugmentation(training)],
    says: {
      ko: said`이미지가 적어요. 학습에 쓰인 것은 클래스마다 평균 ${each}장이고, 가장 적은 클래스 “${name}”에는 모두 합쳐 ${count}장이 있어요.`,
      en: said`There are few images: ${each} a class on average were learned from, and the smallest class, “${name}”, has ${count} in all.`,
    },
  };
}

/** Some classes have many times the images of others. */
export function imbalanced(training: Case): Finding | null {
  const { dataset, run } = training;
  const sorted = dataset?.version.classes.toSorted((a, b) => b.imageCount - a.imageCount) ?? [];
  const [most, least] = [sorted[0], sorted.at(-1)];
  if (!most || !least || least.imageCount === 0 || most.imageCount / least.imageCount < IMBALANCE) return null;
  const source = ofDataset(training);
  const [large, small] = [linked(most.name, source), linked(least.name, source)];
  const [many, few] = [whole(most.imageCount, source), whole(least.imageCount, source)];
  const measured = run.result?.perClass.find(({ name, support }) => name === least.name && support > 0);
  const recall = measured && percent(measured.recall, ofRun(training));
  return {
    code: 'imbalanced',
    tries: [balance],
    says: recall
      ? {
          ko: said`클래스가 치우쳐 있어요. “${large}” 이미지는 ${many}장인데 “${small}” 이미지는 ${few}장이고, “${small}”은(는) 실제의 ${recall}만 찾아내요.`,
          en: said`The classes are uneven: “${large}” has ${many} images and “${small}” ${few}, of which the model finds ${recall}.`,
        }
      : {
          ko: said`클래스가 치우쳐 있어요. “${large}” 이미지는 ${many}장인데 “${small}” 이미지는 ${few}장이에요.`,
          en: said`The classes are uneven: “${large}” has ${many} images and “${small}” ${few}.`,
        },
  };
}

/** The images are shrunk so much that details are lost. */
export function smallImages(training: Case): Finding | null {
  const { dataset, values } = training;
  const side = dataset ? Math.min(dataset.version.medianWidth, dataset.version.medianHeight) : 0;
  if (side < values.imageSize * SHRUNK) return null;
  return {
    code: 'small_images',
    tries: [biggerImages(training)],
    says: {
      ko: said`짧은 변이 보통 ${whole(side, ofDataset(training))}픽셀인 이미지를 ${whole(values.imageSize, ofRun(training))}픽셀로 줄여 학습해서 세부가 사라져요.`,
      en: said`Images whose shorter side is usually ${whole(side, ofDataset(training))} pixels are shrunk to ${whole(values.imageSize, ofRun(training))}, which loses detail.`,
    },
  };
}
