import { newId } from '@mallo/backend';
import { type Message, MessagePart, ParseContext, ParseResponse } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database, type Tables } from '../database/database.js';
import { Prisma, type Message as Row } from '../generated/prisma/client.js';

export type Said = {
  text: string;
  parts: MessagePart[];
  /** Beside a person's message: what the parser was told. */
  context?: KeptContext;
};

/** What a message was understood with, beside the messages before it, so that it can be understood again. */
export const KeptContext = z.object({
  context: ParseContext.omit({ history: true }),
  /** How many messages of the conversation, from its first, were told as the turns before. */
  turns: z.int(),
  /** What a language model read, as it would not say the same again; null: the grammar does. */
  reading: ParseResponse.pick({ intent: true, origin: true }).nullable(),
});
export type KeptContext = z.infer<typeof KeptContext>;

export function toMessage(row: Row): Message {
  return {
    id: row.id,
    role: row.role === 'user' ? 'user' : 'assistant',
    text: row.text,
    parts: z.array(MessagePart).parse(row.parts),
    createdAt: row.createdAt.toISOString(),
  };
}

/** Waits until nobody else says something in the conversation, and keeps others waiting until the transaction ends. */
export async function lockConversation(tables: Tables, conversationId: string): Promise<void> {
  await tables.$queryRaw`SELECT id FROM mallo.conversations WHERE id = ${conversationId} FOR UPDATE`;
}

/** Adds a message at the end; the conversation must be locked. The same key again would be refused. */
export async function addMessage(
  tables: Tables,
  conversationId: string,
  key: string,
  role: 'user' | 'assistant',
  { text, parts, context }: Said,
): Promise<Message> {
  const last = await tables.message.aggregate({ where: { conversationId }, _max: { position: true } });
  const position = (last._max.position ?? 0) + 1;
  const row = await tables.message.create({
    data: { id: newId('msg'), conversationId, position, role, text, parts, key, context },
  });
  await tables.conversation.update({ where: { id: conversationId }, data: { updatedAt: new Date() } });
  return toMessage(row);
}

/** What was said. */
@Injectable()
export class MessagesRepository {
  constructor(private readonly database: Database) {}

  /** What was said, and what was answered to it. */
  async exchangeOf(messageId: string): Promise<string[]> {
    const { conversationId, position } = await this.database.message.findUniqueOrThrow({ where: { id: messageId } });
    const rows = await this.database.message.findMany({
      where: { conversationId, position: { in: [position, position + 1] } },
      orderBy: { position: 'asc' },
    });
    return rows.map((row) => row.text);
  }

  /** What was said so far, the first first. */
  async all(conversationId: string): Promise<Message[]> {
    const rows = await this.database.message.findMany({ where: { conversationId }, orderBy: { position: 'asc' } });
    return rows.map(toMessage);
  }

  /** By message, what each was understood with. */
  async contexts(conversationId: string): Promise<Map<string, KeptContext>> {
    const rows = await this.database.message.findMany({
      where: { conversationId, context: { not: Prisma.DbNull } },
      select: { id: true, context: true },
    });
    return new Map(rows.map((row) => [row.id, KeptContext.parse(row.context)]));
  }

  /** Lets the assistant say something once, however often it is tried. */
  async append(conversationId: string, key: string, said: Said): Promise<Message> {
    return this.database.$transaction(async (tables) => {
      await lockConversation(tables, conversationId);
      const there = await tables.message.findUnique({ where: { conversationId_key: { conversationId, key } } });
      return there ? toMessage(there) : addMessage(tables, conversationId, key, 'assistant', said);
    });
  }
}
