import type { Run, StepName } from '@mallo/contracts';
import type { TrainingEvidence } from '../evidence.service.js';
import { runSource, whole } from '../wording/figures.js';
import { type Both, cited, plain, said } from '../wording/sentence.js';
import { nameOf, outlineOf, stateOf } from './run-words.js';
import { whatToTry } from './why-not-improving.js';

const STEP_NAMES: Record<StepName, { ko: string; en: string }> = {
  validate_dataset: { ko: '데이터셋 확인', en: 'checking the dataset' },
  prepare_model: { ko: '모델 준비', en: 'preparing the model' },
  allocate_compute: { ko: '자원 배정', en: 'allocating compute' },
  run_training: { ko: '학습', en: 'training' },
  register_model: { ko: '모델 등록', en: 'registering the model' },
  release_compute: { ko: '정리', en: 'releasing compute' },
};

function problemOf(run: Run): Both {
  const source = runSource(run);
  const message = run.problem?.message;
  return {
    ko: cited(message?.ko ?? '까닭은 기록되지 않았어요.', source),
    en: cited(message?.en ?? 'The reason was not recorded.', source),
  };
}

/** Why a run failed, where, how far it had come, and what to try. */
export function whyFailed(evidence: TrainingEvidence): Both[] {
  const { run, curves } = evidence;
  const name = nameOf(run);
  if (run.status === 'cancelled') {
    return [
      {
        ko: said`${name}은(는) 실패한 것이 아니라 취소됐어요.`,
        en: said`${name} did not fail; it was cancelled.`,
      },
    ];
  }
  if (run.status !== 'failed') {
    const not: Both = { ko: said`${name}은(는) 실패하지 않았어요.`, en: said`${name} did not fail.` };
    return [not, stateOf(evidence) ?? outlineOf(run)];
  }
  const step = run.steps.find(({ status }) => status === 'failed')?.name;
  const where = step && STEP_NAMES[step];
  const sentences: Both[] = [
    where
      ? {
          ko: said`${name}은(는) ‘${plain(where.ko)}’ 단계에서 실패했어요.`,
          en: said`${name} failed while ${plain(where.en)}.`,
        }
      : { ko: said`${name}은(는) 실패했어요.`, en: said`${name} failed.` },
    problemOf(run),
  ];
  const epoch = curves.valAccuracy.at(-1);
  const batch = curves.batchLoss.at(-1);
  if (epoch) {
    const done = whole(epoch.step, runSource(run, 'val_accuracy', epoch.step));
    sentences.push({
      ko: said`그때까지 ${done}번째 에폭을 마쳤어요.`,
      en: said`By then epoch ${done} was done.`,
    });
  } else if (batch) {
    const done = whole(batch.step, runSource(run, 'loss', batch.step));
    sentences.push({
      ko: said`첫 에폭이 끝나기 전, ${done}번째 스텝까지 갔어요.`,
      en: said`It had come to step ${done}, before the end of the first epoch.`,
    });
  }
  // Only what made it fail is of use here; the rest of a diagnosis is about a training that goes on.
  return run.problem?.code === 'training.diverged' ? [...sentences, ...whatToTry(evidence)] : sentences;
}
