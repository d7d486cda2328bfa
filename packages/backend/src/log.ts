import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** JSON lines on stdout. Secrets are cut wherever they stand in an object. */
export function createLogger(name: string, level = 'info'): Logger {
  return pino({
    name,
    level,
    redact: {
      paths: ['*.password', '*.token', '*.accessToken', '*.refreshToken', '*.authorization', '*.cookie', '*.key'],
      censor: '[cut]',
    },
  });
}

/** Lets Nest log through pino. */
export function nestLogger(log: Logger): LoggerService {
  return {
    log: (message: unknown, context?: string) => log.debug({ context }, String(message)),
    error: (message: unknown, stack?: string) => log.error({ stack }, String(message)),
    warn: (message: unknown, context?: string) => log.warn({ context }, String(message)),
    debug: (message: unknown, context?: string) => log.debug({ context }, String(message)),
  };
}
