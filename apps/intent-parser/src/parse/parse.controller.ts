import { Readable } from 'node:stream';
import { Endpoint, Input } from '@mallo/backend';
import {
  type AnswerLine,
  type EngineState,
  type ParseResponse,
  parseRoutes,
  type RouteInput,
  type ZooReading,
} from '@mallo/contracts';
import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readZooQuery } from '../grammar/zoo-query.js';
import { LlmService } from '../llm/llm.service.js';
import { ParseService } from './parse.service.js';

async function* asNdjson(lines: AsyncGenerator<AnswerLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

@Controller()
export class ParseController {
  constructor(
    private readonly parser: ParseService,
    private readonly llm: LlmService,
  ) {}

  @Endpoint(parseRoutes.parse)
  parse(@Input() { body }: RouteInput<typeof parseRoutes.parse>): Promise<ParseResponse> {
    return this.parser.parse(body);
  }

  @Endpoint(parseRoutes.zooQuery)
  zooQuery(@Input() { body }: RouteInput<typeof parseRoutes.zooQuery>): ZooReading {
    return readZooQuery(body.query);
  }

  @Endpoint(parseRoutes.answer)
  answer(
    @Input() { body }: RouteInput<typeof parseRoutes.answer>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const lines = Readable.from(asNdjson(this.llm.answer(body, gone.signal)));
    return new StreamableFile(lines, { type: 'application/x-ndjson; charset=utf-8' });
  }

  @Endpoint(parseRoutes.engine)
  engine(): EngineState {
    return this.llm.state();
  }

  @Endpoint(parseRoutes.health)
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
