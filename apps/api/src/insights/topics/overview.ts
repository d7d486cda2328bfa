import type { RunSummary } from '@mallo/contracts';
import type { TrainingEvidence } from '../evidence.service.js';
import { type Both, said } from '../wording/sentence.js';
import { bestRun } from './best-run.js';
import { outlineOf, stateOf } from './run-words.js';

/** Where a project stands, for a question that fits no topic, and what can be asked. */
export function overview(latest: TrainingEvidence, runs: readonly RunSummary[]): { says: Both[]; runs: RunSummary[] } {
  const best = bestRun(runs);
  const hasBest = best.says.some(({ en }) => en.links.length > 0);
  const state = stateOf(latest);
  const isBest = best.runs[0]?.id === latest.run.id && latest.run.valAccuracy !== null;
  const outline = state ?? (isBest ? null : outlineOf(latest.run));
  const offer: Both = {
    ko: said`“왜 정확도가 안 올라?”, “어느 모델이 제일 좋아?”, “어떤 클래스를 헷갈려?”, “다음에 뭘 해 볼까?”처럼 물어보시면 기록을 보고 답해 드려요.`,
    en: said`Ask, for instance, “why is the accuracy not rising?”, “which model is best for the edge?”, “which classes are mixed up?” or “what next?”, and I answer from the records.`,
  };
  return { says: [...(outline ? [outline] : []), ...(hasBest ? best.says : []), offer], runs: best.runs };
}
