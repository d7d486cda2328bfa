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

/** A zod error as one line: `body.email: Invalid email address`. */
export function describeIssues(error: z.ZodError, prefix = ''): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${[prefix, ...issue.path].filter((part) => part !== '').join('.')}: ${issue.message}`)
    .join('; ');
}

function validate(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw new MalloError('request.invalid', { problem: describeIssues(result.error, part) });
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
    throw new MalloError('request.invalid', { problem: 'send the bytes as the body, with their own content type' });
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
