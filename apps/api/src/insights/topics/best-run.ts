import type { RunSummary } from '@mallo/contracts';
import { duration, points, runSource } from '../wording/figures.js';
import { type Both, linked, said } from '../wording/sentence.js';
import { accuracyOf, accuracySource, nameOf } from './run-words.js';

const MOST_RUNS = 5;
const OTHER_DATASETS = 2;

type Scored = RunSummary & { valAccuracy: number };

function isScored(run: RunSummary): run is Scored {
  return run.status === 'completed' && run.valAccuracy !== null;
}

/** Runs with an accuracy by their dataset, the best first; figures of different datasets do not compare. */
function byDataset(runs: readonly RunSummary[]): Scored[][] {
  const groups = Map.groupBy(runs.filter(isScored), ({ datasetName }) => datasetName);
  return [...groups.values()].map((group) => group.toSorted((a, b) => b.valAccuracy - a.valAccuracy));
}

function bestOf([best, second]: Scored[]): Both[] {
  const accuracy = best && accuracyOf(best);
  if (!best || !accuracy) return [];
  const name = nameOf(best);
  const dataset = linked(best.datasetName, runSource(best));
  const model = linked(best.modelName, runSource(best));
  const first: Both = {
    ko: said`${dataset} 데이터셋에서는 ${model}(으)로 학습한 ${name}의 검증 정확도가 ${accuracy}(으)로 가장 높아요.`,
    en: said`On the dataset ${dataset} the best run is ${name}, with ${model}: its validation accuracy is ${accuracy}.`,
  };
  const next = second && accuracyOf(second);
  if (!second || !next) return [first];
  const ahead = best.valAccuracy - second.valAccuracy;
  const difference = points(ahead, accuracySource(second));
  const runnerUp: Both =
    ahead === 0
      ? {
          ko: said`${nameOf(second)}도 ${next}(으)로 같아요.`,
          en: said`${nameOf(second)} has the same, ${next}.`,
        }
      : {
          ko: said`그다음은 ${nameOf(second)}(으)로 ${next}, 차이는 ${difference}%p예요.`,
          en: said`Next is ${nameOf(second)} with ${next}, ${difference} points behind.`,
        };
  return [first, runnerUp];
}

/** The best run of each dataset, beginning with the one used last. `runs`: the newest first. */
export function bestRun(runs: readonly RunSummary[]): { says: Both[]; runs: RunSummary[] } {
  const [latest, ...others] = byDataset(runs);
  if (!latest) {
    return {
      says: [
        {
          ko: said`정확도가 나온 학습이 아직 없어서 비교할 수 없어요. 학습이 끝난 뒤 다시 물어봐 주세요.`,
          en: said`No training has an accuracy yet, so there is nothing to compare. Ask again once one has ended.`,
        },
      ],
      runs: runs.slice(0, MOST_RUNS),
    };
  }
  const further = others.slice(0, OTHER_DATASETS).flatMap((group) => bestOf(group).slice(0, 1));
  return { says: [...bestOf(latest), ...further], runs: latest.slice(0, MOST_RUNS) };
}

/** The run that took the least time from its beginning to its model. */
export function fastestRun(runs: readonly RunSummary[]): { says: Both[]; runs: RunSummary[] } {
  const taken = runs
    .flatMap((run) => {
      if (run.status !== 'completed' || !run.startedAt || !run.endedAt) return [];
      return [{ run, seconds: (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000 }];
    })
    .toSorted((a, b) => a.seconds - b.seconds)
    .slice(0, MOST_RUNS);
  const [fastest] = taken;
  if (!fastest) return bestRun([]);
  const { run, seconds } = fastest;
  const source = runSource(run);
  const model = linked(run.modelName, source);
  const says: Both = {
    ko: said`가장 빨리 끝난 학습은 ${nameOf(run)}(으)로, ${model} 모델을 ${duration(seconds, source, 'ko')} 만에 학습했어요.`,
    en: said`The fastest training was ${nameOf(run)}, with ${model}: it took ${duration(seconds, source, 'en')}.`,
  };
  return { says: [says], runs: taken.map((one) => one.run) };
}
