import 'reflect-metadata';
import { MalloError, notANumberIn } from '@mallo/contracts';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RawServerDefault } from 'fastify';
import type { Logger } from 'pino';
import { AccessGuard, type VerifyToken } from './access.js';
import { AnswerInterceptor } from './endpoint.js';
import { nestLogger } from './log.js';
import { ProblemFilter } from './problem.filter.js';

export type ServiceOptions = {
  module: Type | { module: Type };
  log: Logger;
  verify: VerifyToken;
  /** The front door's address, to tell our own pages from other sites. */
  url: string;
  /** JSON bodies above this are refused. */
  bodyLimitBytes?: number;
};

/** Makes a Nest application with the guard, the error form and the body handling that all services share. */
export async function createService(options: ServiceOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: options.bodyLimitBytes ?? 1_048_576, forceCloseConnections: true });
  // Anything but JSON is handed to its route as a stream, never held in memory.
  adapter.getInstance().addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  const app = await NestFactory.create<NestFastifyApplication>(options.module as Type, adapter, {
    logger: nestLogger(options.log),
    abortOnError: false,
  });
  readJsonOn(app);
  app.useGlobalGuards(new AccessGuard(options.verify, options.url));
  app.useGlobalFilters(new ProblemFilter(options.log, options.bodyLimitBytes));
  app.useGlobalInterceptors(new AnswerInterceptor());
  return app;
}

/** Reads bodies of JSON as Fastify does, but names a figure that is none, such as the NaN of Python's json. */
function readJsonOn(app: NestFastifyApplication): void {
  const parse = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('application/json', {}, (request, body, done) => {
    const text = body.toString();
    parse(request, text, (error, value) => {
      const found = error && notANumberIn(text);
      done(found?.key ? new MalloError('request.not_a_number', found) : error, value);
    });
  });
}

/**
 * Listens, and closes in order on SIGTERM or SIGINT, or when the process that started this one is gone
 * (an IPC channel that closes), so that no service outlives its Mallo.
 */
export async function serve(app: NestFastifyApplication, host: string, port: number, log: Logger): Promise<number> {
  let closing = false;
  const close = (why: string) => {
    if (closing) return;
    closing = true;
    log.info({ why }, 'closing');
    // What does not end by itself within 10 s is ended; state is durable at every moment.
    setTimeout(() => process.exit(1), 10_000).unref();
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', () => close('SIGTERM'));
  process.once('SIGINT', () => close('SIGINT'));
  if (process.channel) process.once('disconnect', () => close('parent gone'));
  await app.listen(port, host);
  const address = app.getHttpServer().address();
  const actual = typeof address === 'object' && address ? (address as { port: number }).port : port;
  log.info({ host, port: actual }, 'listening');
  process.send?.({ ready: true, port: actual });
  return actual;
}
