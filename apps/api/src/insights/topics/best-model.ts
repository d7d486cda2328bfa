import type { AnswerSentence, ExplainArguments, ModelVersion } from '@mallo/contracts';
import { bytes, modelSource, percent, points, setting } from '../wording/figures.js';
import { type Both, linked, said } from '../wording/sentence.js';

export type Criterion = NonNullable<ExplainArguments['criterion']>;

/** On a small device a smaller file is worth this much accuracy: two points. */
const EDGE_TOLERANCE = 0.02;
const OTHER_DATASETS = 2;

type Candidate = {
  name: AnswerSentence;
  architecture: AnswerSentence;
  dataset: AnswerSentence;
  datasetId: string;
  accuracy: number;
  shownAccuracy: AnswerSentence;
  /** Of the ONNX file with the weights it keeps beside it; null when there is none. */
  onnxBytes: number | null;
  shownBytes: AnswerSentence;
  source: ReturnType<typeof modelSource>;
};

/** Bytes of a version's ONNX model; its weights may be in a file of their own, model.onnx.data. */
export function onnxBytesOf({ artifacts }: ModelVersion): number | null {
  const files = artifacts.filter(({ name, kind }) => kind === 'onnx' || name.startsWith('model.onnx'));
  return files.length > 0 ? files.reduce((sum, file) => sum + file.sizeBytes, 0) : null;
}

function candidateOf(version: ModelVersion): Candidate[] {
  // An uploaded one was measured elsewhere, and one that was withdrawn is not to be used.
  if (version.valAccuracy === null || version.config === null || version.deprecation !== null) return [];
  const source = modelSource(version.modelId, version.modelName, version.version);
  const onnxBytes = onnxBytesOf(version);
  return [
    {
      name: linked(`${version.modelName} ${version.version}`, source),
      architecture: linked(version.architecture, source),
      dataset: linked(version.config.dataset.name, source),
      datasetId: version.config.dataset.id,
      accuracy: version.valAccuracy,
      shownAccuracy: percent(version.valAccuracy, source),
      onnxBytes,
      shownBytes: bytes(onnxBytes ?? 0, source),
      source,
    },
  ];
}

const byAccuracy = (a: Candidate, b: Candidate) => b.accuracy - a.accuracy || (a.onnxBytes ?? 0) - (b.onnxBytes ?? 0);
const bySize = (a: Candidate, b: Candidate) => (a.onnxBytes ?? 0) - (b.onnxBytes ?? 0) || b.accuracy - a.accuracy;

function mostAccurate(group: Candidate[]): Both[] {
  const [best, second] = group.toSorted(byAccuracy);
  if (!best) return [];
  const { name, architecture, dataset, shownAccuracy } = best;
  const first: Both = {
    ko: said`${dataset} 데이터셋에서 가장 정확한 모델은 ${name}(${architecture})이고, 검증 정확도는 ${shownAccuracy}(이)에요.`,
    en: said`On the dataset ${dataset} the most accurate model is ${name} (${architecture}), with a validation accuracy of ${shownAccuracy}.`,
  };
  if (!second) return [first];
  const difference = points(best.accuracy - second.accuracy, second.source);
  return [
    first,
    {
      ko: said`그다음은 ${second.name}(으)로 ${second.shownAccuracy}, 차이는 ${difference}%p예요.`,
      en: said`Next is ${second.name} with ${second.shownAccuracy}, ${difference} points behind.`,
    },
  ];
}

function smallest(group: Candidate[]): Both[] {
  const sized = group.filter(({ onnxBytes }) => onnxBytes !== null).toSorted(bySize);
  const [small] = sized;
  const [accurate] = group.toSorted(byAccuracy);
  if (!small || !accurate) return [noSizes];
  const first: Both = {
    ko: said`가장 작은 모델은 ${small.name}이에요. ONNX 파일이 ${small.shownBytes}, 검증 정확도는 ${small.shownAccuracy}(이)에요.`,
    en: said`The smallest model is ${small.name}: its ONNX file has ${small.shownBytes}, and its validation accuracy is ${small.shownAccuracy}.`,
  };
  return small === accurate ? [first] : [first, comparedTo(accurate, small)];
}

/** What the larger and more accurate model would bring. */
function comparedTo(accurate: Candidate, small: Candidate): Both {
  const difference = points(accurate.accuracy - small.accuracy, accurate.source);
  const sizeKo = accurate.onnxBytes === null ? said`크기는 알 수 없어요` : said`파일은 ${accurate.shownBytes}예요`;
  const sizeEn = accurate.onnxBytes === null ? said`of unknown size` : said`at ${accurate.shownBytes}`;
  return {
    ko: said`가장 정확한 ${accurate.name}은(는) ${accurate.shownAccuracy}(으)로 ${difference}%p 높고 ${sizeKo}.`,
    en: said`The most accurate one, ${accurate.name}, has ${accurate.shownAccuracy}, ${difference} points more, ${sizeEn}.`,
  };
}

/** The smallest model whose accuracy is within two points of the best. */
function forTheEdge(group: Candidate[]): Both[] {
  const [accurate] = group.toSorted(byAccuracy);
  const near = group.filter(
    ({ accuracy, onnxBytes }) => onnxBytes !== null && accuracy >= (accurate?.accuracy ?? 0) - EDGE_TOLERANCE,
  );
  const [chosen] = near.toSorted(bySize);
  if (!accurate || !chosen) return [noSizes];
  const tolerance = setting(EDGE_TOLERANCE * 100, accurate.source);
  const first: Both = {
    ko: said`엣지에는 ${chosen.name}을(를) 권해요. 가장 높은 정확도에서 ${tolerance}%p 안에 드는 것 중 가장 작아서, ONNX 파일이 ${chosen.shownBytes}이고 검증 정확도는 ${chosen.shownAccuracy}(이)에요.`,
    en: said`For the edge I suggest ${chosen.name}: of the models within ${tolerance} points of the best accuracy it is the smallest, with an ONNX file of ${chosen.shownBytes} and a validation accuracy of ${chosen.shownAccuracy}.`,
  };
  const sentences = [first];
  if (chosen !== accurate) sentences.push(comparedTo(accurate, chosen));
  const [small] = group.filter(({ onnxBytes }) => onnxBytes !== null).toSorted(bySize);
  if (small && small !== chosen) {
    const lost = points(accurate.accuracy - small.accuracy, small.source);
    sentences.push({
      ko: said`더 작은 ${small.name}도 있지만(${small.shownBytes}) 정확도가 ${small.shownAccuracy}(으)로 ${lost}%p 낮아요.`,
      en: said`${small.name} is smaller still (${small.shownBytes}), but its accuracy of ${small.shownAccuracy} is ${lost} points lower.`,
    });
  }
  return [...sentences, noSpeeds];
}

const noSizes: Both = {
  ko: said`ONNX 파일이 있는 모델이 없어서 크기를 비교할 수 없어요.`,
  en: said`No model has an ONNX file, so their sizes cannot be compared.`,
};

/** Nothing measures the models' speed on the device they are meant for, and their size does not tell it. */
const noSpeeds: Both = {
  ko: said`속도는 기기에서 재어 둔 기록이 없어서 비교하지 않았어요.`,
  en: said`Their speed on a device was not measured, so it is left out.`,
};

function fastest(group: Candidate[]): Both[] {
  const none: Both = {
    ko: said`모델의 속도를 재어 둔 기록이 없어서 어느 것이 가장 빠른지는 답할 수 없어요. 크기로 짐작하면 틀릴 수 있지만, 참고로 말씀드릴게요.`,
    en: said`No speed was ever measured, so I cannot say which model is the fastest. Size is a poor guide to it, but it is known:`,
  };
  return [none, ...smallest(group)];
}

const ANSWERS: Record<Criterion, (group: Candidate[]) => Both[]> = {
  accuracy: mostAccurate,
  size: smallest,
  speed: fastest,
  edge: forTheEdge,
};

/**
 * The best registered model by a criterion, among those of the dataset used last: accuracies of different datasets do
 * not compare. `versions`: those of the model that changed last first.
 */
export function bestModel(versions: readonly ModelVersion[], criterion: Criterion): Both[] {
  const newestFirst = versions.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const groups = [...Map.groupBy(newestFirst.flatMap(candidateOf), ({ datasetId }) => datasetId).values()];
  const [latest, ...others] = groups;
  if (!latest) {
    return [
      {
        ko: said`아직 등록된 모델이 없어요. 학습이 끝나면 모델이 생기고, 그때 비교할 수 있어요.`,
        en: said`There is no registered model yet. A training that ends leaves one, and then they can be compared.`,
      },
    ];
  }
  const further = others.slice(0, OTHER_DATASETS).flatMap((group) => mostAccurate(group).slice(0, 1));
  return [...ANSWERS[criterion](latest), ...further];
}
