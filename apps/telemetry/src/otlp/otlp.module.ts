import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OtlpController, PROTOBUF } from './otlp.controller.js';
import { OtlpService } from './otlp.service.js';

class OtlpModule {}

/** Metrics of programs that speak OpenTelemetry. */
export function otlpModule(tracking: DynamicModule): DynamicModule {
  return { module: OtlpModule, imports: [tracking], controllers: [OtlpController], providers: [OtlpService] };
}

/** Reads bodies of protocol buffers whole; they are bounded as all bodies are. */
export function acceptProtobuf(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.addContentTypeParser(PROTOBUF, { parseAs: 'buffer' }, (_, body, done) => done(null, body));
}
