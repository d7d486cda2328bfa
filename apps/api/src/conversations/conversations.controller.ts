import { CurrentUserId, Endpoint, Input } from '@mallo/backend';
import { type Conversation, type RouteInput, type RouteOutput, conversationRoutes as routes } from '@mallo/contracts';
import { Controller } from '@nestjs/common';
import { ConversationsService } from './conversations.service.js';

@Controller()
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

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

  @Endpoint(routes.confirm)
  confirm(
    @CurrentUserId() userId: string,
    @Input() { params }: RouteInput<typeof routes.confirm>,
  ): Promise<RouteOutput<typeof routes.confirm>> {
    return this.conversations.confirm(userId, params.conversationId, params.messageId);
  }
}
