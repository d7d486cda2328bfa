import type { EngineNote } from '@mallo/contracts';

export type FailureCode = EngineNote['code'];

const SENTENCES: Record<FailureCode, { ko: string; en: string }> = {
  timeout: {
    ko: '언어 모델이 제때 답하지 않아 문법 엔진이 읽었어요.',
    en: 'The language model did not answer in time, so the grammar engine read this.',
  },
  rate_limited: {
    ko: '언어 모델 사용량 제한에 걸려 문법 엔진이 읽었어요.',
    en: 'The language model is limiting requests, so the grammar engine read this.',
  },
  provider_error: {
    ko: '언어 모델을 쓸 수 없어 문법 엔진이 읽었어요. 키와 주소 설정을 확인해 주세요.',
    en: 'The language model could not be used, so the grammar engine read this. Check the key and the address.',
  },
  malformed: {
    ko: '언어 모델의 답을 읽을 수 없어 문법 엔진이 읽었어요.',
    en: "The language model's answer could not be read, so the grammar engine read this.",
  },
  refused: {
    ko: '언어 모델이 답하지 않겠다고 해서 문법 엔진이 읽었어요.',
    en: 'The language model declined to answer, so the grammar engine read this.',
  },
  daily_tokens_spent: {
    ko: '오늘 쓸 수 있는 토큰을 다 써서 문법 엔진이 읽었어요.',
    en: "Today's tokens are used up, so the grammar engine read this.",
  },
};

/** Why a language model gave no answer. It carries nothing of what the provider said, which may repeat a key. */
export class LlmFailure extends Error {
  override readonly name = 'LlmFailure';

  constructor(
    readonly code: FailureCode,
    readonly status?: number,
  ) {
    super(code);
  }

  get note(): EngineNote {
    return { code: this.code, ...SENTENCES[this.code] };
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
  if (status === 429) return new LlmFailure('rate_limited', status);
  if (status === undefined && error instanceof SyntaxError) return new LlmFailure('malformed');
  return new LlmFailure('provider_error', status);
}
