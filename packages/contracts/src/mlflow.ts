import { z } from 'zod';
import type { MalloError } from './errors.js';

/**
 * MLflow's error codes that its dialect answers with, and the HTTP status of each (`mlflow/exceptions.py`). Its clients
 * act on the code, and some on the wording of the message.
 */
export const MLFLOW_STATUS = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL_ERROR: 500,
  INVALID_STATE: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;
export type MlflowErrorCode = keyof typeof MLFLOW_STATUS;

/** The body of every error answer of the dialect. */
export const MlflowErrorBody = z.strictObject({ error_code: z.string(), message: z.string() });
export type MlflowErrorBody = z.infer<typeof MlflowErrorBody>;

/** A failure that MLflow has words of its own for. */
export class MlflowError extends Error {
  readonly status: number;

  constructor(
    readonly code: MlflowErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MlflowError';
    this.status = MLFLOW_STATUS[code];
  }
}

/** Whether a path is of MLflow's REST API, whose errors have a form of their own. */
export function isMlflowPath(path: string): boolean {
  return /^\/api\/[23]\.0\/mlflow/.test(path);
}

const BY_STATUS: Record<number, MlflowErrorCode> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  409: 'RESOURCE_CONFLICT',
  429: 'REQUEST_LIMIT_EXCEEDED',
  500: 'INTERNAL_ERROR',
  501: 'NOT_IMPLEMENTED',
  503: 'TEMPORARILY_UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
  507: 'RESOURCE_EXHAUSTED',
};

/** What is said of a route that is not here, where a program's traceback may be all that a person sees. */
const NOT_OFFERED =
  "Mallo does not have this part of MLflow's REST API. It has experiments, runs, metrics, files, logged and registered " +
  'models and prompts; it has no traces, evaluation datasets, webhooks, workspaces or AI gateway.';

/** Mallo's own errors in MLflow's form; the status stays. */
export function mlflowErrorBody(error: MalloError | MlflowError): MlflowErrorBody {
  const { message } = error;
  if (error instanceof MlflowError) return { error_code: error.code, message };
  if (error.code === 'request.not_found') return { error_code: 'ENDPOINT_NOT_FOUND', message: NOT_OFFERED };
  return { error_code: BY_STATUS[error.status] ?? 'INVALID_PARAMETER_VALUE', message };
}
