import { newId } from '@mallo/backend';
import { type ConfigCard, type Conversation, type Message, TrainingIntent } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { type CardContent, ConfigsService } from '../configs/configs.service.js';
import { Database } from '../database/database.js';
import { Prisma, type Conversation as Row } from '../generated/prisma/client.js';
import { addMessage, lockConversation, type Said, toMessage } from './messages.repository.js';

/** Longer than any list shows; it cuts where its own room ends. */
const TITLE_LENGTH = 120;

export type Reply = Said & {
  /** What is known so far, while the person is being asked; null: nothing is open; undefined: as before. */
  intent: TrainingIntent | null | undefined;
  card: CardContent | null;
};

function toConversation(row: Row): Conversation {
  return {
    id: row.id,
    projectId: row.projectId,
    title: row.title,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

@Injectable()
export class ConversationsRepository {
  constructor(
    private readonly database: Database,
    private readonly configs: ConfigsService,
  ) {}

  async list(projectId: string): Promise<Conversation[]> {
    const rows = await this.database.conversation.findMany({ where: { projectId }, orderBy: { updatedAt: 'desc' } });
    return rows.map(toConversation);
  }

  async create(projectId: string): Promise<Conversation> {
    return toConversation(
      await this.database.conversation.create({ data: { id: newId('cnv'), projectId, title: '' } }),
    );
  }

  async get(id: string): Promise<{ conversation: Conversation; intent: TrainingIntent | null } | null> {
    const row = await this.database.conversation.findUnique({ where: { id } });
    return (
      row && {
        conversation: toConversation(row),
        intent: row.intent === null ? null : TrainingIntent.parse(row.intent),
      }
    );
  }

  /** What was said with this key and what was answered; null when it was not said yet. */
  async exchange(conversationId: string, clientId: string): Promise<Message[] | null> {
    const rows = await this.database.message.findMany({
      where: { conversationId, key: { in: keysOf(clientId) } },
      orderBy: { position: 'asc' },
    });
    return rows.length > 0 ? rows.map(toMessage) : null;
  }

  /** Keeps a message with its answer and the card it led to, all or nothing. */
  async say(
    conversationId: string,
    clientId: string,
    said: Said,
    reply: Reply,
  ): Promise<{ messages: Message[]; configs: ConfigCard[] }> {
    return this.database.$transaction(async (tables) => {
      await lockConversation(tables, conversationId);
      const [key, answered] = keysOf(clientId) as [string, string];
      const message = await addMessage(tables, conversationId, key, 'user', said);
      const card = reply.card && (await this.configs.add(tables, conversationId, message.id, reply.card));
      const parts = card ? [{ type: 'config' as const, configId: card.id }, ...reply.parts] : reply.parts;
      const answer = await addMessage(tables, conversationId, answered, 'assistant', { text: reply.text, parts });
      await tables.conversation.update({
        where: { id: conversationId },
        data: { intent: reply.intent === null ? Prisma.DbNull : reply.intent },
      });
      await tables.conversation.updateMany({
        where: { id: conversationId, title: '' },
        data: { title: [...said.text.replace(/\s+/g, ' ')].slice(0, TITLE_LENGTH).join('') },
      });
      return { messages: [message, answer], configs: card ? [card] : [] };
    });
  }
}

function keysOf(clientId: string): string[] {
  return [`user ${clientId}`, `reply ${clientId}`];
}
