import { MalloError, type RouteInput, type RouteSpec } from '@mallo/contracts';
import {
  applyDecorators,
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  Injectable,
  type NestInterceptor,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';
import { describeIssues } from './describe-issues.js';

const SPEC = 'mallo:route';

/** Serves one route of the contracts: its method, path, access and schemas come from there. */
export function Endpoint(spec: RouteSpec): MethodDecorator {
  return applyDecorators(
    RequestMapping({ path: spec.path, method: RequestMethod[spec.method] }),
    HttpCode(spec.response ? 200 : 204),
    SetMetadata(SPEC, spec),
  );
}

/** The contract of the handler that is about to run; undefined where a handler has none. */
export function routeOf(context: ExecutionContext): RouteSpec | undefined {
  return Reflect.getMetadata(SPEC, context.getHandler()) as RouteSpec | undefined;
}

function validate(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw new MalloError('request.invalid', { problem: describeIssues(schema, value, part) });
  return result.data;
}

/** The handler's input, validated by the route's schemas. Unknown keys are refused. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext): RouteInput<RouteSpec> => {
  const spec = routeOf(context);
  if (!spec) throw new Error('@Input() on a handler without @Endpoint()');
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    params: validate(spec.params, request.params, 'path') as never,
    query: validate(spec.query, request.query, 'query') as never,
    body: spec.body === 'stream' ? undefined : (validate(spec.body, request.body ?? {}, 'body') as never),
  };
});

/** The body of a `stream` route, as it arrives. */
export const BodyStream = createParamDecorator((_: unknown, context: ExecutionContext): NodeJS.ReadableStream => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const body = request.body as NodeJS.ReadableStream | undefined;
  if (!body || typeof body.pipe !== 'function') {
    throw new MalloError('request.invalid', {
      problem: {
        en: 'send the bytes as the body, with their own content type',
        ko: '파일의 바이트를 그 형식의 content-type과 함께 본문으로 보내야 합니다',
      },
    });
  }
  return body;
});

/** Holds each JSON answer to its contract, so that nothing undeclared leaves the process. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const schema = routeOf(context)?.response;
    return next.handle().pipe(map((value: unknown) => (schema instanceof z.ZodType ? schema.parse(value) : value)));
  }
}
