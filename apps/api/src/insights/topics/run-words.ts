import type { AnswerSentence, AnswerSource, Run, RunSummary } from '@mallo/contracts';
import type { TrainingEvidence } from '../evidence.service.js';
import { percent, runSource, whole } from '../wording/figures.js';
import { type Both, linked, said } from '../wording/sentence.js';

type Named = Pick<RunSummary, 'id' | 'name'>;

/** The run's name, as a link to it. */
export function nameOf(run: Named): AnswerSentence {
  return linked(run.name, runSource(run));
}

/** Where a run's final accuracy can be seen: the point of its curve where it is known which. */
export function accuracySource(run: RunSummary | Run): AnswerSource {
  const epoch = 'result' in run ? (run.result?.bestEpoch ?? null) : null;
  return runSource(run, 'val_accuracy', epoch);
}

export function accuracyOf(run: RunSummary | Run): AnswerSentence | null {
  return run.valAccuracy === null ? null : percent(run.valAccuracy, accuracySource(run));
}

/** How far a training that has not ended is; null once it has. */
export function stateOf({ run, snapshot }: Pick<TrainingEvidence, 'run' | 'snapshot'>): Both | null {
  const name = nameOf(run);
  if (run.status === 'queued') {
    return {
      ko: said`${name}은(는) 아직 차례를 기다리고 있어요.`,
      en: said`${name} is still waiting in line.`,
    };
  }
  if (run.status === 'cancelling') {
    return { ko: said`${name}은(는) 멈추는 중이에요.`, en: said`${name} is being stopped.` };
  }
  if (run.status !== 'running') return null;
  const progress = snapshot?.progress;
  if (!progress) {
    return {
      ko: said`${name}은(는) 학습을 준비하고 있고, 아직 보고된 값이 없어요.`,
      en: said`${name} is getting ready and has reported nothing yet.`,
    };
  }
  const source = runSource(run, 'loss', progress.step);
  const [epoch, epochs] = [whole(progress.epoch, source), whole(progress.epochs, source)];
  const [batch, batches] = [whole(progress.batch, source), whole(progress.batches, source)];
  return {
    ko: said`${name}은(는) 학습 중이에요. 전체 ${epochs} 에폭 중 ${epoch}번째 에폭의 ${batch}/${batches} 배치를 지났어요.`,
    en: said`${name} is training: epoch ${epoch} of ${epochs}, batch ${batch} of ${batches}.`,
  };
}

/** One line on how a run went. */
export function outlineOf(run: RunSummary): Both {
  const name = nameOf(run);
  const [model, dataset] = [linked(run.modelName, runSource(run)), linked(run.datasetName, runSource(run))];
  const accuracy = accuracyOf(run);
  switch (run.status) {
    case 'completed':
      return accuracy
        ? {
            ko: said`${name}: ${dataset} 데이터셋을 ${model}(으)로 학습해 검증 정확도 ${accuracy}을(를) 얻었어요.`,
            en: said`${name}: ${model} on the dataset ${dataset} reached a validation accuracy of ${accuracy}.`,
          }
        : {
            ko: said`${name}: ${dataset} 데이터셋을 ${model}(으)로 학습했고, 정확도 기록은 없어요.`,
            en: said`${name}: ${model} on the dataset ${dataset}; no accuracy is recorded.`,
          };
    case 'failed':
      return {
        ko: said`${name}: ${dataset} 데이터셋을 ${model}(으)로 학습하다 실패했어요.`,
        en: said`${name}: ${model} on the dataset ${dataset} failed.`,
      };
    case 'cancelled':
      return {
        ko: said`${name}: ${dataset} 데이터셋을 ${model}(으)로 학습하다 취소했어요.`,
        en: said`${name}: ${model} on the dataset ${dataset} was cancelled.`,
      };
    default:
      return {
        ko: said`${name}: ${dataset} 데이터셋을 ${model}(으)로 학습하고 있어요.`,
        en: said`${name}: ${model} on the dataset ${dataset} is under way.`,
      };
  }
}
