import { MlflowError, type RouteInput, type RouteSpec } from '@mallo/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { routeOf } from './endpoint.js';
import { invalidValue } from './mlflow-names.js';

export const SEE_DOCS = 'See the API docs for more information about request parameters.';

/**
 * The input of a handler of MLflow's dialect, validated by its contract. Keys that nobody knows are passed over, as
 * MLflow does, and what is wrong is said in its words, which its clients and their tests match on.
 */
export const MlflowInput = createParamDecorator((_: unknown, context: ExecutionContext): RouteInput<RouteSpec> => {
  const spec = routeOf(context);
  if (!spec) throw new Error('@MlflowInput() on a handler without @Endpoint()');
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    params: read(spec.params, request.params) as never,
    query: read(spec.query, request.query) as never,
    body: (spec.body === 'stream' ? undefined : read(spec.body, request.body ?? {})) as never,
  };
});

function read(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  // Of a form that is no object nothing is read, so that what is required is missing.
  const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const form = withRunId(schema, given as Record<string, unknown>);
  const result = schema.safeParse(form === given ? value : form);
  if (result.success) return result.data;
  throw refusal(form, result.error);
}

/** Where a form has `run_uuid`, MLflow's older name for it, this is the run's id if none is given. */
function withRunId(schema: z.ZodType, form: Record<string, unknown>): Record<string, unknown> {
  const takesBoth = 'shape' in schema && 'run_uuid' in (schema.shape as object);
  const isGiven = !takesBoth || !('run_uuid' in form) || (form.run_id !== undefined && form.run_id !== null);
  return isGiven ? form : { ...form, run_id: form.run_uuid };
}

/** What MLflow says of the first thing that is wrong with a request. */
function refusal(form: Record<string, unknown>, error: z.ZodError): MlflowError {
  const issue = error.issues[0];
  // A check of a contract's own says it in its own words.
  if (issue?.code === 'custom') return new MlflowError('INVALID_PARAMETER_VALUE', issue.message);
  const name = String(issue?.path[0] ?? '');
  const value = form[name];
  if (value === undefined || value === null || value === '') return missingValue(name);
  // To MLflow a list without items is none.
  if (issue?.code === 'too_small' && issue.path.length === 1 && Array.isArray(value)) return missingValue(name);
  return wrongType(name, value);
}

/** What MLflow says of a value that is not of the kind that is asked for. `path`: where it stands in the request. */
export function wrongType(path: string, value: unknown): MlflowError {
  return invalidValue(path, value, ` Hint: Value was of type '${pythonType(value)}'. ${SEE_DOCS}`);
}

export function missingValue(name: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${name}'. ${SEE_DOCS}`);
}

function pythonType(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'dict';
}
