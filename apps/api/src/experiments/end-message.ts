import { type Locale, MalloError, type MessagePart, type Run } from '@mallo/contracts';

/** What the chat says when a run has ended. */
export function endMessage(run: Run, locale: Locale): { text: string; parts: MessagePart[] } {
  const ko = locale === 'ko';
  if (run.status === 'completed' && run.model && run.valAccuracy !== null) {
    const percent = (run.valAccuracy * 100).toFixed(1);
    return {
      text: ko ? `학습 완료! 정확도 ${percent}%` : `Training complete! Accuracy ${percent}%`,
      parts: [{ type: 'result', runId: run.id, valAccuracy: run.valAccuracy, model: run.model }],
    };
  }
  if (run.status === 'cancelled') {
    return {
      text: ko ? '학습을 취소했어요.' : 'The training was cancelled.',
      parts: [{ type: 'run', runId: run.id }],
    };
  }
  const problem = run.problem ?? new MalloError('server.unexpected', { traceId: run.id }).toProblem();
  return {
    text: ko ? '학습이 실패했어요.' : 'The training failed.',
    parts: [
      { type: 'problem', problem },
      { type: 'run', runId: run.id },
    ],
  };
}
