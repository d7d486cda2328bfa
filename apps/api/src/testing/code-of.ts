import { ApiError } from '@mallo/client';

/** The code of the error that a call ends with, or `no error`. */
export function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );
}
