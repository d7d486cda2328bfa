import { remainingSeconds, viewOfSnapshot } from '@mallo/client';
import { ENDED_STATUSES } from '@mallo/contracts';
import type { TrainingEvidence } from '../evidence.service.js';
import { duration, runSource, whole } from '../wording/figures.js';
import { type Both, said } from '../wording/sentence.js';
import { nameOf, stateOf } from './run-words.js';

/** How long a training took, or how long it has been under way and how much is left. `nowMs`: epoch. */
export function durationOf(evidence: TrainingEvidence, nowMs: number): Both[] {
  const { run } = evidence;
  const name = nameOf(run);
  const state = stateOf(evidence);
  const source = runSource(run);
  if (!run.startedAt) {
    const never: Both = {
      ko: said`${name}은(는) 시작하기 전에 끝나서 걸린 시간이 없어요.`,
      en: said`${name} ended before it began, so it took no time.`,
    };
    return [state ?? never];
  }
  const begun = Date.parse(run.startedAt);
  const ended = run.endedAt ? Date.parse(run.endedAt) : nowMs;
  const seconds = (ended - begun) / 1000;
  const [takenKo, takenEn] = [duration(seconds, source, 'ko'), duration(seconds, source, 'en')];
  if (!ENDED_STATUSES.includes(run.status)) return underWay(evidence, state, takenKo, takenEn);

  const total: Both =
    run.status === 'completed'
      ? {
          ko: said`${name}은(는) 준비부터 모델 등록까지 ${takenKo} 걸렸어요.`,
          en: said`${name} took ${takenEn}, from its preparation to the registered model.`,
        }
      : {
          ko: said`${name}은(는) 시작하고 ${takenKo} 만에 끝났어요.`,
          en: said`${name} ended ${takenEn} after it began.`,
        };
  const { result } = run;
  if (!result || result.epochsDone < 1) return [total];
  const [trainingKo, trainingEn] = [
    duration(result.durationSeconds, source, 'ko'),
    duration(result.durationSeconds, source, 'en'),
  ];
  const each = result.durationSeconds / result.epochsDone;
  const [eachKo, eachEn] = [duration(each, source, 'ko'), duration(each, source, 'en')];
  const epochs = whole(result.epochsDone, source);
  return [
    total,
    {
      ko: said`그중 학습은 ${trainingKo}(이)에요. ${epochs} 에폭을 돌았고, 한 에폭에 평균 ${eachKo}씩 걸렸어요.`,
      en: said`The training itself took ${trainingEn} of that: ${epochs} epochs, ${eachEn} each on average.`,
    },
  ];
}

function underWay(
  { run, snapshot }: TrainingEvidence,
  state: Both | null,
  takenKo: Both['ko'],
  takenEn: Both['en'],
): Both[] {
  const step = snapshot?.progress?.step ?? null;
  const left = snapshot ? remainingSeconds(viewOfSnapshot(snapshot)) : null;
  const source = runSource(run, step === null ? null : 'loss', step);
  const elapsed: Both = {
    ko: said`시작한 지 ${takenKo} 지났어요.`,
    en: said`It began ${takenEn} ago.`,
  };
  const remaining: Both =
    left === null
      ? {
          ko: said`남은 시간은 배치가 몇 개 더 지나야 짐작할 수 있어요.`,
          en: said`A few more batches are needed before the time left can be told.`,
        }
      : {
          ko: said`지금 속도라면 ${duration(left, source, 'ko')} 정도 남았어요.`,
          en: said`At its present pace about ${duration(left, source, 'en')} are left.`,
        };
  return [...(state ? [state] : []), elapsed, remaining];
}
