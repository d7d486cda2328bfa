import { randomBytes } from 'node:crypto';
import { type ErrorBody, isMlflowPath, MalloError, MlflowError, mlflowErrorBody } from '@mallo/contracts';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

function hasCode(error: unknown): error is { code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}

/** The code of PostgreSQL's error, which Prisma hands on within its own (`meta.driverAdapterError`). */
function postgresCode(error: { code: string }): string {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } };
  return meta?.driverAdapterError?.cause?.originalCode ?? error.code;
}

/** The error a person is shown for whatever was thrown; null for what nobody expected. */
export function expectedError(thrown: unknown, bodyLimitBytes = 1_048_576): MalloError | null {
  const limit = `${Math.round(bodyLimitBytes / 1_048_576)} MB`;
  if (thrown instanceof MalloError) return thrown;
  if (hasCode(thrown)) {
    if (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT') return new MalloError('server.disk_full');
    // PostgreSQL: disk_full, serialization_failure, deadlock_detected.
    const code = postgresCode(thrown);
    if (code === '53100') return new MalloError('server.disk_full');
    if (code === '40001' || code === '40P01') return new MalloError('request.conflict');
    // character_not_in_repertoire, untranslatable_character: of all that is text only the character NUL.
    if (code === '22021' || code === '22P05') {
      return new MalloError('request.invalid', {
        problem: { en: 'a text holds the character NUL', ko: '글에 NUL 문자가 들어 있습니다' },
      });
    }
    if (thrown.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new MalloError('request.too_large', { limit });
    // Also of a body that is not compressed as it says.
    if (thrown.code.startsWith('FST_ERR_CTP') || thrown.code.startsWith('FST_CP_ERR')) {
      return new MalloError('request.invalid', {
        problem: {
          en: 'the body, its content type or its encoding cannot be read',
          ko: '본문이나 그 content-type 또는 인코딩을 읽을 수 없습니다',
        },
      });
    }
  }
  if (thrown instanceof SyntaxError && 'statusCode' in thrown) {
    return new MalloError('request.invalid', { problem: { en: 'the body is not JSON', ko: '본문이 JSON이 아닙니다' } });
  }
  if (thrown instanceof HttpException) {
    if (thrown.getStatus() === 404) return new MalloError('request.not_found');
    if (thrown.getStatus() === 413) return new MalloError('request.too_large', { limit });
    if (thrown.getStatus() < 500) {
      const { message } = thrown;
      return new MalloError('request.invalid', { problem: { en: message, ko: `“${message}”` } });
    }
  }
  return null;
}

/** The error to answer whatever was thrown with, logged under the trace id that the answer carries. */
export function answerTo(
  thrown: unknown,
  log: Logger,
  request: FastifyRequest,
  bodyLimitBytes?: number,
): { error: MalloError; traceId: string } {
  const traceId = randomBytes(6).toString('hex');
  const expected = expectedError(thrown, bodyLimitBytes);
  const error = expected ?? new MalloError('server.unexpected', { traceId });
  const line = { traceId, method: request.method, path: request.routeOptions?.url, code: error.code };
  if (expected) log.info(line, 'refused');
  else log.error({ ...line, err: thrown }, 'unexpected error');
  return { error, traceId };
}

/** Turns everything thrown into the one form of error answer, and on MLflow's paths into MLflow's. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly bodyLimitBytes?: number,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    if (reply.raw.headersSent) {
      answerTo(thrown, this.log, request);
      reply.raw.destroy();
      return;
    }
    if (thrown instanceof MlflowError) {
      this.log.info({ method: request.method, path: request.routeOptions?.url, code: thrown.code }, 'refused');
      void reply.status(thrown.status).send(mlflowErrorBody(thrown));
      return;
    }
    const { error, traceId } = answerTo(thrown, this.log, request, this.bodyLimitBytes);
    const body: ErrorBody = { error: { ...error.toProblem(), traceId } };
    void reply
      .status(error.status)
      .header('x-trace-id', traceId)
      .send(isMlflowPath(request.url) ? mlflowErrorBody(error) : body);
  }
}
