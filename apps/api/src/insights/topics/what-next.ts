import type { RunSummary } from '@mallo/contracts';
import type { TrainingEvidence } from '../evidence.service.js';
import { modelSource, runSource } from '../wording/figures.js';
import { type Both, linked, said } from '../wording/sentence.js';
import { stateOf } from './run-words.js';
import { whyFailed } from './why-failed.js';
import { standing, whatToTry } from './why-not-improving.js';

/** What to do after a training: wait, repair, try, improve. `runs`: all of the project. */
export function whatNext(evidence: TrainingEvidence, runs: readonly RunSummary[]): Both[] {
  const { run } = evidence;
  const state = stateOf(evidence);
  if (state) {
    return [
      state,
      {
        ko: said`끝난 뒤에 다시 물어보시면 결과를 보고 답해 드릴게요. 그동안 곡선은 실행 페이지에서 볼 수 있어요.`,
        en: said`Ask again once it has ended; until then its curves are on the page of the run.`,
      },
    ];
  }
  if (run.status === 'failed') return whyFailed(evidence);
  const now = standing(evidence);
  const sentences: Both[] = [...(now ? [now] : []), ...whatToTry(evidence)];
  if (run.model) {
    const { modelId, name, version } = run.model;
    const model = linked(`${name} ${version}`, modelSource(modelId, name, version));
    sentences.push({
      ko: said`${model}에 처음 보는 사진을 넣어 보고, 틀리는 사진이 있으면 그런 이미지를 더 모으세요.`,
      en: said`Try ${model} on images it has never seen; where it is wrong, collect more of that kind.`,
    });
  }
  const architecture = linked(run.modelName, runSource(run));
  if (runs.every(({ modelName, datasetName }) => modelName === run.modelName || datasetName !== run.datasetName)) {
    sentences.push({
      ko: said`이 데이터셋에는 아직 ${architecture} 하나만 써 봤으니, 다른 모델과 비교해 보는 것도 좋아요.`,
      en: said`So far only ${architecture} was tried on this dataset; another model would be worth a comparison.`,
    });
  }
  return sentences;
}
