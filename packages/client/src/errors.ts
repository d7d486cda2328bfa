import { ErrorBody, type ErrorCode, errorMessage, type Locale, Problem } from '@mallo/contracts';
import { z } from 'zod';

/** Of a server of a later version, whose code this one does not know. */
const LaterBody = z.object({ error: z.object({ message: Problem.shape.message, traceId: z.string() }) });

/** An error the server answered with: what happened and what to do, in both languages. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    readonly messages: Record<Locale, string>,
    readonly params: NonNullable<Problem['params']>,
    /** By which the server's log finds this answer; empty where something before the server answered. */
    readonly traceId: string,
  ) {
    super(messages.en);
    this.name = 'ApiError';
  }

  toProblem(): Problem {
    return { code: this.code, message: this.messages, params: this.params };
  }
}

/** No answer came: the server, or the network before it, is away. Trying again may help. */
export class UnreachableError extends Error {
  readonly messages: Record<Locale, string> = {
    en: 'Mallo cannot be reached. Check that it is running and that this device is connected; then try again.',
    ko: 'Mallo에 연결할 수 없습니다. Mallo가 실행 중인지, 네트워크가 연결되어 있는지 확인한 뒤 다시 시도해 주세요.',
  };

  constructor(options?: ErrorOptions) {
    super('Mallo cannot be reached', options);
    this.name = 'UnreachableError';
  }
}

/** The error that an answer with a status of 400 or above stands for. */
export function errorOfAnswer(status: number, text: string): ApiError {
  const said = parseJson(text);
  const body = ErrorBody.safeParse(said);
  if (body.success) {
    const { code, message, params, traceId } = body.data.error;
    return new ApiError(code, status, message, params ?? {}, traceId);
  }
  const later = LaterBody.safeParse(said);
  if (later.success) {
    const { message, traceId } = later.data.error;
    return new ApiError('server.unexpected', status, message, {}, traceId);
  }
  // Not our form: a proxy in between answered.
  const code: ErrorCode = status >= 502 && status <= 504 ? 'server.unavailable' : 'server.unexpected';
  const params = { part: 'proxy', traceId: '-' };
  return new ApiError(code, status, errorMessage(code, params), params, '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
