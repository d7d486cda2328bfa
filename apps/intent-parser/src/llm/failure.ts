import type { EngineNote, LlmUsage } from '@mallo/contracts';

export type FailureCode = EngineNote['code'];

// Each sentence goes on with what was done instead.
const REASONS: Record<FailureCode, { ko: string; en: string }> = {
  timeout: {
    ko: '언어 모델이 제때 답하지 않아',
    en: 'The language model did not answer in time',
  },
  rate_limited: {
    ko: '언어 모델 사용량 제한에 걸려',
    en: 'The language model is limiting requests',
  },
  provider_error: {
    ko: '언어 모델을 쓸 수 없어',
    en: 'The language model could not be used',
  },
  malformed: {
    ko: '언어 모델의 답을 읽을 수 없어',
    en: "The language model's answer could not be read",
  },
  refused: {
    ko: '언어 모델이 답하지 않겠다고 해서',
    en: 'The language model declined to answer',
  },
  daily_tokens_spent: {
    ko: '오늘 쓸 수 있는 토큰을 다 써서',
    en: "Today's tokens are used up",
  },
};
const INSTEAD = {
  reading: { ko: '문법 엔진이 읽었어요.', en: 'the grammar engine read this.' },
  answering: { ko: '기록에서 바로 답했어요.', en: 'this is answered straight from the records.' },
};
const HINTS: Partial<Record<FailureCode, { ko: string; en: string }>> = {
  provider_error: {
    ko: ' 계속 이러면 키와 주소, 모델 이름 설정을 확인해 주세요.',
    en: ' If this goes on, check the key, the address and the name of the model.',
  },
};

/** Why a language model gave no answer. It carries nothing of what the provider said, which may repeat a key. */
export class LlmFailure extends Error {
  override readonly name = 'LlmFailure';
  readonly status?: number;
  /** What was used all the same. */
  readonly usage?: LlmUsage;

  constructor(
    readonly code: FailureCode,
    { status, usage }: { status?: number; usage?: LlmUsage } = {},
  ) {
    super(code);
    this.status = status;
    this.usage = usage;
  }

  /** For a person: why, and what was done instead. */
  noteFor(work: keyof typeof INSTEAD): EngineNote {
    const [reason, instead, hint] = [REASONS[this.code], INSTEAD[work], HINTS[this.code] ?? { ko: '', en: '' }];
    return {
      code: this.code,
      ko: `${reason.ko} ${instead.ko}${hint.ko}`,
      en: `${reason.en}, so ${instead.en}${hint.en}`,
    };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The failure that an error of LangChain or of a provider's client stands for. */
export function failureOf(error: unknown, signal: AbortSignal): LlmFailure {
  if (error instanceof LlmFailure) return error;
  if (signal.aborted) return new LlmFailure('timeout');
  const status = isRecord(error) && typeof error.status === 'number' ? error.status : undefined;
  if (status === 429) return new LlmFailure('rate_limited', { status });
  if (status !== undefined) return new LlmFailure('provider_error', { status });
  // What breaks LangChain is not of the provider's own form; a connection that breaks says what broke it.
  const isBroken = error instanceof SyntaxError || (error instanceof TypeError && error.cause === undefined);
  return new LlmFailure(isBroken ? 'malformed' : 'provider_error');
}
