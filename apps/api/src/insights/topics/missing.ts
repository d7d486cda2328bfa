import type { RegisteredModel, RunSummary } from '@mallo/contracts';
import { modelSource } from '../wording/figures.js';
import { type Both, linked, listed, said } from '../wording/sentence.js';
import { nameOf } from './run-words.js';

const MOST_NAMES = 5;

export const noRuns: Both = {
  ko: said`아직 시작한 학습이 없어서 답할 기록이 없어요. 무엇을 학습할지 말씀해 주시면 시작할 수 있어요.`,
  en: said`No training was started yet, so there is nothing on record. Say what to train and we can begin.`,
};

export const noModels: Both = {
  ko: said`아직 등록된 모델이 없어요. 학습이 끝나면 모델이 생겨요.`,
  en: said`There is no registered model yet. A training that ends leaves one.`,
};

/** A run was named that the project does not have. */
export function runMissing(runs: readonly RunSummary[]): Both {
  if (runs.length === 0) return noRuns;
  const names = listed(runs.slice(0, MOST_NAMES).map(nameOf));
  return {
    ko: said`이 프로젝트에서 말씀하신 실행을 찾지 못했어요. 최근 실행은 이런 것들이 있어요: ${names}.`,
    en: said`I cannot find that run in this project. Its latest runs: ${names}.`,
  };
}

/** A model was named that the project does not have. */
export function modelMissing(models: readonly RegisteredModel[]): Both {
  const known = models
    .slice(0, MOST_NAMES)
    .flatMap(({ id, name, versions: [newest] }) =>
      newest ? [linked(name, modelSource(id, name, newest.version))] : [],
    );
  if (known.length === 0) return noModels;
  return {
    ko: said`이 프로젝트에서 말씀하신 모델을 찾지 못했어요. 이런 모델이 있어요: ${listed(known)}.`,
    en: said`I cannot find that model in this project. It has: ${listed(known)}.`,
  };
}

/** Where no link stands behind an answer. */
export const noSource: Both = {
  ko: said`이 답에는 근거로 댈 실행이나 모델이 없어요.`,
  en: said`There is no run or model behind this answer to point to.`,
};

export const nothingFailed: Both = {
  ko: said`이 프로젝트에는 실패한 실행이 없어요.`,
  en: said`No run of this project has failed.`,
};

export const notTwo: Both = {
  ko: said`비교하려면 실행이나 모델이 둘 이상 있어야 해요. 이름을 들어 다시 물어봐 주세요.`,
  en: said`A comparison needs two or more runs or models. Ask again and name them.`,
};
