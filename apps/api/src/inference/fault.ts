import type { ErrorCode, ErrorParams } from '@mallo/contracts';

/**
 * What an inference process tells the api of, which makes a `MalloError` of it. The contracts themselves are not loaded
 * there: that would take as long as starting the process.
 */
export class Fault extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly params: ErrorParams = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = 'Fault';
  }
}
