import { ENDED_STATUSES } from '@mallo/contracts';
import { caseOf, isUnderWay, pointOf } from '../diagnosis/case.js';
import { diagnose, suggestionsFor } from '../diagnosis/diagnose.js';
import type { TrainingEvidence } from '../evidence.service.js';
import { modelSource, percent, runSource, whole } from '../wording/figures.js';
import { type Both, linked, plain, said } from '../wording/sentence.js';
import { accuracyOf, nameOf, stateOf } from './run-words.js';

const MOST_FINDINGS = 4;
const MOST_SUGGESTIONS = 3;

/** What came of a training so far; null when nothing did. */
export function standing(evidence: TrainingEvidence): Both | null {
  const { run } = evidence;
  const training = caseOf(evidence);
  const { best, last, name } = training;
  if (!best || !last) {
    const accuracy = accuracyOf(run);
    return (
      accuracy && {
        ko: said`${name}의 검증 정확도는 ${accuracy}(이)에요. 곡선을 읽을 수 없어 그동안의 추세는 알 수 없어요.`,
        en: said`The validation accuracy of ${name} is ${accuracy}. Its curves cannot be read, so the trend is not known.`,
      }
    );
  }
  const source = (step: number) => pointOf(training, 'val_accuracy', step);
  const [top, topEpoch] = [percent(best.value, source(best.step)), whole(best.step, source(best.step))];
  if (best.step === last.step) {
    return {
      ko: said`${name}의 검증 정확도는 ${plain(isUnderWay(training) ? '최근' : '마지막')} 에폭(${topEpoch}번째)에서 ${top}(으)로 가장 높아요.`,
      en: said`The validation accuracy of ${name} is highest in its ${plain(isUnderWay(training) ? 'latest' : 'last')} epoch (${topEpoch}), with ${top}.`,
    };
  }
  const [end, endEpoch] = [percent(last.value, source(last.step)), whole(last.step, source(last.step))];
  return {
    ko: said`${name}의 검증 정확도는 ${topEpoch}번째 에폭에서 ${top}(으)로 가장 높았고, 마지막 에폭(${endEpoch}번째)에서는 ${end}(이)에요.`,
    en: said`The validation accuracy of ${name} was highest in epoch ${topEpoch}, with ${top}, and is ${end} in the last one (${endEpoch}).`,
  };
}

/** Which epoch the registered model is of, where later ones were worse. */
function keptEpoch(evidence: TrainingEvidence): Both[] {
  const { run } = evidence;
  const { best, last } = caseOf(evidence);
  if (!run.model || !run.result || !best || best.step === last?.step) return [];
  const { modelId, name, version } = run.model;
  const model = linked(`${name} ${version}`, modelSource(modelId, name, version));
  const epoch = whole(run.result.bestEpoch, runSource(run, 'val_accuracy', run.result.bestEpoch));
  return [
    {
      ko: said`등록된 모델 ${model}은(는) ${epoch}번째 에폭의 것이라, 그 뒤로 나빠진 것은 담기지 않았어요.`,
      en: said`The registered model, ${model}, is that of epoch ${epoch}; what became worse after it is not in it.`,
    },
  ];
}

/** What to try next about a training, with a sentence before it; empty when there is nothing to try. */
export function whatToTry(evidence: TrainingEvidence): Both[] {
  const suggestions = suggestionsFor(diagnose(evidence)).slice(0, MOST_SUGGESTIONS);
  if (suggestions.length === 0) return [];
  const lead: Both = {
    ko: said`해 볼 만한 것을 효과가 클 순서로 말씀드릴게요.`,
    en: said`Worth trying, the most helpful first:`,
  };
  return suggestions.length === 1
    ? suggestions.map(({ says }) => says)
    : [lead, ...suggestions.map(({ says }) => says)];
}

/** Why the accuracy of a training does not rise, from its curves, settings and data, and what to try. */
export function whyNotImproving(evidence: TrainingEvidence): Both[] {
  const state = stateOf(evidence);
  const now = standing(evidence);
  const { run } = evidence;
  const findings = diagnose(evidence);
  const broken = findings.some(({ code }) => code === 'diverged');
  if (!now && !broken) {
    const nothing: Both = {
      ko: said`${nameOf(run)}에는 아직 볼 수 있는 정확도가 없어요. 첫 에폭이 끝나면 왜 그런지 따져 볼 수 있어요.`,
      en: said`${nameOf(run)} has no accuracy to look at yet. Once its first epoch is done, there is something to go by.`,
    };
    const ended: Both = {
      ko: said`${nameOf(run)}은(는) 정확도를 한 번도 남기지 못하고 끝나서, 곡선으로 따져 볼 것이 없어요.`,
      en: said`${nameOf(run)} ended before it had any accuracy, so there is no curve to go by.`,
    };
    return [...(state ? [state] : []), ENDED_STATUSES.includes(run.status) ? ended : nothing];
  }
  const hasCurve = evidence.curves.valAccuracy.length > 0;
  const clean: Both = hasCurve
    ? {
        ko: said`곡선과 설정, 데이터에서 뚜렷한 문제는 보이지 않아요.`,
        en: said`Neither the curves, the settings nor the data show a clear problem.`,
      }
    : {
        ko: said`설정과 데이터에서는 뚜렷한 문제가 보이지 않아요.`,
        en: said`The settings and the data show no clear problem.`,
      };
  return [
    ...(state ? [state] : []),
    ...(now ? [now] : []),
    ...keptEpoch(evidence),
    ...(findings.length > 0 ? findings.slice(0, MOST_FINDINGS).map(({ says }) => says) : [clean]),
    ...whatToTry(evidence),
  ];
}
