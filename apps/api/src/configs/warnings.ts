import { byteSize } from '@mallo/client';
import type { ConfigEdit, ConfigWarning, Estimate, TrainingConfig } from '@mallo/contracts';
import { TINY_CLASS, USABLE_MEMORY } from './input-rules.js';
import { largestBatch, memoryNeeded } from './memory.js';
import { OPTIMIZER_NAMES, type Situation, situationOf, suitableRate } from './situation.js';
import type { Surroundings } from './surroundings.js';

type Words = ConfigWarning['message'];
type Warning = Omit<ConfigWarning, 'code'>;
type Look = (seen: Situation & { config: TrainingConfig; estimate: Estimate | null }) => Warning | null;

/**
 * Images of the middle class below which a classifier learns the images instead of the class. Rules of thumb: the less
 * of the model is learned anew, the fewer do (compare Kornblith et al. 2018, arXiv:1805.08974, on few examples a class).
 */
const FEW_IMAGES = { frozen: TINY_CLASS / 2, pretrained: 50, scratch: 100 };
/** From a tenfold difference on, the small classes are clearly worse (Buda et al. 2017, arXiv:1710.05381). */
const IMBALANCE = 10;
/** An order of magnitude from what suits the optimizer and the batch: more diverges, less hardly learns. */
const RATE_FACTOR = 10;
/** Longer than a night. */
const LONG_SECONDS = 10 * 3600;

const HOUR = 3600;
const hours = (seconds: number) => (seconds / HOUR).toPrecision(2).replace(/\.0$/, '');
const fix = (hyperparameters: ConfigEdit['hyperparameters'], ko: string, en: string) => ({
  label: { ko, en },
  edit: { hyperparameters },
});

const LOOKS: { [code in ConfigWarning['code']]: Look } = {
  memory_short: ({ values, surroundings }) => {
    const neededBytes = memoryNeeded(values, surroundings);
    const { memoryBytes } = surroundings.machine;
    if (neededBytes === null || neededBytes <= memoryBytes) return null;
    const batch = largestBatch(values, surroundings, USABLE_MEMORY * memoryBytes, values.batchSize);
    const [needed, there] = [byteSize(neededBytes), byteSize(memoryBytes)];
    return {
      message: {
        ko: `메모리가 약 ${needed} 필요한데 ${there}뿐이에요. 학습이 도중에 멈출 수 있어요.`,
        en: `It needs about ${needed} of memory, and there are ${there}. The training may stop on the way.`,
      },
      fix: batch ? fix({ batchSize: batch }, `배치 크기 ${batch}`, `Batch size ${batch}`) : null,
    };
  },
  pretrained_unavailable: ({ values, surroundings: { model, weightsAreLikely } }) => {
    if (!values.pretrained || (model.hasWeights && weightsAreLikely)) return null;
    const why: Words = model.hasWeights
      ? {
          ko: '이 컴퓨터에서 사전학습 가중치를 받을 수 없을 것 같아요.',
          en: 'Pretrained weights can probably not be reached from this machine.',
        }
      : { ko: `${model.name}에는 공개된 가중치가 없어요.`, en: `No weights were published for ${model.name}.` };
    return {
      message: {
        ko: `${why.ko} 그러면 처음부터 학습하게 돼요.`,
        en: `${why.en} Then training begins from scratch.`,
      },
      fix: fix({ pretrained: false }, '처음부터 학습', 'Train from scratch'),
    };
  },
  few_images: ({ values, start, imagesPerClass, surroundings: { model, weightsAreLikely } }) => {
    if (imagesPerClass >= FEW_IMAGES[start]) return null;
    const canFreeze = start === 'pretrained' && values.pretrained && model.hasWeights && weightsAreLikely;
    return {
      message: {
        ko: `클래스당 이미지가 ${imagesPerClass}장이라 과적합되기 쉬워요.${canFreeze ? ' 백본을 고정할까요?' : ' 이미지를 더 모으면 좋아져요.'}`,
        en: `With ${imagesPerClass} images a class, expect it to overfit.${canFreeze ? ' Freeze the backbone?' : ' More images would help.'}`,
      },
      fix: canFreeze ? fix({ freezeBackbone: true }, '백본 고정', 'Freeze the backbone') : null,
    };
  },
  imbalanced_classes: ({ surroundings: { dataset } }) => {
    const sorted = [...dataset.classes].sort((a, b) => a.imageCount - b.imageCount);
    const [least, most] = [sorted[0], sorted.at(-1)];
    if (!least || !most || most.imageCount < IMBALANCE * least.imageCount) return null;
    return {
      message: {
        ko: `“${most.name}”은(는) ${most.imageCount}장인데 “${least.name}”은(는) ${least.imageCount}장뿐이라, 적은 쪽을 잘 못 알아볼 수 있어요.`,
        en: `“${most.name}” has ${most.imageCount} images and “${least.name}” only ${least.imageCount}; the smaller class may be recognised badly.`,
      },
      fix: null,
    };
  },
  missing_validation: ({ surroundings: { dataset } }) => {
    // The recipe trains on the only image of a class.
    const single = dataset.classes.filter((row) => row.imageCount === 1).map((row) => `“${row.name}”`);
    if (single.length === 0) return null;
    const names = single.slice(0, 3).join(', ') + (single.length > 3 ? ' …' : '');
    return {
      message: {
        ko: `${names} 클래스는 이미지가 한 장뿐이라 검증할 수 없어요. 이미지를 더해 주세요.`,
        en: `${names}: with one image only, it cannot be measured how well it is recognised. Add images.`,
      },
      fix: null,
    };
  },
  rate_unusual: (seen) => {
    const { learningRate, optimizer } = seen.values;
    const { rate } = suitableRate(seen);
    const high = learningRate > RATE_FACTOR * rate;
    if (!high && learningRate * RATE_FACTOR >= rate) return null;
    return {
      message: {
        ko: `${OPTIMIZER_NAMES[optimizer]}에 학습률 ${learningRate}은(는) ${high ? '너무 커서 발산할 수 있어요' : '너무 작아서 거의 배우지 못할 수 있어요'}. 보통은 ${rate} 정도예요.`,
        en: `A learning rate of ${learningRate} is ${high ? 'high for' : 'low for'} ${OPTIMIZER_NAMES[optimizer]}: it may ${high ? 'diverge' : 'hardly learn'}. About ${rate} is usual.`,
      },
      fix: fix({ learningRate: rate }, `학습률 ${rate}`, `Learning rate ${rate}`),
    };
  },
  hours_exceeded: ({ config, estimate }) => {
    const most = (config.resources.maxHours ?? Number.POSITIVE_INFINITY) * HOUR;
    if (!estimate?.seconds || estimate.seconds <= most) return null;
    const epochs = Math.floor((config.hyperparameters.epochs * most) / estimate.seconds);
    return {
      message: {
        ko: `약 ${hours(estimate.seconds)}시간 걸릴 것 같아서, 말씀하신 ${config.resources.maxHours}시간을 넘겨요.`,
        en: `It will take about ${hours(estimate.seconds)} h, more than the ${config.resources.maxHours} h you gave it.`,
      },
      fix: epochs >= 1 ? fix({ epochs }, `${epochs} 에폭`, `${epochs} epochs`) : null,
    };
  },
  takes_long: ({ config, estimate }) => {
    // Whoever names the hours knows that it takes long.
    if (!estimate?.seconds || estimate.seconds <= LONG_SECONDS || config.resources.maxHours) return null;
    return {
      message: {
        ko: `이 컴퓨터에서는 약 ${hours(estimate.seconds)}시간 걸려요. 모델이나 이미지 크기를 줄이면 빨라져요.`,
        en: `It takes about ${hours(estimate.seconds)} h on this machine. A smaller model or image size is faster.`,
      },
      fix: null,
    };
  },
};

/** What will probably go wrong with a config, in both languages, and what one change would help. */
export function warningsOf(
  config: TrainingConfig,
  surroundings: Surroundings,
  estimate: Estimate | null,
): ConfigWarning[] {
  const seen = { ...situationOf(config.hyperparameters, surroundings), config, estimate };
  return (Object.keys(LOOKS) as ConfigWarning['code'][]).flatMap((code) => {
    const warning = LOOKS[code](seen);
    return warning ? [{ code, ...warning }] : [];
  });
}
