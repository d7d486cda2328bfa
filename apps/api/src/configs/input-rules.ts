import { largestBatch } from './memory.js';
import { type Rule, withCommas } from './rule.js';
import { BIG_TRANSFER, DISTORTION, MIXED_PRECISION, SMALL_BATCHES, TRANSFER } from './sources.js';

/** Most networks halve an image five times, so its sides should be a multiple of 2⁵. */
const STEP = 32;
/** Larger images cost more than they bring to a first training. */
const LARGEST_OPEN_SIZE = 288;
/** Below this many images a class, learning all layers spoils more than it brings (Kumar et al. 2022). */
export const TINY_CLASS = 10;
/** Of the device's memory: the rest is for the error of the formula. */
export const USABLE_MEMORY = 0.8;

const powerBelow = (count: number) => 2 ** Math.floor(Math.log2(Math.max(count, 1)));

/** What an expert would feed a classifier with, from where on; each looks only at those before it. */
export const INPUT_RULES: readonly Rule[] = [
  {
    name: 'pretrained',
    choose: ({ surroundings: { model, weightsAreLikely } }) => {
      if (!model.hasWeights)
        return {
          value: false,
          ko: `${model.name}에는 공개된 가중치가 없어 처음부터 학습해요`,
          en: `No weights were published for ${model.name}, so training begins from scratch`,
        };
      if (!weightsAreLikely)
        return {
          value: false,
          ko: '이 컴퓨터에서 사전학습 가중치를 받을 수 없어 처음부터 학습해요',
          en: 'Pretrained weights cannot be reached from this machine, so training begins from scratch',
        };
      return {
        value: true,
        ko: '미리 학습된 가중치로 시작하면 적은 데이터로도 빨리 배워요',
        en: 'Pretrained weights learn faster from little data',
        source: TRANSFER,
      };
    },
  },
  {
    name: 'freezeBackbone',
    choose: ({ values, imagesPerClass }) => {
      if (values.pretrained && imagesPerClass < TINY_CLASS)
        return {
          value: true,
          ko: `클래스당 이미지가 ${imagesPerClass}장뿐이라, 배워 둔 특징은 그대로 두고 분류기만 학습해요`,
          en: `With ${imagesPerClass} images a class, what was learned before is kept and only the classifier is trained`,
          source: DISTORTION,
        };
      return {
        value: false,
        ko: '모든 층을 함께 학습하면 정확도가 더 높아요',
        en: 'Training all layers reaches a higher accuracy',
        source: TRANSFER,
      };
    },
  },
  {
    name: 'imageSize',
    choose: ({ values, surroundings: { model, dataset }, onGpu }) => {
      const own = model.inputSize ?? 224;
      if (model.fixedInputSize)
        return {
          value: own,
          ko: `${model.name}의 입력 크기는 ${own}픽셀이에요`,
          en: `${model.name} was made for images of ${own} pixels`,
        };
      const most = Math.min(own, LARGEST_OPEN_SIZE);
      // What was learned on photographs is of little use on thumbnails; a processor pays for each pixel.
      const least = values.pretrained ? (onGpu ? 128 : 64) : STEP;
      const size = Math.max(Math.ceil(dataset.medianSide / STEP) * STEP, least);
      if (size >= most)
        return {
          value: most,
          ko: '이 모델에 흔히 쓰는 입력 크기예요',
          en: 'The usual input size of this model',
        };
      if (size > Math.max(dataset.medianSide, STEP) && size === least)
        return {
          value: size,
          ko: `이미지는 ${dataset.medianSide}픽셀이지만, 미리 학습된 모델은 더 큰 이미지에서 잘 알아봐요`,
          en: `The images have ${dataset.medianSide} pixels, but pretrained models see more in larger ones`,
          source: BIG_TRANSFER,
        };
      return {
        value: size,
        ko: `이미지가 ${dataset.medianSide}픽셀이라, 더 키워도 느려질 뿐 보이는 것은 늘지 않아요`,
        en: `The images have ${dataset.medianSide} pixels; enlarging them would cost time and show nothing more`,
      };
    },
  },
  {
    name: 'validationSplit',
    // The recipe keeps at least one image of every class for validation, and one for training.
    choose: ({ imagesPerClass }) => {
      if (imagesPerClass < TINY_CLASS)
        return {
          value: 0.3,
          ko: '이미지가 적어, 검증에 조금 더 남겨야 정확도를 믿을 수 있어요',
          en: 'With few images, a larger share must check what was learned for the accuracy to mean something',
        };
      if (imagesPerClass >= 5_000)
        return {
          value: 0.1,
          ko: '이미지가 많아 열 장 중 한 장으로도 충분히 검증돼요',
          en: 'Of so many images one in ten is enough to check',
        };
      return { value: 0.2, ko: '다섯 장 중 한 장으로 검증해요', en: 'One image in five checks what was learned' };
    },
  },
  {
    name: 'precision',
    choose: ({ surroundings: { machine } }) => {
      if (machine.device === 'cpu')
        return {
          value: 'fp32',
          ko: 'CPU는 fp32로 계산할 때 가장 빨라요',
          en: 'A processor computes fastest in fp32',
          source: MIXED_PRECISION,
        };
      const value = machine.bf16 ? 'bf16' : 'fp16';
      return {
        value,
        ko: `이 GPU는 ${value}로 더 빨리, 더 적은 메모리로 계산해요`,
        en: `This GPU computes faster in ${value}, and with less memory`,
        source: MIXED_PRECISION,
      };
    },
  },
  {
    name: 'batchSize',
    choose: ({ values, surroundings, trainImages, onGpu }) => {
      const usual = onGpu ? 64 : 32;
      // Ten steps an epoch; batch statistics want eight images, where there are as many.
      const byData = Math.min(Math.max(powerBelow(trainImages / 10), 8), powerBelow(trainImages), usual);
      const usable = USABLE_MEMORY * surroundings.machine.memoryBytes;
      const value = largestBatch(values, surroundings, usable, byData) ?? Math.min(2, trainImages);
      if (value < byData)
        return {
          value,
          ko: '이 컴퓨터의 메모리에 들어가는 크기예요',
          en: 'As large as the memory of this machine allows',
        };
      if (value < usual)
        return {
          value,
          ko: `학습 이미지가 ${withCommas(trainImages)}장이라, 한 에폭에 여러 번 배울 수 있게 나눴어요`,
          en: `With ${withCommas(trainImages)} training images, small enough to learn several times an epoch`,
          source: SMALL_BATCHES,
        };
      return {
        value,
        ko: onGpu
          ? 'GPU를 충분히 쓰면서 안정적으로 학습되는 크기예요'
          : '작은 배치가 안정적으로, 잘 일반화되게 학습돼요',
        en: onGpu ? 'Keeps the GPU busy and trains steadily' : 'Small batches train steadily and generalise well',
        source: SMALL_BATCHES,
      };
    },
  },
];
