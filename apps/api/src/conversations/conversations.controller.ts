import { PassThrough } from 'node:stream';
import { answerTo, CurrentUserId, Endpoint, Input } from '@mallo/backend';
import {
  type ChatLine,
  type Conversation,
  type EngineState,
  type RouteInput,
  type RouteOutput,
  conversationRoutes as routes,
  systemRoutes,
} from '@mallo/contracts';
import { Controller, Inject, Req, StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LOG } from '../settings.js';
import { ConversationsService } from './conversations.service.js';
import { IntentParserClient } from './intent-parser.client.js';

@Controller()
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly parser: IntentParserClient,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @Endpoint(routes.list)
  list(@CurrentUserId() userId: string, @Input() { params }: RouteInput<typeof routes.list>): Promise<Conversation[]> {
    return this.conversations.list(userId, params.projectId);
  }

  @Endpoint(routes.create)
  create(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.create>,
  ): Promise<Conversation> {
    return this.conversations.create(userId, params.projectId);
  }

  @Endpoint(routes.get)
  get(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.get>,
  ): Promise<RouteOutput<typeof routes.get>> {
    return this.conversations.get(userId, params.conversationId);
  }

  @Endpoint(routes.send)
  send(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.send>,
  ): Promise<RouteOutput<typeof routes.send>> {
    return this.conversations.send(userId, params.conversationId, body.text, body.clientId);
  }

  @Endpoint(routes.stream)
  async stream(
    @CurrentUserId() userId: string,
    @Input() { params, body }: RouteInput<typeof routes.stream>,
    @Req() request: FastifyRequest,
  ): Promise<StreamableFile> {
    await this.conversations.mayBeSaid(userId, params.conversationId, body.text);
    const lines = new PassThrough();
    const write = (line: ChatLine) => lines.write(`${JSON.stringify(line)}\n`);
    // It goes on when nobody listens any more: what was said is answered, and kept.
    void this.conversations
      .send(userId, params.conversationId, body.text, body.clientId, (sentence) =>
        write({ type: 'sentence', sentence }),
      )
      .then((exchange) => write({ type: 'done', ...exchange }))
      .catch((error: unknown) => {
        write({ type: 'problem', problem: answerTo(error, this.log, request).error.toProblem() });
      })
      .finally(() => lines.end());
    return new StreamableFile(lines, { type: 'application/x-ndjson' });
  }

  @Endpoint(systemRoutes.understanding)
  understanding(): Promise<EngineState> {
    return this.parser.engine();
  }

  @Endpoint(routes.replay)
  replay(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.replay>,
  ): Promise<RouteOutput<typeof routes.replay>> {
    return this.conversations.replay(userId, params.conversationId);
  }

  @Endpoint(routes.confirm)
  confirm(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.confirm>,
  ): Promise<RouteOutput<typeof routes.confirm>> {
    return this.conversations.confirm(userId, params.conversationId, params.messageId);
  }
}
