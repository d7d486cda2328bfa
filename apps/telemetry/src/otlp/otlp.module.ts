import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { OtlpController, PROTOBUF } from './otlp.controller.js';
import { OtlpService } from './otlp.service.js';
import { OtlpRunsRepository } from './otlp-runs.repository.js';
import { QuietRuns } from './quiet-runs.js';

class OtlpModule {}

/** Metrics of programs that speak OpenTelemetry. */
export function otlpModule(tracking: DynamicModule, log: Logger): DynamicModule {
  const quietRuns = {
    provide: QuietRuns,
    inject: [OtlpRunsRepository],
    useFactory: (runs: OtlpRunsRepository) => new QuietRuns(runs, log),
  };
  return {
    module: OtlpModule,
    imports: [tracking],
    controllers: [OtlpController],
    providers: [OtlpService, OtlpRunsRepository, quietRuns],
  };
}

/** Reads bodies of protocol buffers whole; they are bounded as all bodies are. */
export function acceptProtobuf(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addContentTypeParser(PROTOBUF, { parseAs: 'buffer' }, (_, body, done) => done(null, body));
}
