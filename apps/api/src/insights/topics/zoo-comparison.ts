import type { AnswerSentence, AnswerSource, ModelSource, RunSummary, ZooModel } from '@mallo/contracts';
import { measure, runSource, whole } from '../wording/figures.js';
import { type Both, linked, listed, said } from '../wording/sentence.js';
import { accuracyOf, nameOf } from './run-words.js';

/** Where the publishers of models list their figures. */
const PAGES: Record<ModelSource, { url: string; title: string } | null> = {
  timm: {
    url: 'https://github.com/huggingface/pytorch-image-models/tree/main/results',
    title: 'timm: results and model sizes',
  },
  huggingface: {
    url: 'https://huggingface.co/models?pipeline_tag=image-classification',
    title: 'Hugging Face: models',
  },
  ultralytics: { url: 'https://docs.ultralytics.com/models/', title: 'Ultralytics: models' },
  mmdetection: { url: 'https://mmdetection.readthedocs.io/en/latest/model_zoo.html', title: 'MMDetection: model zoo' },
  mmsegmentation: {
    url: 'https://mmsegmentation.readthedocs.io/en/latest/model_zoo.html',
    title: 'MMSegmentation: model zoo',
  },
  detectron2: {
    url: 'https://github.com/facebookresearch/detectron2/blob/main/MODEL_ZOO.md',
    title: 'Detectron2: model zoo',
  },
  custom: null,
  own: null,
};

function sourceOf(model: ZooModel): AnswerSource | null {
  const page = PAGES[model.source];
  return page && { kind: 'page', ...page };
}

function describe(model: ZooModel, source: AnswerSource): Both {
  const name = linked(model.name, source);
  const ko: AnswerSentence[] = [];
  const en: AnswerSentence[] = [];
  if (model.paramsM !== null) {
    ko.push(said`파라미터 ${whole(model.paramsM * 100, source)}만 개`);
    en.push(said`${measure(model.paramsM, source)} million parameters`);
  }
  if (model.gflops !== null) {
    ko.push(said`이미지 한 장에 ${measure(model.gflops, source)} GFLOPs`);
    en.push(said`${measure(model.gflops, source)} GFLOPs an image`);
  }
  if (model.inputSize !== null) {
    ko.push(said`입력 ${whole(model.inputSize, source)}픽셀`);
    en.push(said`images of ${whole(model.inputSize, source)} pixels`);
  }
  if (ko.length === 0) return { ko: said`${name}: 목록에 수치가 없어요.`, en: said`${name}: no figures are listed.` };
  return { ko: said`${name}: ${listed(ko)}.`, en: said`${name}: ${listed(en)}.` };
}

/** Models of the catalogue, by their published figures and by what came of them here. */
export function compareZoo(models: readonly ZooModel[], runs: readonly RunSummary[]): Both[] {
  const described = models.flatMap((model) => {
    const source = sourceOf(model);
    return source ? [describe(model, source)] : [];
  });
  const tried = models.flatMap((model) => {
    const own = runs.filter((run) => run.modelName === model.name && run.valAccuracy !== null);
    const best = own.toSorted((a, b) => (b.valAccuracy ?? 0) - (a.valAccuracy ?? 0))[0];
    const accuracy = best && accuracyOf(best);
    if (!best || !accuracy) return [];
    const name = linked(model.name, runSource(best));
    return [
      {
        ko: said`여기서는 ${nameOf(best)}에서 ${name}(으)로 검증 정확도 ${accuracy}을(를) 얻었어요.`,
        en: said`Here, ${nameOf(best)} reached a validation accuracy of ${accuracy} with ${name}.`,
      },
    ];
  });
  const untried: Both = {
    ko: said`어느 쪽이 더 정확한지는 내 데이터로 학습해 봐야 알 수 있어요.`,
    en: said`Which is the more accurate on your data can only be told by training both.`,
  };
  return [...described, ...tried, ...(tried.length < models.length ? [untried] : [])];
}
